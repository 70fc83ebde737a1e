extension Tokenizer {
  /// Learns byte pairs from texts, as GPT-2's tokeniser has them: every text has tokens, and `text(of:)` gives it back.
  ///
  /// - Parameters:
  ///   - size: How many tokens, at least 256 and the special ones.
  ///   - minimumCount: How often a pair comes at least to be merged.
  ///   - specials: Tokens that stand for no text; they get the first numbers.
  /// - Throws: ``TokenizerError`` when a special token is a character of ``ByteCharacters``.
  ///
  /// ```swift
  /// let tokenizer = try Tokenizer.bytePairs(of: ["ab ab ab", "ab abc"], size: 259, specials: ["<|endoftext|>"])
  /// tokenizer.tokens(of: "ab abc")  // → ["ab", "Ġab", "c"]
  /// ```
  public static func bytePairs(
    of texts: some Sequence<String>, size: Int, minimumCount: Int = 2, specials: [String] = []
  ) throws(TokenizerError) -> Tokenizer {
    let preTokenizer = PreTokenizer.byteLevel()
    let counts = PieceCounts(of: texts, normalizer: nil, preTokenizer: preTokenizer)
    let trainer = BytePairTrainer(
      size: size, minimumCount: minimumCount, specials: specials, alphabet: Set(ByteCharacters.characters))
    let (tokens, merges) = trainer.train(counts)
    return Tokenizer(
      .bytePairs(try BytePairModel(try Vocabulary(tokens), merges: merges)), preTokenizer: preTokenizer,
      decoder: .byteLevel, added: specials.map { AddedToken($0, isSpecial: true) })
  }

  /// The words of texts by how often they come, and of equally frequent ones by the alphabet; punctuation stands on its own.
  ///
  /// - Parameters:
  ///   - normalizer: What counts as the same: lower case and capitals unless told otherwise.
  ///   - size: The most tokens, special ones included.
  ///   - minimumCount: How often a word comes at least.
  ///   - specials: The first tokens; the first of all stands for the unknown.
  /// - Throws: ``TokenizerError`` when a special token is a word too.
  ///
  /// ```swift
  /// let tokenizer = try Tokenizer.words(of: ["A bird, a fish", "a bird"], size: 5, specials: ["<unk>", "<pad>"])
  /// tokenizer.tokens(of: "A fish, a whale")  // → ["a", "<unk>", ",", "a", "<unk>"]
  /// tokenizer.ids(of: "bird")  // → [3]
  /// ```
  public static func words(
    of texts: some Sequence<String>, size: Int = .max, minimumCount: Int = 1,
    normalizer: Normalizer = .sequence([.nfc, .lowercase]), specials: [String] = ["<unk>", "<pad>"]
  ) throws(TokenizerError) -> Tokenizer {
    try wholePieces(
      of: texts, size, minimumCount, specials, normalizer: normalizer, preTokenizer: .bert, decoder: nil)
  }

  /// The characters of texts, by how often they come.
  ///
  /// - Throws: ``TokenizerError`` when a special token is a character of the texts too.
  ///
  /// ```swift
  /// let tokenizer = try Tokenizer.characters(of: ["hello"], specials: [])
  /// tokenizer.ids(of: "hello")  // → [2, 1, 0, 0, 3]
  /// tokenizer.text(of: [2, 1, 0, 0, 3])  // → hello
  /// ```
  public static func characters(
    of texts: some Sequence<String>, minimumCount: Int = 1, specials: [String] = ["<unk>", "<pad>"]
  ) throws(TokenizerError) -> Tokenizer {
    try wholePieces(
      of: texts, .max, minimumCount, specials, normalizer: nil,
      preTokenizer: .split(try TextPattern(regex: #"[\s\S]"#), .isolated), decoder: .fuse)
  }

  private static func wholePieces(
    of texts: some Sequence<String>, _ size: Int, _ minimumCount: Int, _ specials: [String], normalizer: Normalizer?,
    preTokenizer: PreTokenizer, decoder: TokenDecoder?
  ) throws(TokenizerError) -> Tokenizer {
    let counts = PieceCounts(of: texts, normalizer: normalizer, preTokenizer: preTokenizer).pieces
      .filter { $0.count >= minimumCount }
      .map { (text: String($0.text), count: $0.count) }
      .sorted {
        $0.count != $1.count
          ? $0.count > $1.count : $0.text.unicodeScalars.lexicographicallyPrecedes($1.text.unicodeScalars)
      }
    let room = max(size - specials.count, 0)
    let vocabulary = try Vocabulary(specials + counts.prefix(room).map(\.text))
    return Tokenizer(
      .words(WordModel(vocabulary, unknown: specials.first ?? "")), normalizer: normalizer, preTokenizer: preTokenizer,
      decoder: decoder, added: specials.map { AddedToken($0, isSpecial: true) })
  }
}
