/// Takes each piece apart from left to right, by the longest token that fits (Schuster & Nakajima, "Japanese and Korean voice search", 2012; BERT's
/// tokeniser). One that does not fit to its end is unknown as a whole.
///
/// ```swift
/// let vocabulary = try Vocabulary(["[UNK]", "play", "##ing", "##s"])
/// let tokenizer = Tokenizer(.wordPieces(try WordPieceModel(vocabulary)), preTokenizer: .bert)
/// tokenizer.tokens(of: "playing plays played")  // → ["play", "##ing", "play", "##s", "[UNK]"]
/// ```
public struct WordPieceModel: Sendable, Hashable {
  public let vocabulary: Vocabulary
  public let unknown: String
  /// Before tokens that do not begin a word.
  public let prefix: String
  /// Longer pieces are unknown.
  public let maximumLength: Int
  private let unknownNumber: Int
  /// The most scalars of a token.
  private let longest: Int

  /// - Throws: ``TokenizerError`` when the vocabulary has no unknown token.
  public init(
    _ vocabulary: Vocabulary, unknown: String = "[UNK]", prefix: String = "##", maximumLength: Int = 100
  ) throws(TokenizerError) {
    guard let number = vocabulary[unknown] else { throw .missingToken(unknown) }
    (self.vocabulary, self.unknown, self.prefix) = (vocabulary, unknown, prefix)
    self.maximumLength = maximumLength
    unknownNumber = number
    longest = vocabulary.all.map { $0.token.unicodeScalars.count }.max() ?? 0
  }

  func tokens(of piece: Scalars) -> [Int] {
    if piece.count > maximumLength { return [unknownNumber] }
    var tokens: [Int] = []
    var start = 0
    while start < piece.count {
      var end = min(piece.count, start + longest)
      var found: Int?
      while end > start {
        let text = String(piece[start..<end])
        found = vocabulary[start == 0 ? text : prefix + text]
        if found != nil { break }
        end -= 1
      }
      guard let found else { return [unknownNumber] }
      tokens.append(found)
      start = end
    }
    return tokens
  }
}
