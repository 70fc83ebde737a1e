import Foundation
import TensorCore

/// `count` operations, drawn for every picture from fourteen, one after the other, all with the same magnitude (Cubuk et al., "RandAugment:
/// practical automated data augmentation with a reduced search space", 2020). Operations, ranges and signs are torchvision's.
///
/// Pictures are uint8. Magnitudes go from 0 (nothing) to 30.
///
/// ```swift
/// let batch = Batch(inputs: Tensor.full([2, 3, 32, 32], 100, dtype: .uint8), targets: Tensor([0, 1]))
/// batch.transformed(by: [RandAugment()], seed: 1).inputs.dtype  // → uint8
/// ```
public struct RandAugment: PictureTransform {
  public var count: Int
  public var magnitude: Int
  public var interpolation: Interpolation

  /// Stops on a magnitude outside 0...30.
  public init(count: Int = 2, magnitude: Int = 9, interpolation: Interpolation = .nearest) {
    guard count >= 0, (0...30).contains(magnitude) else {
      stop("RandAugment", "\(count) operations of magnitude \(magnitude)", fix: "use 0 or more, of 0...30")
    }
    (self.count, self.magnitude, self.interpolation) = (count, magnitude, interpolation)
  }

  /// One of the operations.
  public enum Operation: Sendable, Hashable, CaseIterable {
    case identity, shearX, shearY, translateX, translateY, rotate, brightness, color, contrast, sharpness, posterize,
      solarize, autocontrast, equalize
  }

  public func pictures(_ x: Tensor, _ random: TransformRandom) -> Tensor {
    guard x.dtype == .uint8 else {
      stop("RandAugment", "pictures \(x.dtype) \(x.shape)", fix: "use it before Normalize, on uint8")
    }
    let draws = random.uniforms(2 * count)
    return PictureBytes.each(x) { row, picture in
      (0..<count).reduce(picture) { y, step in
        let operation = Operation.allCases[Int(draws[row][2 * step] * Double(Operation.allCases.count))]
        return apply(operation, to: y, isNegative: draws[row][2 * step + 1] < 0.5)
      }
    }
  }

  /// An operation on pictures uint8 [batch, channels, height, width], with this magnitude; where it has a direction, that or the other.
  public func apply(_ operation: Operation, to x: Tensor, isNegative: Bool = false) -> Tensor {
    let share = Double(magnitude) / 30
    func signed(_ most: Double) -> Double { most * share * (isNegative ? -1 : 1) }
    func map(_ inverse: [Double]) -> Tensor {
      AffineMap.apply([[Double]](repeating: inverse, count: x.shape[0]), to: x, by: interpolation)
    }
    // Sheared along the edges, not around the middle.
    let corner = (x: -Double(x.shape[3]) / 2, y: -Double(x.shape[2]) / 2)
    switch operation {
    case .identity: return x
    case .shearX: return map(AffineMap(shear: (atan(signed(0.3)) * 180 / .pi, 0)).inverse(around: corner))
    case .shearY: return map(AffineMap(shear: (0, atan(signed(0.3)) * 180 / .pi)).inverse(around: corner))
    case .translateX:
      let move = signed(150.0 / 331 * Double(x.shape[3])).rounded(.towardZero)
      return map(AffineMap(translation: (move, 0)).inverse())
    case .translateY:
      let move = signed(150.0 / 331 * Double(x.shape[2])).rounded(.towardZero)
      return map(AffineMap(translation: (0, move)).inverse())
    // torchvision's `rotate` turns the other way round than its `affine`.
    case .rotate: return map(AffineMap(angle: -signed(30)).inverse())
    case .brightness: return ColorAdjustment.brightness(x, by: 1 + signed(0.9))
    case .color: return ColorAdjustment.saturation(x, by: 1 + signed(0.9))
    case .contrast: return ColorAdjustment.contrast(x, by: 1 + signed(0.9))
    case .sharpness: return ColorAdjustment.sharpness(x, by: 1 + signed(0.9))
    case .posterize: return ColorAdjustment.posterized(x, bits: 8 - Int((4 * share).rounded(.toNearestOrEven)))
    case .solarize: return ColorAdjustment.solarized(x, from: 255 * (1 - share))
    case .autocontrast: return ColorAdjustment.autocontrast(x)
    case .equalize: return ColorAdjustment.equalized(x)
    }
  }
}
