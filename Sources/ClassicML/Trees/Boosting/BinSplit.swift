/// What a leaf may become.
struct BoostingLimits: Sendable {
  let maximumLeaves: Int
  let maximumDepth: Int
  let minimumSamplesInLeaf: Int
  /// λ
  let regularization: Double
  let learningRate: Double
}

/// A leaf cut in two at the end of a bin.
struct BinSplit: Sendable {
  /// By how much the loss falls, to the second order, times two.
  let gain: Double
  let feature: Int
  /// The last bin on the left.
  let bin: Int
  let sendsMissingLeft: Bool
  /// The sums on the left.
  let left: SIMD2<Int64>

  /// Below this sum of curvatures, a leaf's value is no more than rounding.
  private static let leastCurvature = 1e-3

  /// The split of a feature with the highest gain G²ₗ/(Hₗ + λ) + G²ᵣ/(Hᵣ + λ) − G²/(H + λ), G and H being the sums of gradients and curvatures (Chen
  /// & Guestrin, "XGBoost", 2016, equation 7). Missing values go to the side where the gain is higher.
  ///
  /// - Parameters:
  ///   - sums: The feature's histogram.
  ///   - bins: How many bins there are, without that of missing values.
  ///   - total: The leaf's sums.
  static func best(
    of sums: UnsafePointer<SIMD2<Int64>>, feature: Int, bins: Int, hasMissing: Bool, total: SIMD2<Int64>,
    _ reader: SumReader, _ limits: BoostingLimits
  ) -> BinSplit? {
    let (gradient, curvature, count) = (reader.gradient(total), reader.curvature(total), reader.count(total))
    let regularization = limits.regularization + 1e-15
    let own = gradient * gradient / (curvature + regularization)
    var (best, bestBin, bestLeft, bestSide) = (0.0, -1, SIMD2<Int64>.zero, false)
    let missing = sums[Int(FeatureBins.missing)]
    for side in hasMissing ? [false, true] : [false] {
      var left = side ? missing : .zero
      // All values on the left, and what is missing on the right, is a split too.
      for bin in 0..<(hasMissing && !side ? bins : bins - 1) {
        let cell = sums[bin]
        if cell[1] == 0 { continue }
        left &+= cell
        let leftCount = reader.count(left)
        if leftCount < limits.minimumSamplesInLeaf { continue }
        if count &- leftCount < limits.minimumSamplesInLeaf { break }
        let leftCurvature = reader.curvature(left)
        let rightCurvature = curvature - leftCurvature
        if leftCurvature < leastCurvature { continue }
        if rightCurvature < leastCurvature { break }
        let leftGradient = reader.gradient(left)
        let rightGradient = gradient - leftGradient
        let gain =
          leftGradient * leftGradient / (leftCurvature + regularization)
          + rightGradient * rightGradient / (rightCurvature + regularization) - own
        if gain > best { (best, bestBin, bestLeft, bestSide) = (gain, bin, left, side) }
      }
    }
    if bestBin < 0 { return nil }
    return BinSplit(gain: best, feature: feature, bin: bestBin, sendsMissingLeft: bestSide, left: bestLeft)
  }
}

/// What sums of ``FixedGradients`` mean.
struct SumReader: Sendable {
  private let gradientUnit: Double
  private let curvatureUnit: Double
  private let countBits: Int64

  init(_ gradientUnit: Double, _ curvatureUnit: Double, _ countBits: Int64) {
    (self.gradientUnit, self.curvatureUnit, self.countBits) = (gradientUnit, curvatureUnit, countBits)
  }

  @inline(__always) func gradient(_ sum: SIMD2<Int64>) -> Double { Double(sum[0]) * gradientUnit }
  @inline(__always) func curvature(_ sum: SIMD2<Int64>) -> Double { Double(sum[1] >> countBits) * curvatureUnit }
  @inline(__always) func count(_ sum: SIMD2<Int64>) -> Int { Int(sum[1] & (1 << countBits - 1)) }
}
