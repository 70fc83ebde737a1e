import TensorCore

extension Tensor {
  /// True where a token stands, false where padding does.
  func isToken(padding: Int) -> Tensor { self .!= Double(padding) }

  /// How many tokens stand before the padding, of each row of [batch, length]; an empty row counts as one of a single padding.
  func lengths(padding: Int) -> [Int] {
    isToken(padding: padding).cast(to: .int64).sum(axis: 1).scalars(as: Int.self).map { Swift.max($0, 1) }
  }
}
