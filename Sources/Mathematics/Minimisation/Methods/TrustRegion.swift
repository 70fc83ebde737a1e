import TensorCore

/// Newton's method within a trust region: the step goes along the dogleg, from the lowest point of the quadratic model along the gradient
/// towards that of the whole model, as far as the model is trusted; how far that is follows from how well it foretold the last value
/// (Powell, "A hybrid method for nonlinear equations", 1970; Nocedal & Wright, "Numerical Optimization", 2006, algorithm 4.1 and section 4.1).
///
/// Where the Hessian is not positive definite, the model's is H + τ·I, as in ``NewtonMethod``.
///
/// ```swift
/// let f = TestFunction.beale
/// f.distance(from: TrustRegion().minimise(f.f, from: f.start).point) < 1e-6  // → true
/// ```
public struct TrustRegion: Minimiser {
  /// How far the model is trusted at first, and at most.
  public var radius: Double
  public var largestRadius: Double
  public var stopping: Stopping

  /// Stops the program unless 0 < radius ≤ largestRadius.
  public init(radius: Double = 1, largestRadius: Double = 1000, stopping: Stopping = Stopping()) {
    if !(radius > 0 && radius <= largestRadius) {
      stop("TrustRegion", "a radius of \(radius) up to \(largestRadius)", fix: "use positive ones in order")
    }
    (self.radius, self.largestRadius, self.stopping) = (radius, largestRadius, stopping)
  }

  public func minimise(_ f: (Tensor) -> Tensor, from start: Tensor, recordingPath: Bool) -> Minimum {
    let n = start.count
    var radius = radius
    func step(_ here: Place, _ objective: Objective) -> Place? {
      let hessian = hessian(of: f, at: here.point).reshaped([n, n])
      guard let model = Model(here.gradient.reshaped([n, 1]), hessian) else { return nil }
      while radius > .ulpOfOne * max(1, here.point.abs().max().item()) {
        let step = model.dogleg(within: radius)
        let place = objective(here.point + step.reshaped(start.shape))
        let promised = model.fall(step)
        let ratio = (here.value - place.value) / promised
        if !(ratio >= 0.25) {
          radius *= 0.25
        } else if ratio > 0.75 && step.norm().item() > 0.99 * radius {
          radius = min(2 * radius, largestRadius)
        }
        if ratio > 1e-4 { return place }
      }
      return nil
    }
    return stopping.descend(
      "TrustRegion", from: start, recordingPath: recordingPath, { taped(f, $0) }, step: step)
  }

  /// m(p) = g·p + ½·pᵀ·B·p with B = H + τ·I positive definite.
  private struct Model {
    let gradient: Tensor
    let hessian: Tensor
    /// Where it is lowest along −g, and altogether: [n, 1].
    let steepest: Tensor
    let newton: Tensor

    init?(_ g: Tensor, _ h: Tensor) {
      guard let factor = NewtonMethod.definiteFactor(h), let half = try? triangularSolve(factor, -g),
        let newton = try? triangularSolve(factor.transposed(), half, upper: true)
      else { return nil }
      (gradient, hessian, self.newton) = (g, matmul(factor, factor.transposed()), newton)
      steepest = g * -(g.square().sum().item() / (g * matmul(hessian, g)).sum().item())
    }

    func fall(_ p: Tensor) -> Double { -((gradient * p).sum() + (p * matmul(hessian, p)).sum() * 0.5).item() }

    func dogleg(within radius: Double) -> Tensor {
      if newton.norm().item() <= radius { return newton }
      let length = steepest.norm().item()
      if length >= radius { return steepest * (radius / length) }
      // ‖p₁ + t·(p₂ − p₁)‖ = radius
      let leg = newton - steepest
      let (a, b) = (leg.square().sum().item(), (leg * steepest).sum().item())
      let t = (-b + (b * b + a * (radius * radius - length * length)).squareRoot()) / a
      return steepest + leg * t
    }
  }
}
