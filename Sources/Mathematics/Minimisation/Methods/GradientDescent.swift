import TensorCore

/// Steps along the negative gradient.
///
/// ```swift
/// let bowl = QuadraticBowl(eigenvalues: [1, 10])
/// let exact = GradientDescent(.exact(hessian: bowl.hessian)).minimise(bowl.f, from: Tensor([1.0, 1.0], dtype: .float64))
/// exact.hasConverged  // → true
/// exact.point.abs().max().item() < 1e-5  // → true
/// ```
public struct GradientDescent: GradientMinimiser {
  /// How far a step goes.
  public enum Step: Sendable {
    /// x ← x − η·∇f(x) (Cauchy, "Méthode générale pour la résolution des systèmes d'équations simultanées", 1847).
    case fixed(rate: Double)
    /// v ← β·v − η·∇f(x), x ← x + v: the heavy ball (Polyak, 1964).
    case momentum(rate: Double, momentum: Double)
    /// v ← β·v − η·∇f(x + β·v), x ← x + v (Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k²)",
    /// 1983). Two evaluations an iteration: one for the step, one for the value at its end.
    case nesterov(rate: Double, momentum: Double)
    /// The first of t, shrink·t, … with f(x − t·∇f) ≤ f(x) − fall·t·‖∇f‖² (Armijo, 1966).
    case backtracking(from: Double = 1, shrink: Double = 0.5, fall: Double = 1e-4)
    /// A length that fulfils the strong Wolfe conditions.
    case wolfe
    /// t = ‖∇f‖²/∇fᵀA∇f, where f is lowest along the gradient if its Hessian is A everywhere, [n, n].
    case exact(hessian: Tensor)
  }

  public var step: Step
  public var stopping: Stopping

  /// Stops the program on rates and lengths that are not positive, and on shares outside of 0..<1.
  public init(_ step: Step = .backtracking(), stopping: Stopping = Stopping(iterations: 10_000)) {
    let isSound =
      switch step {
      case .fixed(let rate): rate > 0
      case .momentum(let rate, let momentum), .nesterov(let rate, let momentum):
        rate > 0 && (0..<1).contains(momentum)
      case .backtracking(let length, let shrink, let fall):
        length > 0 && shrink > 0 && shrink < 1 && fall > 0 && fall < 1
      case .wolfe: true
      case .exact(let hessian): hessian.rank == 2 && hessian.shape[0] == hessian.shape[1]
      }
    if !isSound {
      stop("GradientDescent", "\(step)", fix: "use a positive rate, shares in 0..<1, and a square Hessian")
    }
    (self.step, self.stopping) = (step, stopping)
  }

  public func minimise(
    from start: Tensor, recordingPath: Bool, _ f: (Tensor) -> (value: Double, gradient: Tensor)
  ) -> Minimum {
    var velocity = Tensor.zeros(start.shape, dtype: start.dtype)
    // A step of these may go up, on its way to somewhere lower.
    let mayRise =
      switch step {
      case .fixed, .momentum, .nesterov: true
      case .backtracking, .wolfe, .exact: false
      }
    return stopping.descend(
      "GradientDescent", from: start, recordingPath: recordingPath, comparesValues: !mayRise, f
    ) { here, f in
      let gradient = here.gradient
      switch step {
      case .fixed(let rate): return f(here.point - gradient * rate)
      case .momentum(let rate, let momentum):
        velocity = velocity * momentum - gradient * rate
        return f(here.point + velocity)
      case .nesterov(let rate, let momentum):
        let ahead = velocity * momentum
        velocity = ahead - f(here.point + ahead).gradient * rate
        return f(here.point + velocity)
      case .backtracking(let length, let shrink, let fall):
        return f.armijoStep(from: here, along: -gradient, length: length, shrink: shrink, fall: fall)
      case .wolfe:
        return f.wolfeStep(from: here, along: -gradient, length: min(1, 1 / gradient.abs().sum().item()))?.place
      case .exact(let hessian):
        let g = gradient.flattened()
        let length = dot(g, g).item() / dot(g, matmul(hessian.cast(to: g.dtype), g)).item()
        return f(here.point - gradient * length)
      }
    }
  }
}
