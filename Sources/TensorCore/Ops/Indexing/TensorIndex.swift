/// What can stand in a tensor's brackets for one axis (or, for a mask and `.ellipsis`, for several): `x[0]`, `x[1...]`,
/// `x[.all, 2..<5]`, `x[.every(2)]`, `x[.newAxis]`, `x[.ellipsis, -1]`, `x[mask]`, `x[positions]`.
public protocol TensorIndex {
  var index: AnyTensorIndex { get }
}

/// The kinds of index.
public enum AnyTensorIndex: TensorIndex {
  /// One position; the axis disappears. Negative ones count from the end.
  case position(Int)
  /// Positions from `from` (inclusive; nil: the first) to `to` (exclusive; nil: past the last) in steps. A negative
  /// step goes backwards, from the last by default.
  case range(from: Int?, to: Int?, by: Int)
  /// A new axis of size 1.
  case insertedAxis
  /// As many whole axes as are not named otherwise.
  case remainingAxes
  /// Bools: the elements where it is true. Integers: the slices at these positions.
  case tensor(Tensor)

  public var index: AnyTensorIndex { self }
}

extension TensorIndex where Self == AnyTensorIndex {
  /// The whole axis.
  public static var all: AnyTensorIndex { .range(from: nil, to: nil, by: 1) }
  /// Every `step`-th position; −1 reverses the axis.
  public static func every(_ step: Int) -> AnyTensorIndex { .range(from: nil, to: nil, by: step) }
  /// Every `step`-th position of a part of the axis; ends may be left out or negative, as in Python's `from:to:step`.
  public static func slice(from: Int? = nil, to: Int? = nil, by step: Int = 1) -> AnyTensorIndex {
    .range(from: from, to: to, by: step)
  }
  public static var newAxis: AnyTensorIndex { .insertedAxis }
  public static var ellipsis: AnyTensorIndex { .remainingAxes }
}

extension Int: TensorIndex {
  public var index: AnyTensorIndex { .position(self) }
}

// In a range, a negative end counts from the axis' end, as a negative position does: `x[1 ..< -1]` would trap in
// Swift before it gets here, so write `.slice(from: 1, to: -1)`.
extension Range: TensorIndex where Bound == Int {
  public var index: AnyTensorIndex { .range(from: lowerBound, to: upperBound, by: 1) }
}

extension ClosedRange: TensorIndex where Bound == Int {
  public var index: AnyTensorIndex { .range(from: lowerBound, to: upperBound == -1 ? nil : upperBound + 1, by: 1) }
}

extension PartialRangeFrom: TensorIndex where Bound == Int {
  public var index: AnyTensorIndex { .range(from: lowerBound, to: nil, by: 1) }
}

extension PartialRangeUpTo: TensorIndex where Bound == Int {
  public var index: AnyTensorIndex { .range(from: nil, to: upperBound, by: 1) }
}

extension PartialRangeThrough: TensorIndex where Bound == Int {
  public var index: AnyTensorIndex { .range(from: nil, to: upperBound == -1 ? nil : upperBound + 1, by: 1) }
}

extension Tensor: TensorIndex {
  public var index: AnyTensorIndex { .tensor(self) }
}
