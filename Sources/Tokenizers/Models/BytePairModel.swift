import HeapModule

/// Byte-pair encoding: a piece begins as its characters, and of the pairs of neighbours that have a merge, the earliest learned is merged first (Sennrich,
/// Haddow & Birch, "Neural machine translation of rare words with subword units", 2016).
///
/// ```swift
/// let vocabulary = try Vocabulary(["l", "o", "w", "lo", "low"])
/// let model = try BytePairModel(vocabulary, merges: [("l", "o"), ("lo", "w")])
/// Tokenizer(.bytePairs(model)).tokens(of: "lowlow")  // → ["low", "low"]
/// ```
public struct BytePairModel: Sendable, Hashable {
  public let vocabulary: Vocabulary
  /// The pairs in the order in which they were learned.
  public let merges: [Pair]
  /// What stands for a character that is not there; nil leaves it out.
  public let unknown: String?
  /// Before tokens that do not begin a piece, and behind those that end one.
  public let prefix: String?
  public let suffix: String?
  /// Whether neighbouring unknown characters are one token.
  public let fusesUnknown: Bool
  /// Whether an unknown character becomes its bytes' tokens, `<0xE4>`, where those are there.
  public let hasByteFallback: Bool
  /// Whether a piece that is a token stays one, whatever its merges.
  public let takesWholePieces: Bool
  private let ranks: [Pair.Numbers: (rank: Int, token: Int)]

  /// Two tokens that are merged.
  public struct Pair: Sendable, Hashable {
    public let first: String
    public let second: String

    struct Numbers: Hashable { let first: Int, second: Int }
  }

  /// - Throws: ``TokenizerError`` when the vocabulary lacks a merge's token.
  public init(
    _ vocabulary: Vocabulary, merges: [(String, String)], unknown: String? = nil, prefix: String? = nil,
    suffix: String? = nil, fusesUnknown: Bool = false, hasByteFallback: Bool = false, takesWholePieces: Bool = false
  ) throws(TokenizerError) {
    self.vocabulary = vocabulary
    self.merges = merges.map { Pair(first: $0.0, second: $0.1) }
    (self.unknown, self.prefix, self.suffix) = (unknown, prefix, suffix)
    (self.fusesUnknown, self.hasByteFallback) = (fusesUnknown, hasByteFallback)
    self.takesWholePieces = takesWholePieces
    var ranks: [Pair.Numbers: (rank: Int, token: Int)] = [:]
    let prefixLength = prefix?.unicodeScalars.count ?? 0
    for (rank, (first, second)) in merges.enumerated() {
      let whole = String(Scalars(first.unicodeScalars) + second.unicodeScalars.dropFirst(prefixLength))
      guard let a = vocabulary[first], let b = vocabulary[second], let token = vocabulary[whole] else {
        throw .merge(first, second)
      }
      ranks[Pair.Numbers(first: a, second: b)] = (rank, token)
    }
    self.ranks = ranks
    if let unknown, vocabulary[unknown] == nil { throw .missingToken(unknown) }
  }

  public static func == (a: BytePairModel, b: BytePairModel) -> Bool {
    a.vocabulary == b.vocabulary && a.merges == b.merges && a.unknown == b.unknown && a.prefix == b.prefix
      && a.suffix == b.suffix && a.fusesUnknown == b.fusesUnknown && a.hasByteFallback == b.hasByteFallback
      && a.takesWholePieces == b.takesWholePieces
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(vocabulary)
    hasher.combine(merges.count)
  }

  func tokens(of piece: Scalars) -> [Int] {
    if takesWholePieces, let token = vocabulary[String(piece)] { return [token] }
    return merged(beginning(of: piece))
  }

  /// The tokens of the characters alone.
  private func beginning(of piece: Scalars) -> [Int] {
    let unknownNumber = unknown.flatMap { vocabulary[$0] }
    var tokens: [Int] = []
    var isUnknown = false
    for (place, scalar) in piece.enumerated() {
      var text = String(scalar)
      if place > 0, let prefix { text = prefix + text }
      if place == piece.count - 1, let suffix { text += suffix }
      if let token = vocabulary[text] {
        tokens.append(token)
        isUnknown = false
      } else if hasByteFallback, let bytes = ByteTokens.tokens(of: text, in: vocabulary) {
        tokens += bytes
        isUnknown = false
      } else if let unknownNumber {
        if !(isUnknown && fusesUnknown) { tokens.append(unknownNumber) }
        isUnknown = true
      }
    }
    return tokens
  }

  /// A pair that can be merged, and where.
  private struct Candidate: Comparable {
    let rank: Int
    let place: Int
    let token: Int
    /// The tokens as they were.
    let pair: Pair.Numbers

    static func < (a: Candidate, b: Candidate) -> Bool { (a.rank, a.place) < (b.rank, b.place) }
    static func == (a: Candidate, b: Candidate) -> Bool { (a.rank, a.place) == (b.rank, b.place) }
  }

  private func merged(_ tokens: [Int]) -> [Int] {
    if tokens.count < 2 { return tokens }
    var tokens = tokens
    // A merged token stands in the place of its first part; the other's is passed over from then on.
    var next = Array(1...tokens.count)
    var previous = Array(-1..<(tokens.count - 1))
    var isThere = [Bool](repeating: true, count: tokens.count)
    var queue = Heap<Candidate>()
    func consider(_ place: Int) {
      guard place >= 0, next[place] < tokens.count else { return }
      let pair = Pair.Numbers(first: tokens[place], second: tokens[next[place]])
      guard let merge = ranks[pair] else { return }
      queue.insert(Candidate(rank: merge.rank, place: place, token: merge.token, pair: pair))
    }
    for place in 0..<tokens.count - 1 { consider(place) }
    while let best = queue.popMin() {
      let place = best.place
      guard isThere[place], next[place] < tokens.count,
        best.pair == Pair.Numbers(first: tokens[place], second: tokens[next[place]])
      else { continue }
      let other = next[place]
      tokens[place] = best.token
      isThere[other] = false
      next[place] = next[other]
      if next[other] < tokens.count { previous[next[other]] = place }
      consider(previous[place])
      consider(place)
    }
    return tokens.indices.filter { isThere[$0] }.map { tokens[$0] }
  }
}
