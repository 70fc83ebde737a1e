import NotebookDisplay
import TensorCore
import TensorIO

/// Which numbers are black and white in a picture; beyond them it is black or white too, and NaN is magenta.
public enum PictureRange: Sendable, Hashable {
  /// 0 is black, 1 white. Bytes (uint8) go from 0 to 255 instead.
  case unit
  /// The least finite number is black, the greatest white.
  case fitted
  /// The bounds are black and white.
  case from(ClosedRange<Double>)
}

extension Tensor {
  /// The picture of [height, width] or [channels, height, width], or a grid of those of [n, channels, height, width], as
  /// PNG, with ``TensorCore/Tensor/summary`` below it. Channels are 1 (grey), 3 (red, green, blue) or 4 (and opacity).
  ///
  /// - Parameters:
  ///   - range: Which numbers are black and white.
  ///   - pixel: The side of a pixel's square; if nil, such that a small picture is about 200 wide or high.
  ///   - columns: How many pictures of a batch stand in a row; if nil, as many as make the grid about square.
  ///
  /// Stops on other shapes.
  ///
  /// ```swift
  /// let ramp = Tensor([[0.0, 0.5, 1.0]])
  /// ramp.image(pixel: 8).bytes.count > 8  // → true
  /// Tensor.zeros([9, 1, 28, 28]).image().notebookDisplay["image/png"] != nil  // → true
  /// ```
  public func image(range: PictureRange = .unit, pixel: Int? = nil, columns: Int? = nil) -> PNG {
    let isBatch = rank == 4
    let single = rank == 2 ? unsqueezed(0) : self
    guard (2...4).contains(rank), count > 0 else {
      stop(
        "image", "\(shape) is no picture",
        fix: "use [height, width], [channels, height, width] or [n, channels, height, width], of one or more each")
    }
    if let pixel, pixel < 1 { stop("image", "a pixel of \(pixel)", fix: "use one or more") }
    if let columns, columns < 1 { stop("image", "\(columns) columns", fix: "use one or more") }
    return withoutGradients {
      let batch = PictureBatch(isBatch ? self : single.unsqueezed(0), range: range, op: "image")
      let across = Swift.min(columns ?? Int(Double(batch.count).squareRoot().rounded(.up)), batch.count)
      let extent = Swift.max(batch.width, batch.height) * across
      return PNG(batch.png(columns: across, pixel: pixel ?? Swift.max(1, 200 / extent)), caption: summary)
    }
  }
}

/// Pictures as bytes.
struct PictureBatch {
  /// uint8, [n, height, width, channels].
  private let pixels: Tensor
  var count: Int { pixels.shape[0] }
  var height: Int { pixels.shape[1] }
  var width: Int { pixels.shape[2] }
  private var channels: Int { pixels.shape[3] }

  /// Of [n, height, width] or [n, channels, height, width].
  init(_ pictures: Tensor, range: PictureRange, op: String) {
    let pictures = pictures.rank == 3 ? pictures.unsqueezed(1) : pictures
    guard [1, 3, 4].contains(pictures.shape[1]) else {
      stop(
        op, "\(pictures.shape) has \(pictures.shape[1]) channels",
        fix: "use 1, 3 or 4 channels, before height and width: permuted(...) moves them there")
    }
    let values = pictures.detached().cast(to: .float32)
    let isBroken = values.isNaN()
    let (low, high) = PictureBatch.bounds(values, range, isBytes: pictures.dtype == .uint8)
    let shares = high > low ? (values - low) / (high - low) : (values .> low).cast(to: .float32)
    var bytes = (Tensor.where(isBroken, Tensor.zeros(like: shares), shares).clamped(to: 0...1) * 255 + 0.5).cast(
      to: .uint8)
    if isBroken.any().item(Bool.self) { bytes = PictureBatch.marking(isBroken, in: bytes) }
    pixels = bytes.permuted([0, 2, 3, 1]).contiguous()
  }

  private static func bounds(_ values: Tensor, _ range: PictureRange, isBytes: Bool) -> (Double, Double) {
    switch range {
    case .unit: return (0, isBytes ? 255 : 1)
    case .from(let range): return (range.lowerBound, range.upperBound)
    case .fitted:
      let isFinite = values.isFinite()
      let infinity = Tensor.full(values.shape, .infinity)
      let low = Tensor.where(isFinite, values, infinity).min().item()
      let high = Tensor.where(isFinite, values, Tensor.full(values.shape, -.infinity)).max().item()
      return low <= high ? (low, high) : (0, 1)
    }
  }

  /// Magenta where a number was NaN, for which a grey picture takes colours.
  private static func marking(_ isBroken: Tensor, in bytes: Tensor) -> Tensor {
    let shape = bytes.shape
    let channels = Swift.max(3, shape[1])
    let colored = bytes.expanded(to: Shape([shape[0], channels, shape[2], shape[3]]))
    let isMarked = isBroken.any(axes: [1], keepingDimensions: true).expanded(to: colored.shape)
    let magenta = Tensor([255, 0, 255, 255].prefix(channels).map { UInt8($0) }).reshaped([1, channels, 1, 1])
    return Tensor.where(isMarked, magenta.expanded(to: colored.shape), colored)
  }

  /// One picture.
  func png(of index: Int, pixel: Int) -> [UInt8] {
    encoded(pixels[index], pixel)
  }

  /// All of them in rows, with a grey line of one pixel between.
  func png(columns: Int, pixel: Int) -> [UInt8] {
    if count == 1 { return png(of: 0, pixel: pixel) }
    let rows = (count + columns - 1) / columns
    let gap = pixels.padded([(0, rows * columns - count), (0, 1), (0, 1), (0, 0)], with: 128)
    let grid = gap.reshaped([rows, columns, height + 1, width + 1, channels]).permuted([0, 2, 1, 3, 4])
    let whole = grid.reshaped([rows * (height + 1), columns * (width + 1), channels])
    // The last line has nothing to part.
    return encoded(whole[0..<(rows * (height + 1) - 1), 0..<(columns * (width + 1) - 1)], pixel)
  }

  /// Of [height, width, channels], each pixel a square.
  private func encoded(_ picture: Tensor, _ pixel: Int) -> [UInt8] {
    let large = pixel == 1 ? picture : picture.repeatedElements(pixel, axis: 0).repeatedElements(pixel, axis: 1)
    return PictureFile.png(large.permuted([2, 0, 1]))
  }
}
