import Optimizers
import TensorCore

/// BFGS: Newton's direction with an inverse Hessian [n, n] that is learned from the changes of the gradient, and a step length that
/// fulfils the strong Wolfe conditions (Broyden, Fletcher, Goldfarb, Shanno, 1970; Nocedal & Wright, "Numerical Optimization", 2006,
/// algorithm 6.1).
///
/// ```swift
/// let f = TestFunction.rosenbrock
/// f.distance(from: BFGS().minimise(f.f, from: f.start).point) < 1e-5  // → true
/// ```
public struct BFGS: GradientMinimiser {
  public var stopping: Stopping

  public init(stopping: Stopping = Stopping()) { self.stopping = stopping }

  public func minimise(
    from start: Tensor, recordingPath: Bool, _ f: (Tensor) -> (value: Double, gradient: Tensor)
  ) -> Minimum {
    let identity = Tensor.eye(start.count, dtype: start.dtype)
    // H, an estimate of the inverse Hessian; nil where nothing is known.
    var inverse: Tensor?
    return stopping.descend("BFGS", from: start, recordingPath: recordingPath, f) { here, f in
      func next() -> Place? {
        let g = here.gradient.flattened()
        let direction = inverse.map { -matmul($0, g) } ?? -g
        let length = inverse == nil ? min(1, 1 / g.abs().sum().item()) : 1
        return f.wolfeStep(from: here, along: direction.reshaped(start.shape), length: length)?.place
      }
      var found = next()
      if found == nil && inverse != nil {
        inverse = nil
        found = next()
      }
      guard let found else { return nil }
      let (s, y) = ((found.point - here.point).flattened(), (found.gradient - here.gradient).flattened())
      let (curvature, square) = (dot(s, y).item(), dot(y, y).item())
      if curvature > .ulpOfOne * square {
        // H ← (I − ρ·s·yᵀ)·H·(I − ρ·y·sᵀ) + ρ·s·sᵀ, ρ = 1/yᵀs; the first H has the size of the curvature just met.
        let h = inverse ?? identity * (curvature / square)
        let left = identity - outer(s, y) * (1 / curvature)
        inverse = matmul(matmul(left, h), left.transposed()) + outer(s, s) * (1 / curvature)
      }
      return found
    }
  }
}
