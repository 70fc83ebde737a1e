import Foundation
import TensorCore

/// Every picture at another size, by bilinear interpolation, antialiased.
///
/// ```swift
/// let batch = Batch(inputs: Tensor.ones([1, 3, 8, 8]), targets: Tensor([0]))
/// batch.transformed(by: [Resize(Size2D(4, 6))], seed: 0).inputs.shape  // → [1, 3, 4, 6]
/// ```
public struct Resize: PictureTransform {
  public var size: Size2D
  public init(_ size: Size2D) { self.size = size }

  public func pictures(_ pictures: Tensor, _ random: TransformRandom) -> Tensor {
    PictureBytes.resized(pictures, to: size)
  }
}

/// The middle of every picture. Stops when pictures are smaller.
public struct CenterCrop: PictureTransform {
  public var size: Size2D
  public init(_ size: Size2D) { self.size = size }

  public func pictures(_ x: Tensor, _ random: TransformRandom) -> Tensor {
    requireRoom(for: size, in: x, "CenterCrop")
    let top = Int((Double(x.shape[2] - size.height) / 2).rounded(.toNearestOrEven))
    let left = Int((Double(x.shape[3] - size.width) / 2).rounded(.toNearestOrEven))
    return x[.all, .all, top..<(top + size.height), left..<(left + size.width)]
  }
}

/// A part of every picture at a random place, after `padding` pixels of the value `fill` around it. Stops when padded pictures are smaller.
///
/// ```swift
/// let batch = Batch(inputs: Tensor.ones([2, 3, 32, 32]), targets: Tensor([0, 1]))
/// batch.transformed(by: [RandomCrop(32, padding: 4)], seed: 1).inputs.shape  // → [2, 3, 32, 32]
/// ```
public struct RandomCrop: PictureTransform {
  public var size: Size2D
  public var padding: Int
  public var fill: Double

  public init(_ size: Size2D, padding: Int = 0, fill: Double = 0) {
    (self.size, self.padding, self.fill) = (size, padding, fill)
  }

  public func pictures(_ pictures: Tensor, _ random: TransformRandom) -> Tensor {
    let x =
      padding == 0 ? pictures : pictures.padded([(0, 0), (0, 0), (padding, padding), (padding, padding)], with: fill)
    requireRoom(for: size, in: x, "RandomCrop")
    let draws = random.uniforms(2)
    return PictureBytes.each(x) { row, picture in
      let top = Int(draws[row][0] * Double(x.shape[2] - size.height + 1))
      let left = Int(draws[row][1] * Double(x.shape[3] - size.width + 1))
      return picture[.all, .all, top..<(top + size.height), left..<(left + size.width)]
    }
  }
}

/// A random part of every picture, brought to a size: `scale` is the part's share of the area, `ratio` its width by its height, even on a
/// logarithmic scale. (The crop of "Going deeper with convolutions", Szegedy et al., 2015.)
public struct RandomResizedCrop: PictureTransform {
  public var size: Size2D
  public var scale: ClosedRange<Double>
  public var ratio: ClosedRange<Double>

  public init(
    _ size: Size2D, scale: ClosedRange<Double> = 0.08...1, ratio: ClosedRange<Double> = (3.0 / 4)...(4.0 / 3)
  ) {
    (self.size, self.scale, self.ratio) = (size, scale, ratio)
  }

  public func pictures(_ x: Tensor, _ random: TransformRandom) -> Tensor {
    let draws = random.uniforms(40)
    return PictureBytes.each(x) { row, picture in
      let (rows, columns) =
        RandomBox(draws[row], scale: scale, ratio: ratio)
        .ranges(height: x.shape[2], width: x.shape[3], fitting: true) ?? (0..<x.shape[2], 0..<x.shape[3])
      return PictureBytes.resized(picture[.all, .all, rows, columns], to: size)
    }
  }
}

/// A rectangle somewhere in a picture: up to ten tries of four numbers each.
struct RandomBox {
  private let draws: [Double]
  private let scale: ClosedRange<Double>
  private let ratio: ClosedRange<Double>

  init(_ draws: [Double], scale: ClosedRange<Double>, ratio: ClosedRange<Double>) {
    (self.draws, self.scale, self.ratio) = (draws, scale, ratio)
  }

  /// Its rows and columns; if ten tries are all too large, nil, or with `fitting` the largest in the middle that has such a ratio.
  func ranges(height: Int, width: Int, fitting: Bool) -> (Range<Int>, Range<Int>)? {
    let area = Double(height * width)
    for start in stride(from: 0, to: draws.count, by: 4) {
      let share = area * (scale.lowerBound + (scale.upperBound - scale.lowerBound) * draws[start])
      let (least, most) = (log(ratio.lowerBound), log(ratio.upperBound))
      let aspect = exp(least + (most - least) * draws[start + 1])
      let wide = Int((share * aspect).squareRoot().rounded())
      let tall = Int((share / aspect).squareRoot().rounded())
      guard wide > 0, tall > 0, wide <= width, tall <= height else { continue }
      let top = Int(draws[start + 2] * Double(height - tall + 1))
      let left = Int(draws[start + 3] * Double(width - wide + 1))
      return (top..<(top + tall), left..<(left + wide))
    }
    if !fitting { return nil }
    let own = Double(width) / Double(height)
    let wide = own > ratio.upperBound ? Int((Double(height) * ratio.upperBound).rounded()) : width
    let tall = own < ratio.lowerBound ? Int((Double(width) / ratio.lowerBound).rounded()) : height
    let (top, left) = ((height - tall) / 2, (width - wide) / 2)
    return (top..<(top + tall), left..<(left + wide))
  }
}

private func requireRoom(for size: Size2D, in x: Tensor, _ name: String) {
  if size.height < 1 || size.width < 1 || size.height > x.shape[2] || size.width > x.shape[3] {
    stop(
      name, "\(size.height)×\(size.width) of pictures \(x.shape)",
      fix: "use 1 or more and no more than the pictures have")
  }
}
