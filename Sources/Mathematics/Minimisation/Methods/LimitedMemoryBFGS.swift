import Optimizers
import TensorCore

/// L-BFGS for plain functions: Newton's direction from the last few changes of point and gradient, which costs no more than these
/// vectors, and a step length that fulfils the strong Wolfe conditions. The first choice for smooth functions of many variables.
///
/// Liu & Nocedal, "On the limited memory BFGS method for large scale optimization", 1989; Nocedal & Wright, "Numerical Optimization",
/// 2006, algorithms 7.4 and 7.5. For the parameters of a network there is `LBFGS`.
///
/// ```swift
/// let found = LimitedMemoryBFGS().minimise(from: Tensor([4.0, -2.0], dtype: .float64)) { x in
///   let distance = x - Tensor([1.0, 2.0], dtype: .float64)
///   return (distance.square().sum().item(), distance * 2)
/// }
/// found.point  // ≈ [1.0, 2.0]
/// ```
public struct LimitedMemoryBFGS: GradientMinimiser {
  /// How many changes are kept.
  public var historySize: Int
  public var stopping: Stopping

  /// Stops the program unless at least one change is kept.
  public init(historySize: Int = 10, stopping: Stopping = Stopping()) {
    if historySize < 1 { stop("LimitedMemoryBFGS", "a history of \(historySize)", fix: "keep at least one change") }
    (self.historySize, self.stopping) = (historySize, stopping)
  }

  public func minimise(
    from start: Tensor, recordingPath: Bool, _ f: (Tensor) -> (value: Double, gradient: Tensor)
  ) -> Minimum {
    var memory = LBFGSMemory()
    return stopping.descend("LimitedMemoryBFGS", from: start, recordingPath: recordingPath, f) { here, f in
      // Where nothing is remembered, the first step is no longer than 1; after that, 1 is the length of Newton's step.
      func next() -> Place? {
        let length = memory.isEmpty ? min(1, 1 / here.gradient.abs().sum().item()) : 1
        return f.wolfeStep(from: here, along: memory.direction(against: here.gradient), length: length)?.place
      }
      var found = next()
      if found == nil && !memory.isEmpty {
        memory = LBFGSMemory()
        found = next()
      }
      if let found { memory.remember(from: here, to: found, historySize: historySize) }
      return found
    }
  }
}

extension LBFGSMemory {
  /// Keeps a step, unless its curvature is lost in rounding.
  mutating func remember(from here: Place, to next: Place, historySize: Int) {
    remember(place: next.point - here.point, change: next.gradient - here.gradient, historySize: historySize) {
      $0 > .ulpOfOne * $1
    }
  }
}
