import TensorCore

/// Which way up a camera held the sensor: 1 to 8, as the tag 0x0112 of a picture's Exif data has it (CIPA DC-008, 2012). Where there is no
/// such data, or it is damaged, 1: upright.
struct ExifOrientation {
  let number: Int

  init(in bytes: UnsafeRawBufferPointer, format: PictureSignature) {
    let exif: UnsafeRawBufferPointer? =
      switch format {
      case .jpeg: ExifOrientation.segment(ofJPEG: bytes)
      case .png: ExifOrientation.chunk(ofPNG: bytes)
      case .other: nil
      }
    number = exif.flatMap(ExifOrientation.tag) ?? 1
  }

  /// Turned and mirrored so that it is upright. `pixels` is [channels, height, width].
  func upright(_ pixels: Tensor) -> Tensor {
    switch number {
    case 2: pixels.flipped([2])
    case 3: pixels.flipped([1, 2])
    case 4: pixels.flipped([1])
    case 5: pixels.transposed(1, 2).contiguous()
    case 6: pixels.transposed(1, 2).flipped([2]).contiguous()
    case 7: pixels.transposed(1, 2).flipped([1, 2]).contiguous()
    case 8: pixels.transposed(1, 2).flipped([1]).contiguous()
    default: pixels
    }
  }

  /// The contents of the segment APP1 that begins with "Exif".
  private static func segment(ofJPEG bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    var position = 2
    while position + 4 <= bytes.count, bytes[position] == 0xff {
      let marker = bytes[position + 1]
      if marker == 0xff {
        position += 1
        continue
      }
      // Picture data begin, or it ends.
      if marker == 0xda || marker == 0xd9 { return nil }
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      guard length >= 2, position + 2 + length <= bytes.count else { return nil }
      let contents = UnsafeRawBufferPointer(rebasing: bytes[(position + 4)..<(position + 2 + length)])
      if marker == 0xe1, contents.starts(with: Array("Exif\0\0".utf8)) {
        return UnsafeRawBufferPointer(rebasing: contents[6...])
      }
      position += 2 + length
    }
    return nil
  }

  private static func chunk(ofPNG bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    var position = 8
    while position + 12 <= bytes.count {
      let length = (0..<4).reduce(0) { $0 << 8 | Int(bytes[position + $1]) }
      guard length <= bytes.count - position - 12 else { return nil }
      let contents = UnsafeRawBufferPointer(rebasing: bytes[(position + 8)..<(position + 8 + length)])
      if bytes[(position + 4)...].starts(with: Array("eXIf".utf8)) { return contents }
      position += 12 + length
    }
    return nil
  }

  /// The orientation in a TIFF directory.
  private static func tag(in tiff: UnsafeRawBufferPointer) -> Int? {
    let isLittle = tiff.starts(with: Array("II".utf8))
    guard isLittle || tiff.starts(with: Array("MM".utf8)) else { return nil }
    func number(at place: Int, _ size: Int) -> Int? {
      guard place >= 0, place + size <= tiff.count else { return nil }
      return (0..<size).reduce(0) { $0 << 8 | Int(tiff[place + (isLittle ? size - 1 - $1 : $1)]) }
    }
    guard number(at: 2, 2) == 42, let directory = number(at: 4, 4), let count = number(at: directory, 2) else {
      return nil
    }
    for entry in (0..<count).map({ directory + 2 + 12 * $0 }) where number(at: entry, 2) == 0x0112 {
      // One value of the type "short".
      guard number(at: entry + 2, 2) == 3, number(at: entry + 4, 4) == 1 else { return nil }
      return number(at: entry + 8, 2).flatMap { (1...8).contains($0) ? $0 : nil }
    }
    return nil
  }
}
