import Optimizers
import TensorCore

/// Conjugate gradients for any smooth function: d ← −∇f + β·d, with two vectors to remember. For quadratic functions it is the method of
/// Hestenes & Stiefel, which needs n steps (Nocedal & Wright, "Numerical Optimization", 2006, section 5.2).
///
/// ```swift
/// let f = TestFunction.rosenbrock
/// let found = NonlinearConjugateGradient(.polakRibiere).minimise(f.f, from: f.start)
/// f.distance(from: found.point) < 1e-4  // → true
/// ```
public struct NonlinearConjugateGradient: GradientMinimiser {
  /// How much of the last direction is kept.
  public enum Formula: String, Sendable, Hashable, Codable, CaseIterable {
    /// β = ‖g′‖²/‖g‖² (Fletcher & Reeves, "Function minimization by conjugate gradients", 1964).
    case fletcherReeves
    /// β = max(0, g′·(g′ − g)/‖g‖²) (Polak & Ribière, 1969): begins anew by itself where steps get small.
    case polakRibiere
  }

  public var formula: Formula
  public var stopping: Stopping

  public init(_ formula: Formula = .polakRibiere, stopping: Stopping = Stopping()) {
    (self.formula, self.stopping) = (formula, stopping)
  }

  public func minimise(
    from start: Tensor, recordingPath: Bool, _ f: (Tensor) -> (value: Double, gradient: Tensor)
  ) -> Minimum {
    var last: (place: Place, direction: Tensor, gain: Double)?
    return stopping.descend(
      "NonlinearConjugateGradient", from: start, recordingPath: recordingPath, f
    ) { here, f in
      let g = here.gradient
      let firstLength = min(1, 1 / g.abs().sum().item())
      var (direction, length) = (-g, firstLength)
      if let last {
        let old = last.place.gradient
        let share =
          switch formula {
          case .fletcherReeves: innerProduct(g, g) / innerProduct(old, old)
          case .polakRibiere: max(0, innerProduct(g, g - old) / innerProduct(old, old))
          }
        let conjugate = last.direction * share - g
        let slope = innerProduct(conjugate, g)
        // The step would gain as much as the last one did, if it were as long beside its slope (3.60).
        if slope < 0 { (direction, length) = (conjugate, min(1e3, last.gain / slope)) }
      }
      // A stricter search than for quasi-Newton methods keeps the next direction one of descent.
      let found =
        f.wolfeStep(from: here, along: direction, length: length, rest: 0.1)
        ?? f.wolfeStep(from: here, along: -g, length: firstLength, rest: 0.1)
      guard let found else { return nil }
      last = (here, direction, found.length * innerProduct(g, direction))
      return found.place
    }
  }
}
