import TensorCore

/// A search along a direction for a step length that fulfils the strong Wolfe conditions (Nocedal & Wright, "Numerical
/// Optimization", 2006, algorithms 3.5 and 3.6): the loss falls by a share of what its slope promises, and the slope's
/// size falls, too.
package struct WolfeSearch {
  /// The function along the direction: f(x + t·d).
  package struct Point {
    /// t
    package var length: Double
    package var loss: Double
    /// The derivative by t: ∇f·d.
    package var slope: Double
    /// ∇f
    package var gradient: Tensor

    package init(length: Double, loss: Double, slope: Double, gradient: Tensor) {
      (self.length, self.loss, self.slope, self.gradient) = (length, loss, slope, gradient)
    }
  }

  let direction: Tensor
  /// Where t = 0.
  let start: Point
  let changeTolerance: Double
  /// The most evaluations after the first.
  let limit: Int
  /// The share of the slope that may be left.
  let rest: Double
  private(set) var evaluations = 0

  package init(direction: Tensor, start: Point, changeTolerance: Double, limit: Int, rest: Double = 0.9) {
    self.direction = direction
    self.start = start
    self.changeTolerance = changeTolerance
    self.limit = limit
    self.rest = rest
  }

  /// The share of the promised fall that is asked for.
  private static let fall = 1e-4

  private func fallsEnough(_ point: Point) -> Bool {
    point.loss <= start.loss + WolfeSearch.fall * point.length * start.slope
  }

  private func isFlatEnough(_ point: Point) -> Bool { abs(point.slope) <= -rest * start.slope }

  /// The best point found, beginning with the given length.
  package mutating func run(from length: Double, _ evaluate: (Double) -> Point) -> Point {
    var (previous, point) = (start, evaluate(length))
    evaluations = 1
    var rounds = 0
    // First go further until a good point lies between two.
    while rounds < limit {
      if !fallsEnough(point) || (rounds > 1 && point.loss >= previous.loss) {
        return zoom(previous, point, rounds, evaluate)
      }
      if isFlatEnough(point) { return point }
      if point.slope >= 0 { return zoom(previous, point, rounds, evaluate) }
      let length = point.length
      let next = WolfeSearch.lowest(
        previous, point, within: (length + 0.01 * (length - previous.length))...(length * 10))
      previous = point
      point = evaluate(next)
      evaluations += 1
      rounds += 1
    }
    return point.loss < start.loss ? point : start
  }

  /// Then make the interval between them smaller.
  private mutating func zoom(
    _ first: Point, _ second: Point, _ rounds: Int, _ evaluate: (Double) -> Point
  ) -> Point {
    let size = direction.abs().max().item()
    var (low, high) = first.loss <= second.loss ? (first, second) : (second, first)
    var (rounds, wasNearAnEnd) = (rounds, false)
    while rounds < limit {
      let (least, most) = (min(low.length, high.length), max(low.length, high.length))
      if (most - least) * size < changeTolerance { break }
      var length = WolfeSearch.lowest(low, high, within: least...most)
      // Near an end nothing would be gained; the second time, stay clear of it.
      let margin = 0.1 * (most - least)
      if min(most - length, length - least) < margin {
        if wasNearAnEnd || length >= most || length <= least {
          length = abs(length - most) < abs(length - least) ? most - margin : least + margin
          wasNearAnEnd = false
        } else {
          wasNearAnEnd = true
        }
      } else {
        wasNearAnEnd = false
      }
      let point = evaluate(length)
      evaluations += 1
      rounds += 1
      if !fallsEnough(point) || point.loss >= low.loss {
        high = point
        if high.loss < low.loss { swap(&low, &high) }
        continue
      }
      if isFlatEnough(point) { return point }
      if point.slope * (high.length - low.length) >= 0 { high = low }
      low = point
    }
    return low
  }

  /// Where the cubic through two points, with their slopes, is lowest (algorithm 3.5's equation 3.59).
  private static func lowest(_ a: Point, _ b: Point, within bounds: ClosedRange<Double>) -> Double {
    let (a, b) = a.length <= b.length ? (a, b) : (b, a)
    let d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.length - b.length)
    let square = d1 * d1 - a.slope * b.slope
    guard square >= 0, square.isFinite else { return (bounds.lowerBound + bounds.upperBound) / 2 }
    let d2 = square.squareRoot()
    let place = b.length - (b.length - a.length) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
    return min(max(place, bounds.lowerBound), bounds.upperBound)
  }
}
