import TensorCore
import Testing

/// How far `found` is from `expected`, relative to the largest expected element or `floor`. Infinite when shapes differ, when one is NaN
/// where the other is not, and for infinities that differ.
func distance(_ found: [Double], _ expected: [Double], floor: Double = 1) -> Double {
  guard found.count == expected.count else { return .infinity }
  let scale = expected.reduce(floor) { $1.isFinite ? max($0, abs($1)) : $0 }
  var largest = 0.0
  for (x, y) in zip(found, expected) where !(x.isNaN && y.isNaN) && x != y {
    let difference = abs(x - y)
    largest = max(largest, difference.isNaN ? .infinity : difference / scale)
  }
  return largest
}

/// Expects equal shapes, and elements that differ by at most `tolerance` times the largest of them; integers and bools exactly.
func expectClose(
  _ found: Tensor, _ expected: Tensor, within tolerance: Double, _ comment: @autoclosure () -> String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard found.shape == expected.shape else {
    Issue.record("\(comment()): shape \(found.shape), expected \(expected.shape)", sourceLocation: sourceLocation)
    return
  }
  let error = distance(found.doubles, expected.doubles)
  let limit = expected.dtype.isFloatingPoint ? tolerance : 0
  if error > limit {
    Issue.record(
      "\(comment()): off by \(error), more than \(limit)\nfound \(found.debugDescription)\nexpected \(expected.debugDescription)",
      sourceLocation: sourceLocation)
  }
}

/// Expects the same dtype, shape and bits.
func expectIdentical(
  _ found: Tensor, _ expected: Tensor, _ comment: @autoclosure () -> String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let same =
    found.shape == expected.shape && found.dtype == expected.dtype
    && found.withUnsafeBytes { a in expected.withUnsafeBytes { b in a.elementsEqual(b) } }
  if !same {
    let places = zip(found.doubles, expected.doubles).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
    Issue.record(
      "\(comment()): \(found.dtype) \(found.shape) differs from \(expected.dtype) \(expected.shape) at \(places.count) places, \(places.prefix(5))",
      sourceLocation: sourceLocation)
  }
}
