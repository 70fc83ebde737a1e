/// How a picture becomes a tensor of bytes; see ``PictureFile``.
///
/// ```swift
/// PictureOptions(colors: .grey).transparency  // → over(255, 255, 255)
/// ```
public struct PictureOptions: Sendable, Hashable {
  /// The channels of the result.
  public enum Colors: Sendable, Hashable {
    /// Red, green, blue: 3 channels; of a grey picture three equal ones.
    case rgb
    /// 1 channel: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601).
    case grey
    /// 1 channel of a grey picture, 3 of all others.
    case asStored
  }

  /// What becomes of pixels that are not opaque.
  public enum Transparency: Sendable, Hashable, CustomStringConvertible {
    /// They lie over this colour: opacity·colour + (1 − opacity)·background.
    case over(red: UInt8, green: UInt8, blue: UInt8)
    /// Opacity is dropped: the colours that stand in the file, even where they are invisible.
    case dropped
    /// A picture that has such pixels is refused.
    case refused

    public static let overWhite = over(red: 255, green: 255, blue: 255)

    public var description: String {
      switch self {
      case .over(let red, let green, let blue): "over(\(red), \(green), \(blue))"
      case .dropped: "dropped"
      case .refused: "refused"
      }
    }
  }

  public var colors: Colors
  public var transparency: Transparency
  /// Whether the picture is turned upright, as a camera has noted in it (Exif 2.3, orientation).
  public var isTurnedUpright: Bool
  /// The most pixels, width × height, to make room for.
  public var pixelLimit: Int

  public init(
    colors: Colors = .rgb, transparency: Transparency = .overWhite, isTurnedUpright: Bool = true,
    pixelLimit: Int = 1 << 27
  ) {
    self.colors = colors
    self.transparency = transparency
    self.isTurnedUpright = isTurnedUpright
    self.pixelLimit = pixelLimit
  }
}
