import Foundation
import TensorCore
import TensorIO

/// Folders of tiny pictures that are easily told apart: bright above, or bright below.
enum SmallPictures {
  static let classes = ["above", "below"]

  /// A picture of a class, 16×16 in colours, with noise of its own.
  static func picture(_ label: Int, _ number: Int) -> [UInt8] {
    let noise = Tensor.uniform([3, 16, 16], using: RandomGenerator(seed: UInt64(100 * number + label))) * 100
    var pixels = noise
    pixels[.all, (label == 0 ? 0 : 8)..<(label == 0 ? 8 : 16)] = noise[.all, 0..<8] + 150
    return PictureFile.png(pixels.cast(to: .uint8))
  }

  /// Writes `folder/CLASS/NUMBER.png`.
  static func write(_ folder: URL, numbers: Range<Int>, classes: [String] = classes) throws {
    for (label, name) in classes.enumerated() {
      let place = folder.appending(path: name)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for number in numbers {
        try Data(picture(label, number)).write(to: place.appending(path: "\(number).png"))
      }
    }
  }
}
