/// Makes text of tokens.
///
/// ```swift
/// TokenDecoder.wordPieces().text(of: ["play", "##ing", "cards", "!"])  // → playing cards!
/// TokenDecoder.byteLevel.text(of: ["Hello", "Ġworld"])  // → Hello world
/// ```
public indirect enum TokenDecoder: Sendable, Hashable {
  /// Characters of bytes (``ByteCharacters``).
  case byteLevel
  /// Joined where a token begins with the prefix; if `cleansUp`, no space before punctuation and English contractions.
  case wordPieces(prefix: String = "##", cleansUp: Bool = true)
  /// The mark as a space, but at the beginning unless it is never added there.
  case metaspace(mark: Unicode.Scalar = "▁", prepend: PreTokenizer.Prepending = .always)
  /// The suffix as a space, but at the end.
  case bytePairs(suffix: String = "</w>")
  /// `<0xE4>` as bytes; those that are no UTF-8 become U+FFFD, one each.
  case byteFallback
  case replace(TextPattern, with: String)
  /// Leaves out up to so many of a character at each token's ends.
  case strip(Unicode.Scalar, start: Int, end: Int)
  /// All tokens as one.
  case fuse
  /// One after the other.
  case sequence([TokenDecoder])

  public func text(of tokens: [String]) -> String { parts(of: tokens).joined() }

  func parts(of tokens: [String]) -> [String] {
    switch self {
    case .byteLevel:
      let bytes = tokens.flatMap { ByteCharacters.bytes(of: $0) ?? Array($0.utf8) }
      return [String(decoding: bytes, as: UTF8.self)]
    case .wordPieces(let prefix, let cleansUp): return Self.joined(tokens, prefix, cleansUp)
    case .metaspace(let mark, let prepend):
      return tokens.enumerated().map { index, token in
        String(
          token.unicodeScalars.compactMap { scalar -> Unicode.Scalar? in
            scalar != mark ? scalar : index == 0 && prepend != .never ? nil : " "
          })
      }
    case .bytePairs(let suffix):
      let pattern = TextPattern.text(suffix)
      return tokens.enumerated().map { index, token in
        Normalizer.replace(pattern, with: index == tokens.count - 1 ? "" : " ").normalized(token)
      }
    case .byteFallback: return Self.withBytesDecoded(tokens)
    case .replace(let pattern, let content):
      return tokens.map { Normalizer.replace(pattern, with: content).normalized($0) }
    case .strip(let scalar, let start, let end):
      return tokens.map { token in
        let scalars = Scalars(token.unicodeScalars)
        let first = scalars.prefix(max(start, 0)).prefix { $0 == scalar }.count
        let rest = scalars.dropFirst(first)
        let last = rest.suffix(max(end, 0)).reversed().prefix { $0 == scalar }.count
        return String(rest.dropLast(last))
      }
    case .fuse: return [tokens.joined()]
    case .sequence(let parts): return parts.reduce(tokens) { $1.parts(of: $0) }
    }
  }

  private static func joined(_ tokens: [String], _ prefix: String, _ cleansUp: Bool) -> [String] {
    let start = Scalars(prefix.unicodeScalars)
    return tokens.enumerated().map { index, token in
      var text = token
      if index > 0 {
        let scalars = Scalars(token.unicodeScalars)
        text = scalars.starts(with: start) ? String(scalars.dropFirst(start.count)) : " " + token
      }
      guard cleansUp else { return text }
      return contractions.reduce(text) { Normalizer.replace(.text($1.0), with: $1.1).normalized($0) }
    }
  }

  private static let contractions = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
    (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ]

  private static func withBytesDecoded(_ tokens: [String]) -> [String] {
    var result: [String] = []
    var bytes: [UInt8] = []
    func flush() {
      if bytes.isEmpty { return }
      result.append(String(validating: bytes, as: UTF8.self) ?? String(repeating: "\u{FFFD}", count: bytes.count))
      bytes = []
    }
    for token in tokens {
      if let byte = ByteTokens.byte(token) {
        bytes.append(byte)
      } else {
        flush()
        result.append(token)
      }
    }
    flush()
    return result
  }
}
