import TensorCore
import TensorIO

/// 1,797 hand-written digits of 8×8 pixels, part of the program itself (see ``DigitsArchive``).
///
/// ```swift
/// let digits = try UCIDigits.load()
/// digits.train.inputs.shape  // → [1437, 1, 8, 8]
/// digits.test.count  // → 360
/// digits.classNames.count  // → 10
/// ```
public enum UCIDigits {
  /// The digits, divided into 1,437 for training and 360 for the test, always the same ones; each part has its share of each
  /// digit.
  ///
  /// Inputs are float32 `[count, 1, 8, 8]` from 0 (paper) to 1 (ink), targets int64 `[count]`.
  ///
  /// - Throws: ``FileError`` or ``GzipError`` if the program was built from a damaged file.
  public static func load() throws -> ImageClassificationData {
    let all = try parse(try DigitsArchive.csv())
    let parts = all.split(counts: [all.count - 360, 360], classes: all.classes, seed: 0)
    return ImageClassificationData(
      train: all.selecting(parts[0].indices), test: all.selecting(parts[1].indices), classNames: digitNames)
  }

  /// Reads lines of 64 pixels from 0 to 16 and the digit.
  static func parse(_ csv: [UInt8]) throws(FileError) -> TensorDataset {
    var pixels: [UInt8] = []
    var digits: [Int] = []
    var line: [UInt8] = []
    var value: UInt8 = 0
    for byte in csv {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9") where value < 10: value = value * 10 + (byte - UInt8(ascii: "0"))
      case UInt8(ascii: ","), UInt8(ascii: "\n"):
        line.append(value)
        value = 0
        if byte == UInt8(ascii: ",") { continue }
        guard line.count == 65, line[..<64].allSatisfy({ $0 <= 16 }), line[64] <= 9 else { throw damaged(digits.count) }
        pixels += line[..<64]
        digits.append(Int(line[64]))
        line.removeAll(keepingCapacity: true)
      default: throw damaged(digits.count)
      }
    }
    guard digits.count == 1797, line.isEmpty else { throw damaged(digits.count) }
    let images = Tensor(pixels, shape: [digits.count, 1, 8, 8]).cast(to: .float32) / 16
    return TensorDataset(inputs: images, targets: Tensor(digits, shape: [digits.count]))
  }

  private static func damaged(_ lines: Int) -> FileError {
    .contents(
      file: "digits.csv", key: nil, expected: "1797 lines of 64 pixels from 0 to 16 and a digit",
      found: "\(lines) of them, and then something else")
  }
}

let digitNames = (0...9).map(String.init)
