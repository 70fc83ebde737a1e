import Foundation
import TensorCore
import TensorIO
import Testing

/// A picture that Pillow has written (`scripts/goldens/pictures.py`).
func picture(_ name: String) -> URL {
  URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Goldens/pictures/\(name)")
}

@Suite("A picture file")
struct PictureFileTests {
  private static let decoded = try? SafeTensors(contentsOf: picture("decoded.safetensors")).tensors()
  private static let names = Set((decoded ?? [:]).keys.map { String($0.prefix { $0 != "/" }) }).sorted()

  private func pillow(_ key: String) throws -> Tensor { try #require(Self.decoded?[key]) }

  @Test("is decoded to the bytes that Pillow gives, in colours and in grey", arguments: names)
  func goldens(name: String) throws {
    #expect(same(try PictureFile.read(picture(name)), try pillow("\(name)/rgb")))
    let grey = try PictureFile.read(picture(name), options: PictureOptions(colors: .grey))
    #expect(same(grey, try pillow("\(name)/grey")))
    let stored = try PictureFile.decode(try bytes(picture(name)), options: PictureOptions(colors: .asStored))
    let isGrey = name.contains("grey") || name == "bits.png"
    #expect(same(stored, try pillow("\(name)/\(isGrey ? "grey" : "rgb")")))
  }

  @Test("comes in every kind that the goldens should have")
  func kinds() { #expect(Self.names.count == 27) }

  @Test("is turned upright unless asked otherwise")
  func orientation() throws {
    let asStored = PictureOptions(isTurnedUpright: false)
    let plain = try PictureFile.read(picture("turned-1.png"))
    #expect(plain.shape == [3, 3, 4])
    for number in 1...8 {
      let url = picture("turned-\(number).png")
      #expect(same(try PictureFile.read(url, options: asStored), plain))
      #expect(try PictureFile.read(url).shape == (number < 5 ? [3, 3, 4] : [3, 4, 3]))
    }
    #expect(try PictureFile.read(picture("turned-6.jpg")).shape == [3, 26, 19])
  }

  @Test("that is transparent lies over a colour, loses its opacity, or is refused")
  func transparency() throws {
    let dropped = try PictureFile.read(picture("alpha.png"), options: PictureOptions(transparency: .dropped))
    #expect(same(dropped, try pillow("alpha.png/dropped")))
    let green = PictureOptions(transparency: .over(red: 0, green: 255, blue: 0))
    // Column 0 is all transparent, the last opaque.
    let over = try PictureFile.read(picture("alpha.png"), options: green)
    #expect(over[0..<3, 4, 0].scalars(as: Int.self) == [0, 255, 0])
    #expect(over[0..<3, 4, 25].scalars(as: Int.self) == dropped[0..<3, 4, 25].scalars(as: Int.self))
    let refusing = PictureOptions(transparency: .refused)
    for name in ["alpha.png", "grey-alpha.png", "marked.png"] {
      expectFailure(name, "transparent pixels") { () throws(FileError) in
        _ = try PictureFile.read(picture(name), options: refusing)
      }
    }
    #expect(try PictureFile.read(picture("colour.png"), options: refusing).shape == [3, 19, 26])
  }

  @Test("has no more pixels than the limit, whatever its header says")
  func bombs() throws {
    let size = PictureOptions(pixelLimit: 19 * 26)
    let less = PictureOptions(pixelLimit: 19 * 26 - 1)
    for name in ["colour.jpg", "colour.png"] {
      #expect(try PictureFile.read(picture(name), options: size).shape == [3, 19, 26])
      expectFailure(name, "at most 493 pixels", "26×19") { () throws(FileError) in
        _ = try PictureFile.read(picture(name), options: less)
      }
    }
    // libjpeg takes up to 65,500 each way.
    var huge = try bytes(picture("colour.jpg"))
    let frame = try #require(huge.range(of: [0xff, 0xc0, 0, 17, 8]))
    huge.replaceSubrange(frame.upperBound..<(frame.upperBound + 4), with: [0xff, 0, 0xff, 0])
    expectFailure("pixels", "65280×65280") { () throws(FileError) in _ = try PictureFile.decode(huge) }
  }

  @Test(
    "that ends early, anywhere, is refused", arguments: ["colour.jpg", "progressive.jpg", "colour.png", "palette.png"])
  func truncated(name: String) throws {
    let whole = try bytes(picture(name))
    for length in 0..<whole.count {
      let part = Array(whole[..<length])
      #expect(message { () throws(FileError) in _ = try PictureFile.decode(part) } != nil, "\(length)")
    }
    expectFailure("holiday.jpg", "a whole ") { () throws(FileError) in
      _ = try PictureFile.decode(Array(whole.dropLast(20)), name: "holiday.jpg")
    }
  }

  @Test("of another format is refused by its name")
  func formats() {
    let others: [([UInt8], String)] = [
      (Array("GIF89a".utf8), "a GIF picture"), (Array("BM....".utf8), "a BMP picture"),
      (Array("RIFF....WEBPVP8 ".utf8), "a WebP picture"), (Array("II*\0....".utf8), "a TIFF picture"),
      (Array("....ftypavif".utf8), "a HEIF or AVIF picture"), ([], "an empty file"),
      (Array("<html>".utf8), "the bytes 3c 68 74 6d"), ([7], "the bytes 07"),
    ]
    for (bytes, words) in others {
      expectFailure("a.jpg: expected a JPEG or PNG picture, found \(words)") { () throws(FileError) in
        _ = try PictureFile.decode(bytes, name: "a.jpg")
      }
    }
  }

  @Test("with a damaged pixel is refused by its checksum, or by libjpeg's word")
  func corrupt() throws {
    var png = try bytes(picture("colour.png"))
    png[png.count - 30] ^= 4
    expectFailure("a whole PNG picture") { () throws(FileError) in _ = try PictureFile.decode(png) }
    // A marker in the midst of the picture's data.
    var jpeg = try bytes(picture("full.jpg"))
    jpeg.replaceSubrange((jpeg.count - 60)..<(jpeg.count - 58), with: [0xff, 0xd9])
    expectFailure("a whole JPEG picture") { () throws(FileError) in _ = try PictureFile.decode(jpeg) }
  }
}
