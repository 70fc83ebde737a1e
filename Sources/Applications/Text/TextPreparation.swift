import DataPipelines
import TensorCore
import Tokenizers

/// What texts go through on their way to a model, learned from those to learn from.
///
/// ```swift
/// let preparation = try TextPreparation(fitting: ["a good film", "a bad film"], network: .cnn)
/// preparation.ids(of: "A film, good?").count  // → 5
/// preparation.batch(["good", "a bad film"]).shape  // → [2, 3]
/// ```
public struct TextPreparation: Sendable, Hashable, Codable {
  public let tokenizer: Tokenizer
  /// Which words and runs of words count; nil where a text is a sequence of tokens.
  public let ngrams: NgramVocabulary?
  /// The most tokens of a text: its beginning.
  public let maximumLength: Int

  public init(tokenizer: Tokenizer, ngrams: NgramVocabulary? = nil, maximumLength: Int = 400) {
    (self.tokenizer, self.ngrams, self.maximumLength) = (tokenizer, ngrams, maximumLength)
  }

  /// Learns words, and for ``TextNetwork/ngrams`` pairs of words, from texts.
  ///
  /// - Throws: ``Tokenizers/TokenizerError`` for a text that holds the name of a special token.
  public init(fitting texts: [String], network: TextNetwork, recipe: Recipe? = nil) throws(TokenizerError) {
    self = try Self.fitted(to: texts, network: network, recipe: recipe).preparation
  }

  /// The same, with the numbers of these texts.
  static func fitted(
    to texts: [String], network: TextNetwork, recipe: Recipe?
  ) throws(TokenizerError) -> (preparation: TextPreparation, ids: [[Int]]) {
    let recipe = recipe ?? .text(network)
    let isBag = network == .ngrams
    let words = try Tokenizer.words(
      of: texts, size: isBag ? .max : recipe.vocabulary, minimumCount: 2,
      // Reviews come from pages.
      normalizer: .sequence([.replace(.text("<br />"), with: "\n"), .nfc, .lowercase]),
      specials: [Self.unknown, Self.padding])
    let tokens = ParallelMap.map(texts) { words.ids(of: $0) }
    let ngrams =
      isBag
      ? NgramVocabulary(of: tokens, order: recipe.ngramOrder, size: recipe.vocabulary, minimumCount: 2) : nil
    let preparation = TextPreparation(
      tokenizer: words, ngrams: ngrams, maximumLength: isBag ? .max : recipe.maximumLength)
    return (preparation, ParallelMap.map(tokens) { preparation.ids(ofTokens: $0) })
  }

  private static let (unknown, padding) = ("<unk>", "<pad>")

  /// The number that fills texts up.
  public var padding: Int { ngrams == nil ? tokenizer.id(of: Self.padding) ?? tokenizer.padding ?? 0 : 0 }

  /// How many numbers there are.
  public var vocabularySize: Int { ngrams?.count ?? tokenizer.vocabularySize }

  /// What each number stands for: a token, or a run of words with spaces between.
  public var names: [String] {
    guard let ngrams else { return (0..<vocabularySize).map { tokenizer.token($0) ?? "" } }
    return ngrams.ngrams.map { run in run.map { tokenizer.token($0) ?? "" }.joined(separator: " ") }
  }

  /// A text's numbers.
  public func ids(of text: String) -> [Int] { ids(ofTokens: tokenizer.ids(of: text)) }

  private func ids(ofTokens tokens: [Int]) -> [Int] { ngrams?.ids(of: tokens) ?? Array(tokens.prefix(maximumLength)) }

  /// Texts' numbers side by side, int64 [texts, the longest], filled up.
  public func batch(_ texts: [String]) -> Tensor {
    let rows = texts.map { ids(of: $0) }
    let length = max(rows.map(\.count).max() ?? 0, 1)
    let all = rows.flatMap { $0 + Array(repeating: padding, count: length - $0.count) }
    return Tensor(all, shape: [rows.count, length])
  }
}

/// The networks for texts, by short names.
public enum TextNetwork: String, Sendable, Hashable, Codable, CaseIterable {
  /// Which words and pairs of words are there: `NgramClassifier`.
  case ngrams
  /// `TextCNN`
  case cnn
  /// `LSTMClassifier`
  case lstm
}
