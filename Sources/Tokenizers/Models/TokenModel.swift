/// What takes the pieces of a text apart into tokens.
public enum TokenModel: Sendable, Hashable {
  case words(WordModel)
  case bytePairs(BytePairModel)
  case wordPieces(WordPieceModel)
  case unigrams(UnigramModel)

  public var vocabulary: Vocabulary {
    switch self {
    case .words(let model): model.vocabulary
    case .bytePairs(let model): model.vocabulary
    case .wordPieces(let model): model.vocabulary
    case .unigrams(let model): model.vocabulary
    }
  }

  /// The tokens' numbers of a piece that is not empty.
  func tokens(of piece: Scalars) -> [Int] {
    switch self {
    case .words(let model): model.tokens(of: piece)
    case .bytePairs(let model): model.tokens(of: piece)
    case .wordPieces(let model): model.tokens(of: piece)
    case .unigrams(let model): model.tokens(of: piece)
    }
  }
}

/// Bytes as tokens, `<0x0A>`, for what has no other.
enum ByteTokens {
  static func name(_ byte: UInt8) -> String {
    let digits = Array("0123456789ABCDEF")
    return "<0x\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])>"
  }

  /// The byte that a token stands for; nil for others.
  static func byte(_ token: String) -> UInt8? {
    let text = token.utf8
    guard text.count == 6, token.hasPrefix("<0x"), token.hasSuffix(">") else { return nil }
    return UInt8(token.dropFirst(3).dropLast(), radix: 16)
  }

  /// The tokens of a text's bytes; nil if one is not there.
  static func tokens(of text: String, in vocabulary: Vocabulary) -> [Int]? {
    var tokens: [Int] = []
    for byte in text.utf8 {
      guard let token = vocabulary[name(byte)] else { return nil }
      tokens.append(token)
    }
    return tokens
  }
}
