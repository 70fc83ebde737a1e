/// GPT-2's way to write bytes as characters that can be seen, so that every text has tokens: printable ones of Latin-1 stand for themselves, the others
/// for U+0100 and what follows (Radford et al., 2019, encoder.py). A space is `Ġ`, a line feed `Ċ`.
///
/// ```swift
/// ByteCharacters.encoded("né ")  // → nÃ©Ġ
/// ByteCharacters.decoded("nÃ©Ġ") == "né "  // → true
/// ```
public enum ByteCharacters {
  /// Of each byte.
  static let characters: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (0..<256).map { byte in
      if (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE {
        return Unicode.Scalar(UInt8(byte))
      }
      defer { next += 1 }
      return Unicode.Scalar(next) ?? " "
    }
  }()

  private static let bytes: [Unicode.Scalar: UInt8] = Dictionary(
    uniqueKeysWithValues: characters.enumerated().map { ($1, UInt8($0)) })

  /// A text's UTF-8, a character a byte.
  public static func encoded(_ text: String) -> String { String(encoded(Scalars(text.unicodeScalars))) }

  /// The text of such characters; bytes that are no UTF-8 become U+FFFD, and characters that stand for none stay.
  public static func decoded(_ text: String) -> String {
    String(decoding: text.unicodeScalars.flatMap { bytes[$0].map { [$0] } ?? Array(String($0).utf8) }, as: UTF8.self)
  }

  static func encoded(_ text: Scalars) -> Scalars {
    var result: Scalars = []
    result.reserveCapacity(text.count)
    for scalar in text {
      if scalar.value < 0x80 {
        result.append(characters[Int(scalar.value)])
      } else {
        for byte in String(scalar).utf8 { result.append(characters[Int(byte)]) }
      }
    }
    return result
  }

  /// The bytes of a token; nil if one of its characters stands for none.
  static func bytes(of token: String) -> [UInt8]? {
    var result: [UInt8] = []
    for scalar in token.unicodeScalars {
      guard let byte = bytes[scalar] else { return nil }
      result.append(byte)
    }
    return result
  }
}
