import DataPipelines
import Models
import NeuralNetworks
import TensorCore
import TensorIO
import Tokenizers

/// A long text to learn to go on with, as tokens.
///
/// ```swift
/// func write() async throws {
///   let task = try LanguageTask(try await TinyShakespeare.load())
///   let recipe = Recipe.language(.gpt)
///   let learner = recipe.learner(for: task, network: .gpt, seed: 1)
///   learner.callbacks.append(Progress())
///   try recipe.fit(learner)
///   let writer = task.writer(learner.model as! GPT)
///   try writer.save(to: URL(filePath: "shakespeare.safetensors"))
///   for piece in writer.text(after: "ROMEO:", count: 200) { print(piece, terminator: "") }
/// }
/// ```
public struct LanguageTask: Sendable {
  public let tokenizer: Tokenizer
  public let training: [Int]
  public let validation: [Int]
  /// What was left out.
  public let report: InputReport
  /// Of the text.
  public let sha256: String

  /// - Parameter tokenizer: If nil, each character of the text is a token.
  /// - Throws: ``Tokenizers/TokenizerError`` when none can be made of the text.
  public init(
    _ text: LongText, tokenizer: Tokenizer? = nil, report: InputReport = InputReport()
  ) throws(TokenizerError) {
    let own: Tokenizer
    if let tokenizer {
      own = tokenizer
    } else {
      own = try LanguageTokens.characters.tokenizer(of: text)
    }
    self.tokenizer = own
    training = own.ids(of: text.train, hasSpecials: false)
    validation = own.ids(of: text.validation, hasSpecials: false)
    self.report = report
    let hash = SHA256()
    hash.update(Array("\(text.train)\0\(text.validation)".utf8))
    sha256 = hash.finish()
  }

  /// What goes on with texts, with a model that was trained on this one.
  public func writer(_ model: any LanguageModel & Layer, details: [String: String] = [:]) -> TextWriter {
    TextWriter(model, tokenizer: tokenizer, details: details)
  }
}

/// What a long text is taken apart into.
public enum LanguageTokens: String, Sendable, Hashable, Codable, CaseIterable {
  case characters
  /// Pieces that are frequent, of bytes.
  case bytePairs = "byte-pairs"

  /// Learned from a text: all its characters, or the byte pairs of what is to learn from.
  ///
  /// - Parameter vocabulary: How many byte pairs.
  /// - Throws: ``Tokenizers/TokenizerError`` when none can be made of the text.
  public func tokenizer(of text: LongText, vocabulary: Int = 1024) throws(TokenizerError) -> Tokenizer {
    switch self {
    case .characters: try .characters(of: [text.train, text.validation], specials: [])
    case .bytePairs: try .bytePairs(of: [text.train], size: vocabulary)
    }
  }
}
