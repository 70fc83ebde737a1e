import Optimizers
import TensorCore

/// The box of points between a lower and an upper bound in each coordinate.
public struct Bounds: Sendable {
  /// Of the point's shape, or one that broadcasts to it; −∞ and ∞ are no bounds.
  public let lower: Tensor
  public let upper: Tensor

  /// Stops the program unless every lower bound is at most its upper one.
  public init(lower: Tensor, upper: Tensor) {
    guard (lower .<= upper).all().item(Bool.self) else {
      stop("Bounds", "a lower bound is above the upper one, or no number", fix: "order the bounds")
    }
    (self.lower, self.upper) = (lower.detached(), upper.detached())
  }

  /// The same two bounds for all coordinates.
  public init(_ range: ClosedRange<Double>) {
    self.init(lower: Tensor(range.lowerBound, dtype: .float64), upper: Tensor(range.upperBound, dtype: .float64))
  }

  /// The nearest point of the box.
  func projected(_ x: Tensor) -> Tensor { Tensor.maximum(Tensor.minimum(x, upper), lower) }

  /// 1 where a coordinate is free to follow −gradient, 0 where it stands at a bound and would leave the box.
  func freedom(_ here: Place) -> Tensor {
    let leavesBelow = (here.point .<= lower) .& (here.gradient .> 0)
    let leavesAbove = (here.point .>= upper) .& (here.gradient .< 0)
    return (.!(leavesBelow .| leavesAbove)).cast(to: here.point.dtype)
  }
}

extension LimitedMemoryBFGS {
  /// Goes down within a box. Coordinates that stand at a bound and would leave it are held; among the others, L-BFGS says the
  /// direction, and a step that would leave the box is brought back to its side (Bertsekas, "Projected Newton methods for optimization
  /// problems with simple constraints", 1982). The start is brought into the box first.
  ///
  /// ```swift
  /// let found = LimitedMemoryBFGS().minimise(from: Tensor([0.5, 0.5], dtype: .float64), within: Bounds(0...1)) { x in
  ///   let distance = x - Tensor([3.0, 0.25], dtype: .float64)
  ///   return (distance.square().sum().item(), distance * 2)
  /// }
  /// found.point  // ≈ [1.0, 0.25]
  /// ```
  public func minimise(
    from start: Tensor, within bounds: Bounds, recordingPath: Bool = false,
    _ f: (Tensor) -> (value: Double, gradient: Tensor)
  ) -> Minimum {
    Stopping.requireFloats("LimitedMemoryBFGS", start)
    let box = Bounds(lower: bounds.lower.cast(to: start.dtype), upper: bounds.upper.cast(to: start.dtype))
    var memory = LBFGSMemory()
    func step(_ here: Place, _ f: Objective) -> Place? {
      let free = box.freedom(here)
      let gradient = here.gradient * free
      func next() -> Place? {
        let part = memory.restricted(to: free)
        let length = part.isEmpty ? min(1, 1 / gradient.abs().sum().item()) : 1
        return f.projectedStep(from: here, along: part.direction(against: gradient), length: length, box)
      }
      var found = next()
      if found == nil && !memory.isEmpty {
        memory = LBFGSMemory()
        found = next()
      }
      if let found { memory.remember(from: here, to: found, historySize: historySize) }
      return found
    }
    return stopping.descend(
      "LimitedMemoryBFGS", from: box.projected(start), recordingPath: recordingPath,
      gradientNorm: { ($0.gradient * box.freedom($0)).abs().max().item() }, f, step: step)
  }
}

extension Objective {
  /// The first place P(x + t·d), t = length, length/2, …, that is lower by a share of what the gradient promises; P projects onto the box.
  fileprivate func projectedStep(
    from here: Place, along direction: Tensor, length: Double, _ bounds: Bounds
  ) -> Place? {
    var length = length
    while here.point.moves(by: direction, length) {
      let point = bounds.projected(here.point + direction * length)
      let promise = innerProduct(here.gradient, point - here.point)
      if promise < 0 {
        let place = self(point)
        if place.value <= here.value + 1e-4 * promise { return place }
      }
      length /= 2
    }
    return nil
  }
}
