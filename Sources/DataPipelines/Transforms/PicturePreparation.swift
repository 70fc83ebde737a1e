import TensorCore
import TensorIO

/// What every picture goes through on its way to a model, at training's end as at inference: grey or colours, a size, and a scale.
///
/// A picture uint8 [channels, height, width] with 1 or 3 channels, of any size, becomes float32 [``channels``, ``size``]: colours turn grey where one
/// channel is wanted (0.299 red + 0.587 green + 0.114 blue, ITU-R BT.601, rounded as Pillow does) and grey is repeated where three are; it is
/// resized such that it covers the size (bilinear, antialiased) and cropped around the centre; bytes are divided by 255, and mean and σ brought to 0
/// and 1. In JSON, it is kept with the model.
///
/// ```swift
/// let preparation = PicturePreparation(size: 2, channels: 1, mean: [0.5], standardDeviation: [0.25])
/// let picture = Tensor([[[255, 0], [0, 255]]], dtype: .uint8)
/// preparation(picture).scalars(as: Int.self)  // → [2, -2, -2, 2]
/// preparation(Tensor.zeros([3, 5, 9], dtype: .uint8)).shape  // → [1, 2, 2]
/// ```
public struct PicturePreparation: Sendable, Hashable {
  public let size: Size2D
  /// 1 (grey) or 3 (red, green, blue).
  public let channels: Int
  /// Of each channel, on the scale from 0 to 1.
  public let mean: [Double]
  public let standardDeviation: [Double]

  /// Stops unless the size is 1 or more, there are 1 or 3 channels, and a mean and a deviation above 0 for each.
  public init(size: Size2D, channels: Int = 3, mean: [Double], standardDeviation: [Double]) {
    if let problem = Self.problem(size, channels, mean, standardDeviation) {
      stop("PicturePreparation", "\(problem.key) is \(problem.found)", fix: "give \(problem.expected)")
    }
    (self.size, self.channels) = (size, channels)
    (self.mean, self.standardDeviation) = (mean, standardDeviation)
  }

  /// With the mean and the deviation of a normalisation, such as ``Normalize/imageNet``.
  public init(size: Size2D, channels: Int = 3, normalization: Normalize) {
    self.init(
      size: size, channels: channels, mean: normalization.mean, standardDeviation: normalization.standardDeviation)
  }

  /// The last step alone: for loaders whose pictures have their size and channels already.
  public var normalization: Normalize { Normalize(mean: mean, standardDeviation: standardDeviation) }

  /// How to read files for this: with their colours, or grey.
  public var options: PictureOptions { PictureOptions(colors: channels == 1 ? .grey : .rgb) }

  /// float32 [channels, height, width] of a picture uint8 [1 or 3, any height, any width] from 0 to 255, or floating-point from 0 to 1. Stops for
  /// another shape.
  public func callAsFunction(_ picture: Tensor) -> Tensor {
    let x = resized(picture).unsqueezed(0)
    return normalization.pictures(x.dtype == .uint8 ? x : x.cast(to: .float32), TransformRandom([]))[0]
  }

  /// All but the last step: the picture with this size and these channels, and its dtype.
  public func resized(_ picture: Tensor) -> Tensor {
    guard picture.rank == 3, [1, 3].contains(picture.shape[0]), picture.count > 0 else {
      stop("PicturePreparation", "a picture \(picture.shape)", fix: "pass [1 or 3 channels, height, width]")
    }
    if picture.dtype != .uint8 && !picture.dtype.isFloatingPoint {
      stop(
        "PicturePreparation", "a picture of \(picture.dtype)", fix: "pass uint8 from 0 to 255, or floats from 0 to 1")
    }
    return PictureBytes.covering(Self.colored(picture, channels), size)
  }

  /// The picture [channels, height, width] with as many channels as it is to have.
  private static func colored(_ picture: Tensor, _ channels: Int) -> Tensor {
    if picture.shape[0] == channels { return picture }
    if channels == 3 { return picture.expanded(to: [3, picture.shape[1], picture.shape[2]]) }
    func sum(_ weights: [Double], _ x: Tensor) -> Tensor {
      x[0..<1] * weights[0] + x[1..<2] * weights[1] + x[2..<3] * weights[2]
    }
    if picture.dtype != .uint8 { return sum([0.299, 0.587, 0.114], picture) }
    // Pillow's weights in units of 2⁻¹⁶; float64 holds the sums exactly.
    let units = sum([19595, 38470, 7471], picture.cast(to: .float64))
    return ((units + 32768) / 65536).floor().cast(to: .uint8)
  }

  fileprivate static func problem(
    _ size: Size2D, _ channels: Int, _ mean: [Double], _ standardDeviation: [Double]
  ) -> (key: String, expected: String, found: String)? {
    let most = 1 << 14
    if !(1...most).contains(size.height) || !(1...most).contains(size.width) {
      return ("size", "a height and a width in 1...\(most)", "\(size)")
    }
    if channels != 1 && channels != 3 { return ("channels", "1 or 3", "\(channels)") }
    if mean.count != channels || !mean.allSatisfy(\.isFinite) { return ("mean", "\(channels) numbers", "\(mean)") }
    if standardDeviation.count != channels || !standardDeviation.allSatisfy({ $0 > 0 && $0.isFinite }) {
      return ("standardDeviation", "\(channels) numbers above 0", "\(standardDeviation)")
    }
    return nil
  }
}

extension PicturePreparation: Codable {
  private enum Field: String, CodingKey { case size, channels, mean, standardDeviation }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Field.self)
    try fields.encode(size, forKey: .size)
    try fields.encode(channels, forKey: .channels)
    try fields.encode(mean, forKey: .mean)
    try fields.encode(standardDeviation, forKey: .standardDeviation)
  }

  /// - Throws: ``TensorIO/FileError`` for values that a preparation can't have.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Field.self)
    size = try fields.decode(Size2D.self, forKey: .size)
    channels = try fields.decode(Int.self, forKey: .channels)
    mean = try fields.decode([Double].self, forKey: .mean)
    standardDeviation = try fields.decode([Double].self, forKey: .standardDeviation)
    if let problem = Self.problem(size, channels, mean, standardDeviation) {
      throw FileError.contents(
        file: "preparation", key: problem.key, expected: problem.expected, found: problem.found)
    }
  }
}
