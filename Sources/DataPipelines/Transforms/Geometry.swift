import Foundation
import TensorCore

/// Mirrors pictures, each with the given probability.
///
/// ```swift
/// let batch = Batch(inputs: Tensor([[[[1.0, 2.0]]]]), targets: Tensor([0]))
/// batch.transformed(by: [RandomFlip(.horizontal, probability: 1)], seed: 0).inputs  // → [[[[2.0, 1.0]]]]
/// ```
public struct RandomFlip: PictureTransform {
  public enum Direction: Sendable, Hashable {
    /// Left and right change places.
    case horizontal
    /// Top and bottom change places.
    case vertical
  }

  public var direction: Direction
  public var probability: Double

  public init(_ direction: Direction, probability: Double = 0.5) {
    (self.direction, self.probability) = (direction, probability)
  }

  public func pictures(_ x: Tensor, _ random: TransformRandom) -> Tensor {
    let isFlipped = Tensor(random.uniforms(1).map { $0[0] < probability }, shape: [x.shape[0], 1, 1, 1])
    return Tensor.where(isFlipped, x.flipped([direction == .horizontal ? 3 : 2]), x)
  }
}

/// A map of the plane around a picture's centre: it is sheared, turned, scaled and moved, in this order.
///
/// M = T·R(angle)·S(scale)·SHy(shear y)·SHx(shear x), with x to the right and y downwards; the same numbers mean the same in torchvision's
/// `affine`.
public struct AffineMap: Sendable, Hashable {
  /// In degrees, clockwise.
  public var angle = 0.0
  /// In pixels, to the right and down.
  public var translation: (x: Double, y: Double) { (moved[0], moved[1]) }
  public var scale = 1.0
  /// In degrees, of the x and the y axis.
  public var shear: (x: Double, y: Double) { (sheared[0], sheared[1]) }
  private var moved: [Double]
  private var sheared: [Double]

  public init(
    angle: Double = 0, translation: (x: Double, y: Double) = (0, 0), scale: Double = 1,
    shear: (x: Double, y: Double) = (0, 0)
  ) {
    (self.angle, self.scale) = (angle, scale)
    (moved, sheared) = ([translation.x, translation.y], [shear.x, shear.y])
  }

  /// Where a pixel of the result comes from: the upper two rows of M⁻¹, about the point `centre`, which is given from the picture's middle.
  func inverse(around centre: (x: Double, y: Double) = (0, 0)) -> [Double] {
    let (turn, sx, sy) = (angle * .pi / 180, shear.x * .pi / 180, shear.y * .pi / 180)
    let a = cos(turn - sy) / cos(sy)
    let b = -cos(turn - sy) * tan(sx) / cos(sy) - sin(turn)
    let c = sin(turn - sy) / cos(sy)
    let d = -sin(turn - sy) * tan(sx) / cos(sy) + cos(turn)
    let (m0, m1, m3, m4) = (d / scale, -b / scale, -c / scale, a / scale)
    let (x, y) = (-centre.x - translation.x, -centre.y - translation.y)
    return [m0, m1, m0 * x + m1 * y + centre.x, m3, m4, m3 * x + m4 * y + centre.y]
  }

  /// Each picture of [batch, channels, height, width] through its own map; beyond its edges is black.
  ///
  /// ```swift
  /// let x = Tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
  /// AffineMap.apply([AffineMap(translation: (1, 0))], to: x, by: .nearest).flattened()  // → [0.0, 1.0, 0.0, 3.0]
  /// ```
  public static func apply(_ maps: [AffineMap], to x: Tensor, by interpolation: Interpolation = .bilinear) -> Tensor {
    apply(maps.map { $0.inverse() }, to: x, by: interpolation)
  }

  static func apply(_ inverses: [[Double]], to x: Tensor, by interpolation: Interpolation) -> Tensor {
    let (height, width) = (x.shape[2], x.shape[3])
    // Pixels' centres, from the picture's middle.
    let row = (Tensor.range(0, Double(width)) - (Double(width) - 1) / 2).reshaped([1, 1, width])
    let column = (Tensor.range(0, Double(height)) - (Double(height) - 1) / 2).reshaped([1, height, 1])
    func entry(_ place: Int) -> Tensor {
      Tensor(inverses.map { $0[place] }, shape: [inverses.count, 1, 1], dtype: .float32)
    }
    let across = (row * entry(0) + column * entry(1) + entry(2)) / (Double(width) / 2)
    let down = (row * entry(3) + column * entry(4) + entry(5)) / (Double(height) / 2)
    let grid = Tensor.stacked([across, down], axis: 3)
    return PictureBytes.computing(x) { gridSampled($0, at: grid.cast(to: $0.dtype), by: interpolation) }
  }
}

/// Turns, moves, scales and shears every picture by random amounts, even in the given ranges; beyond its edges is black.
///
/// ```swift
/// let batch = Batch(inputs: Tensor.ones([2, 3, 32, 32]), targets: Tensor([0, 1]))
/// let turned = batch.transformed(by: [RandomAffine(degrees: -15...15, translation: 0.1)], seed: 1)
/// turned.inputs[0, 0, 16, 16].item() > 0.99  // → true
/// ```
public struct RandomAffine: PictureTransform {
  public var degrees: ClosedRange<Double>
  /// The most to move, as a share of the width and of the height.
  public var translation: Double
  public var scale: ClosedRange<Double>
  /// In degrees, of the x axis.
  public var shear: ClosedRange<Double>
  public var interpolation: Interpolation

  public init(
    degrees: ClosedRange<Double>, translation: Double = 0, scale: ClosedRange<Double> = 1...1,
    shear: ClosedRange<Double> = 0...0, interpolation: Interpolation = .bilinear
  ) {
    (self.degrees, self.translation, self.scale) = (degrees, translation, scale)
    (self.shear, self.interpolation) = (shear, interpolation)
  }

  public func pictures(_ x: Tensor, _ random: TransformRandom) -> Tensor {
    func value(_ range: ClosedRange<Double>, _ draw: Double) -> Double {
      range.lowerBound + (range.upperBound - range.lowerBound) * draw
    }
    let maps = random.uniforms(5).map { draw in
      AffineMap(
        angle: value(degrees, draw[0]),
        translation: (
          (Double(x.shape[3]) * value(-translation...translation, draw[1])).rounded(),
          (Double(x.shape[2]) * value(-translation...translation, draw[2])).rounded()
        ),
        scale: value(scale, draw[3]), shear: (value(shear, draw[4]), 0))
    }
    return AffineMap.apply(maps, to: x, by: interpolation)
  }
}
