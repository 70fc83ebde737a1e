import TensorCore

/// The gradients g and curvatures h of the loss for each sample, as whole numbers in fixed point: sums of them are exact in whatever order, so that
/// a node's sums less those of one child are exactly the other's. The first number is g; the second one holds h in its upper bits, and a 1 in its
/// lower ones, which counts samples.
struct FixedGradients {
  typealias Sum = SIMD2<Int64>

  private(set) var values: [Sum]
  private let gradientUnit: Double
  private let curvatureUnit: Double
  private let countBits: Int64

  /// - Parameter curvatures: nil for those that are 1 everywhere.
  init(gradients: Tensor, curvatures: Tensor?) {
    let count = gradients.count
    countBits = Int64(Int.bitWidth - count.leadingZeroBitCount)
    // The largest powers of two by which the sums of all stay below 2⁶² and 2⁶²⁻ᵇⁱᵗˢ.
    func unit(_ largest: Double, bits: Int64) -> Double {
      let bound = max(largest, .leastNormalMagnitude * 0x1p80) * Double(count)
      return Double(sign: .plus, exponent: Int(bits) - Int(bound.exponent) - 1, significand: 1)
    }
    let gradientScale = unit(gradients.abs().max().item(), bits: 62)
    let curvatureScale = unit(curvatures?.max().item() ?? 1, bits: 62 - countBits)
    (gradientUnit, curvatureUnit) = (1 / gradientScale, 1 / curvatureScale)
    let shift = countBits
    values = [Sum](unsafeUninitializedCapacity: count) { values, initialized in
      gradients.withUnsafeBuffer(of: Double.self) { g in
        if let curvatures {
          curvatures.withUnsafeBuffer(of: Double.self) { h in
            for sample in 0..<count {
              values[sample] = Sum(
                Int64(g[sample] * gradientScale), Int64(h[sample] * curvatureScale + 0.5) << shift | 1)
            }
          }
        } else {
          let one = Int64(curvatureScale) << shift | 1
          for sample in 0..<count { values[sample] = Sum(Int64(g[sample] * gradientScale), one) }
        }
      }
      initialized = count
    }
  }

  /// Reads sums as numbers.
  var reader: SumReader { SumReader(gradientUnit, curvatureUnit, countBits) }
}

/// Sums of gradients for each bin of each feature: [features, 256].
enum GradientHistogram {
  static let binsPerFeature = 256

  /// Adds up samples for the features of a group, from zero.
  ///
  /// - Parameters:
  ///   - bins: All samples' bins, `stride` bytes each.
  ///   - gradients: Of the node's samples, one after another.
  ///   - sums: The histogram of the group's first feature.
  static func fill(
    _ sums: UnsafeMutablePointer<SIMD2<Int64>>, _ bins: UnsafePointer<UInt8>, stride: Int, group: Int,
    samples: UnsafePointer<UInt32>, gradients: UnsafePointer<SIMD2<Int64>>, count: Int
  ) {
    sums.initialize(repeating: .zero, count: BinnedSamples.group * binsPerFeature)
    let (first, second, third) = (sums, sums + binsPerFeature, sums + 2 * binsPerFeature)
    let fourth = sums + 3 * binsPerFeature
    let start = UnsafeRawPointer(bins + group * BinnedSamples.group)
    for position in 0..<count {
      let four = (start + Int(samples[position]) &* stride).loadUnaligned(as: UInt32.self)
      let gradient = gradients[position]
      first[Int(four & 255)] &+= gradient
      second[Int(four >> 8 & 255)] &+= gradient
      third[Int(four >> 16 & 255)] &+= gradient
      fourth[Int(four >> 24)] &+= gradient
    }
  }

  /// Takes a child's sums from its parent's, which becomes the other child's.
  static func subtract(_ child: UnsafePointer<SIMD2<Int64>>, from parent: UnsafeMutablePointer<SIMD2<Int64>>) {
    for cell in 0..<(BinnedSamples.group * binsPerFeature) { parent[cell] &-= child[cell] }
  }
}
