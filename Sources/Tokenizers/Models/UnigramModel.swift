/// Takes each piece apart such that the tokens' probabilities have the greatest product (Kudo, "Subword regularization", 2018, §3.2), by Viterbi's algorithm.
///
/// A character that no token is gets the number of `unknown`, at the lowest score of all less 10; neighbouring ones are one, together with the unknown's
/// own text.
///
/// ```swift
/// let model = try UnigramModel([("<unk>", 0), ("▁", -2), ("hug", -3), ("s", -4), ("hugs", -6.5)], unknown: 0)
/// Tokenizer(.unigrams(model), preTokenizer: .metaspace()).tokens(of: "hugs")  // → ["▁", "hugs"]
/// ```
public struct UnigramModel: Sendable, Hashable {
  public let vocabulary: Vocabulary
  /// The logarithm of each token's probability, by number.
  public let scores: [Double]
  /// The number of what stands for the unknown; nil for none.
  public let unknown: Int?
  /// Whether the unknown becomes its bytes' tokens, `<0xE4>`, where those are there.
  public let hasByteFallback: Bool
  private let unknownScore: Double
  private let trie: ByteTrie

  /// - Throws: ``TokenizerError`` when a token comes twice, or there is none of the unknown's number.
  public init(
    _ tokens: [(String, Double)], unknown: Int?, hasByteFallback: Bool = false
  ) throws(TokenizerError) {
    vocabulary = try Vocabulary(tokens.map(\.0))
    scores = tokens.map(\.1)
    if let unknown, !tokens.indices.contains(unknown) { throw .missingToken("number \(unknown)") }
    (self.unknown, self.hasByteFallback) = (unknown, hasByteFallback)
    unknownScore = (scores.min() ?? 0) - 10
    trie = ByteTrie(tokens.map(\.0))
  }

  public static func == (a: UnigramModel, b: UnigramModel) -> Bool {
    a.vocabulary == b.vocabulary && a.scores == b.scores && a.unknown == b.unknown
      && a.hasByteFallback == b.hasByteFallback
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(vocabulary) }

  func tokens(of piece: Scalars) -> [Int] {
    let bytes = Array(String(piece).utf8)
    // The best way to each place: where its last token begins, and which that is; nil for an unknown one.
    var best = [(score: Double, start: Int, token: Int?)?](repeating: nil, count: bytes.count + 1)
    best[0] = (0, 0, nil)
    var place = 0
    for scalar in piece {
      let length = UTF8.width(scalar)
      let here = best[place]?.score ?? 0
      var isToken = false
      func take(_ end: Int, _ score: Double, _ token: Int?) {
        if best[end].map({ score > $0.score }) ?? true { best[end] = (score, place, token) }
      }
      trie.forEachPrefix(of: bytes[place...]) { count, token in
        take(place + count, scores[token] + here, token)
        if count == length { isToken = true }
      }
      if !isToken { take(place + length, unknownScore + here, nil) }
      place += length
    }
    var path: [(range: Range<Int>, token: Int?)] = []
    var end = bytes.count
    while end > 0, let step = best[end] {
      let token = step.token == unknown ? nil : step.token
      if token == nil, let last = path.last, last.token == nil {
        path[path.count - 1].range = step.start..<last.range.upperBound
      } else {
        path.append((step.start..<end, token))
      }
      end = step.start
    }
    return path.reversed().flatMap { range, token -> [Int] in
      if let token { return [token] }
      let text = String(decoding: bytes[range], as: UTF8.self)
      if let token = vocabulary[text] { return [token] }
      if hasByteFallback, let tokens = ByteTokens.tokens(of: text, in: vocabulary) { return tokens }
      return unknown.map { [$0] } ?? []
    }
  }
}

/// Tokens by their bytes, to find all that a text begins with.
private struct ByteTrie: Sendable {
  /// The children of all nodes, by the node and the byte.
  private var children: [Int: Int] = [:]
  private var tokens: [Int?] = [nil]

  init(_ texts: [String]) {
    for (number, text) in texts.enumerated() {
      var node = 0
      for byte in text.utf8 {
        let key = node << 8 | Int(byte)
        if let child = children[key] {
          node = child
        } else {
          tokens.append(nil)
          node = tokens.count - 1
          children[key] = node
        }
      }
      tokens[node] = number
    }
  }

  /// The shorter first.
  func forEachPrefix(of bytes: ArraySlice<UInt8>, _ body: (_ count: Int, _ token: Int) -> Void) {
    var node = 0
    for (index, byte) in bytes.enumerated() {
      guard let child = children[node << 8 | Int(byte)] else { return }
      node = child
      if let token = tokens[node] { body(index + 1, token) }
    }
  }
}
