import TensorCore

/// A fitted way to bring numbers to a common scale, and back.
///
/// ```swift
/// let scaler = Scaler.standard(mean: 10, deviation: 2)
/// scaler.scaled([14])  // → [2.0]
/// scaler.unscaled([2])  // → [14.0]
/// ```
public enum Scaler: Sendable, Hashable, Codable {
  case none
  /// (x − mean)/deviation.
  case standard(mean: Double, deviation: Double)
  /// The standard normal's quantile of the share below x; `references` are the training rows' quantiles at equal steps from 0 to 1.
  case quantiles(references: [Double])

  /// Fits to numbers, of which none is missing; those of none scale as they are.
  ///
  /// ```swift
  /// Scaler(.standard, fitting: [1, 3])  // → standard(mean: 2.0, deviation: 1.0)
  /// ```
  public init(_ scaling: PreparationPlan.Scaling, fitting numbers: [Double]) {
    switch scaling {
    case _ where numbers.isEmpty: self = .none
    case .none: self = .none
    case .standard:
      let count = Double(numbers.count)
      let mean = numbers.reduce(0, +) / count
      let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      // Equal numbers leave a variance by rounding alone; scikit-learn bounds it in the same way.
      let rounding = count * 2.2e-16 * variance + (count * mean * 2.2e-16) * (count * mean * 2.2e-16)
      self = .standard(mean: mean, deviation: variance <= rounding ? 1 : variance.squareRoot())
    case .quantiles:
      let sorted = numbers.sorted()
      let steps = min(1000, sorted.count)
      let shares = (0..<steps).map { steps == 1 ? 0 : Double($0) / Double(steps - 1) }
      self = .quantiles(references: shares.map { quantile($0, ofSorted: sorted) })
    }
  }

  /// (x − mean)/deviation, or the normal quantiles; see the cases.
  public func scaled(_ numbers: [Double]) -> [Double] {
    switch self {
    case .none: return numbers
    case .standard(let mean, let deviation): return numbers.map { ($0 - mean) / deviation }
    case .quantiles(let references):
      return Self.normalQuantiles(of: numbers.map { Self.share(below: $0, references) })
    }
  }

  /// The inverse; for quantiles, of what lies within the training rows' range.
  public func unscaled(_ numbers: [Double]) -> [Double] {
    switch self {
    case .none: return numbers
    case .standard(let mean, let deviation): return numbers.map { $0 * deviation + mean }
    case .quantiles(let references):
      if numbers.isEmpty { return [] }
      // Φ(x) = erfc(−x/√2)/2.
      let shares = (Tensor(numbers, dtype: .float64) * -0.5.squareRoot()).erfc() / 2
      return shares.scalars(as: Double.self).map { share in
        if share.isNaN { return .nan }
        return quantile(share < 1e-7 ? 0 : share > 1 - 1e-7 ? 1 : share, ofSorted: references)
      }
    }
  }

  /// Where x stands among the references, from 0 to 1, between two by a straight line. Where several are equal, in their middle: the mean of
  /// the first and the last place (as scikit-learn's QuantileTransformer does).
  package static func share(below x: Double, _ references: [Double]) -> Double {
    let last = references.count - 1
    if x <= references[0] { return 0 }
    if x >= references[last] { return 1 }
    func place(_ isBefore: (Double) -> Bool) -> Int {
      var (low, high) = (0, references.count)
      while low < high {
        let middle = (low + high) / 2
        if isBefore(references[middle]) { low = middle + 1 } else { high = middle }
      }
      return low
    }
    let (from, to) = (place { $0 < x }, place { $0 <= x })
    if from < to { return Double(from + to - 1) / 2 / Double(last) }
    let (below, above) = (references[from - 1], references[from])
    return (Double(from - 1) + (x - below) / (above - below)) / Double(last)
  }

  /// Φ⁻¹(p) = √2·erf⁻¹(2p − 1), with p bounded by 10⁻⁷ from 0 and 1.
  package static func normalQuantiles(of shares: [Double]) -> [Double] {
    if shares.isEmpty { return [] }
    let bounded = Tensor(shares, dtype: .float64).clamped(to: 1e-7...(1 - 1e-7))
    return ((bounded * 2 - 1).erfInverse() * 2.0.squareRoot()).scalars(as: Double.self)
  }
}
