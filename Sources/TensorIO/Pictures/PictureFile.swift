import CPictures
import FoundationEssentials
import TensorCore

/// Reads pictures: JPEG by libjpeg-turbo, PNG by libpng. What a file holds, and not its name, tells which it is.
///
/// The result is uint8 [channels, height, width] from 0 to 255, row 0 at the top. Palettes and fewer than 8 bits are spread to 8; of 16
/// bits the upper 8 count; JPEG's CMYK becomes (1 − ink)·(1 − black). Colour profiles and gamma are left alone. Values are those that
/// Pillow gives. Of an animated PNG it is the first picture.
///
/// ```swift
/// func upright(_ photo: URL) throws -> Tensor { try PictureFile.read(photo, options: PictureOptions(colors: .grey)) }
/// let dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
/// try PictureFile.decode([UInt8](Data(base64Encoded: dot) ?? Data())).scalars(as: Int.self)  // → [255, 0, 0]
/// ```
public enum PictureFile {
  /// Reads a file.
  ///
  /// - Throws: ``FileError`` when it can't be read, is of another format, is damaged or ends too early, has more pixels than
  ///   ``PictureOptions/pixelLimit``, or is transparent where that is refused. Nothing of such a picture is given.
  public static func read(_ url: URL, options: PictureOptions = PictureOptions()) throws(FileError) -> Tensor {
    let file = try FileBytes(mapping: url)
    return try withExtendedLifetime(file) { file throws(FileError) in
      try decode(file.bytes, name: file.name, options)
    }
  }

  /// Reads a file that is in memory already; `name` stands for it in messages.
  ///
  /// - Throws: ``FileError``, as ``read(_:options:)`` does.
  public static func decode(
    _ bytes: [UInt8], name: String = "picture data", options: PictureOptions = PictureOptions()
  ) throws(FileError) -> Tensor {
    try bytes.span.bytes.withUnsafeBytes { bytes throws(FileError) in try decode(bytes, name: name, options) }
  }

  private static func decode(
    _ bytes: UnsafeRawBufferPointer, name: String, _ options: PictureOptions
  ) throws(FileError) -> Tensor {
    let format = PictureSignature(bytes)
    guard let decoder = format.decoder, let base = bytes.bindMemory(to: UInt8.self).baseAddress else {
      throw .contents(file: name, key: nil, expected: "a JPEG or PNG picture", found: format.description)
    }
    var picture = gb_picture()
    func require(_ succeeded: Int32) throws(FileError) {
      if succeeded != 0 { return }
      let words = withUnsafeBytes(of: picture.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      throw .contents(file: name, key: nil, expected: "a whole \(format) picture", found: "\"\(words)\"")
    }
    try require(decoder.header(&picture, base, bytes.count))
    let (width, height) = (Int(picture.width), Int(picture.height))
    guard width * height <= options.pixelLimit else {
      throw .contents(
        file: name, key: nil, expected: "at most \(options.pixelLimit) pixels", found: "\(width)×\(height)")
    }
    try require(decoder.decode(&picture, base, bytes.count))
    defer { gb_picture_free(&picture) }
    let pixels = try planes(of: &picture, name: name, options)
    guard options.isTurnedUpright else { return pixels }
    return ExifOrientation(in: bytes, format: format).upright(pixels)
  }

  private static func planes(
    of picture: inout gb_picture, name: String, _ options: PictureOptions
  ) throws(FileError) -> Tensor {
    if options.transparency == .refused, gb_picture_is_transparent(&picture) != 0 {
      throw .contents(
        file: name, key: nil, expected: "an opaque picture, as the options ask", found: "transparent pixels")
    }
    let isGrey = picture.kind == GB_PICTURE_GREY || picture.kind == GB_PICTURE_GREY_ALPHA
    let channels = options.colors == .grey || options.colors == .asStored && isGrey ? 1 : 3
    var pixels = Tensor.zeros([channels, Int(picture.height), Int(picture.width)], dtype: .uint8)
    pixels.withUnsafeMutableBuffer(of: UInt8.self) { planes in
      guard let planes = planes.baseAddress else { return }
      if case .over(let red, let green, let blue) = options.transparency {
        gb_picture_planes(&picture, Int32(channels), [red, green, blue], planes)
      } else {
        gb_picture_planes(&picture, Int32(channels), nil, planes)
      }
    }
    return pixels
  }
}

/// The formats of pictures, by a file's first bytes.
enum PictureSignature: CustomStringConvertible {
  case jpeg
  case png
  case other(String)

  init(_ bytes: UnsafeRawBufferPointer) {
    let signatures: [(PictureSignature, at: Int, [UInt8])] = [
      (.jpeg, 0, [0xff, 0xd8, 0xff]), (.png, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      (.other("a GIF picture"), 0, Array("GIF8".utf8)), (.other("a BMP picture"), 0, Array("BM".utf8)),
      (.other("a WebP picture"), 8, Array("WEBP".utf8)), (.other("a TIFF picture"), 0, Array("II*\0".utf8)),
      (.other("a TIFF picture"), 0, Array("MM\0*".utf8)), (.other("a HEIF or AVIF picture"), 4, Array("ftyp".utf8)),
    ]
    let known = signatures.first { bytes.dropFirst($0.at).starts(with: $0.2) }?.0
    let start = bytes.prefix(4).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    self = known ?? .other(start.isEmpty ? "an empty file" : "the bytes \(start)")
  }

  typealias Step = (UnsafeMutablePointer<gb_picture>, UnsafePointer<UInt8>, Int) -> Int32

  var decoder: (header: Step, decode: Step)? {
    switch self {
    case .jpeg: (gb_jpeg_header, gb_jpeg_decode)
    case .png: (gb_png_header, gb_png_decode)
    case .other: nil
    }
  }

  var description: String {
    switch self {
    case .jpeg: "JPEG"
    case .png: "PNG"
    case .other(let words): words
    }
  }
}
