import Foundation

/// A table of replacements for characters that SentencePiece has compiled into a double-array trie (Aoe, 1989, in Darts' layout): the `precompiled_charsmap`
/// of models trained by it.
public struct CharacterMap: Sendable, Hashable {
  /// The base64 that it stands in files as.
  let source: String
  private let units: [UInt32]
  /// Replacements, each with a zero behind it.
  private let texts: [UInt8]

  /// - Throws: ``TokenizerError`` when it is none.
  public init(base64 source: String) throws(TokenizerError) {
    guard let data = Data(base64Encoded: source), data.count >= 4 else { throw .characterMap }
    let bytes = [UInt8](data)
    func number(_ place: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) } }
    let size = Int(number(0))
    guard size % 4 == 0, size > 0, 4 + size <= bytes.count else { throw .characterMap }
    units = (0..<size / 4).map { number(4 + 4 * $0) }
    texts = Array(bytes[(4 + size)...])
    self.source = source
  }

  func normalized(_ text: Scalars) -> Scalars {
    var result: Scalars = []
    // Characters as someone reads them are looked up whole, if they are short, and then by their parts.
    for character in String(text) {
      let whole = Array(String(character).utf8)
      if whole.count < 6, let replacement = replacement(of: whole) {
        result += replacement
        continue
      }
      for scalar in character.unicodeScalars {
        if let replacement = replacement(of: Array(String(scalar).utf8)) {
          result += replacement
        } else {
          result.append(scalar)
        }
      }
    }
    return result
  }

  /// That of the shortest beginning which has one.
  private func replacement(of bytes: [UInt8]) -> Scalars? {
    guard let root = units.first else { return nil }
    var position = Self.offset(root)
    for byte in bytes where byte != 0 {
      position ^= Int(byte)
      guard position < units.count, units[position] & 0x8000_00FF == UInt32(byte) else { return nil }
      let unit = units[position]
      position ^= Self.offset(unit)
      guard position < units.count else { return nil }
      if unit >> 8 & 1 == 1 {
        let start = Int(units[position] & 0x7FFF_FFFF)
        guard start < texts.count, let end = texts[start...].firstIndex(of: 0) else { return nil }
        return Scalars(String(decoding: texts[start..<end], as: UTF8.self).unicodeScalars)
      }
    }
    return nil
  }

  private static func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << (Int(unit & 1 << 9) >> 6) }
}
