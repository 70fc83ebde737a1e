/// How the length of a row is measured.
public enum RowNorm: String, Sendable, Hashable, Codable, CaseIterable {
  /// Σ|x|
  case l1
  /// √Σx²
  case l2
  /// max |x|
  case max
}

extension RowNorm {
  /// Brings one row to length 1; a row of zeros stays.
  func normalize(_ values: UnsafeMutableBufferPointer<Double>) {
    var sum = 0.0
    for value in values {
      switch self {
      case .l1: sum += abs(value)
      case .l2: sum += value * value
      case .max: sum = Swift.max(sum, abs(value))
      }
    }
    let length = self == .l2 ? sum.squareRoot() : sum
    if length > 0 { for place in values.indices { values[place] /= length } }
  }
}
