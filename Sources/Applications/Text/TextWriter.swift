import Foundation
import Models
import NeuralNetworks
import TensorCore
import TensorIO
import Tokenizers

/// Goes on with texts, a piece after the other: a language model with the tokens that it was trained on.
///
/// ```swift
/// let tokenizer = try Tokenizer.characters(of: ["ab"], specials: [])
/// let model = GPT(GPTConfiguration(layers: 1, heads: 1, width: 4, context: 8, vocabulary: 2))
/// let writer = TextWriter(model, tokenizer: tokenizer)
/// writer.text(after: "a", count: 5).joined().count  // → 5
/// writer.problem(of: "abc") ?? ""  // → expected a text of the model's tokens, found "c"
/// ```
public struct TextWriter {
  public let model: any LanguageModel & Layer
  public let tokenizer: Tokenizer
  /// What is noted in the file.
  public var details: [String: String]

  /// Stops unless the model has a logit for each token.
  public init(_ model: any LanguageModel & Layer, tokenizer: Tokenizer, details: [String: String] = [:]) {
    if let (expected, found) = Self.mismatch(model, tokenizer) {
      stop("TextWriter", found, fix: "pass \(expected)")
    }
    (self.model, self.tokenizer, self.details) = (model, tokenizer, details)
  }

  /// Reads a ``ModelFile``, which has all that is needed.
  ///
  /// - Throws: ``TensorIO/FileError`` when it can't be read or is damaged, is for another task, or its model is none of ``Models/Architecture``.
  public init(contentsOf url: URL) throws(FileError) {
    let file = try ModelFile(contentsOf: url)
    guard case .language(let tokenizer) = file.preparation else {
      throw .contents(file: file.file, key: "task", expected: "\(ModelFile.Task.languageModel)", found: "\(file.task)")
    }
    guard let model = try file.makeModel() as? any LanguageModel & Layer else {
      throw .contents(file: file.file, key: "architecture", expected: "a language model", found: file.model)
    }
    if let (expected, found) = Self.mismatch(model, tokenizer) {
      throw .contents(file: file.file, key: "tokenizer", expected: expected, found: found)
    }
    model.evaluate()
    self.init(model, tokenizer: tokenizer, details: file.details)
  }

  /// GPT-2 as Hugging Face publishes it: a folder with `config.json`, `model.safetensors`, and `tokenizer.json` or `vocab.json` and `merges.txt`.
  ///
  /// - Throws: ``TensorIO/FileError`` for a file that can't be read, or another kind of model;
  ///   ``NeuralNetworks/StateDictionaryError`` with every name that is missing, unexpected or of another shape.
  public init(huggingFace folder: URL) throws {
    let file = folder.appending(path: "tokenizer.json")
    let hasOneFile = FileManager.default.fileExists(atPath: file.path(percentEncoded: false))
    let tokenizer =
      hasOneFile
      ? try Tokenizer(contentsOf: file)
      : try Tokenizer(
        gpt2Vocabulary: folder.appending(path: "vocab.json"), merges: folder.appending(path: "merges.txt"))
    let model = try GPT(huggingFace: folder)
    if let (expected, found) = Self.mismatch(model, tokenizer) {
      throw FileError.contents(
        file: folder.path(percentEncoded: false), key: nil, expected: expected, found: found)
    }
    self.init(model, tokenizer: tokenizer)
  }

  private static func mismatch(
    _ model: any LanguageModel & Layer, _ tokenizer: Tokenizer
  ) -> (expected: String, found: String)? {
    let expected = "a model that makes [1, 1, \(tokenizer.vocabularySize)] of [1, 1], a logit for each token"
    do throws(ShapeError) {
      let shape = try model.outputShape(for: [1, 1])
      // Tables are often longer, for the sake of even sizes.
      let isEnough = shape.rank == 3 && shape[2] >= tokenizer.vocabularySize
      return isEnough ? nil : (expected, "\(model.title), which makes \(shape)")
    } catch {
      return (expected, error.description)
    }
  }

  /// Writes all of it in one file, whole or not at all.
  ///
  /// - Throws: ``TensorIO/FileError``. What stood at `url` is then as it was.
  public func save(to url: URL) throws(FileError) {
    try ModelFile(model, preparation: .language(tokenizer), details: details).write(to: url)
  }

  /// Why the model can't go on from a text; nil where it can.
  public func problem(of prompt: String) -> String? {
    let ids = tokenizer.ids(of: prompt, hasSpecials: false)
    if ids.isEmpty, prompt.isEmpty { return "expected a text to go on from, found none" }
    let known = Set(tokenizer.text(of: ids, skipsSpecials: false).unicodeScalars)
    if case .words = tokenizer.model, let other = prompt.unicodeScalars.first(where: { !known.contains($0) }) {
      return "expected a text of the model's tokens, found \"\(other)\""
    }
    return ids.isEmpty ? "expected a text with tokens, found \"\(prompt)\"" : nil
  }

  /// What follows a text, as it is drawn: each piece is whole characters, and may be empty where a token is a part of one. It ends after
  /// `count` tokens, or at one that ends texts.
  ///
  /// Stops for a text with a ``problem(of:)``.
  public func text(
    after prompt: String, count: Int, sampling: Sampling = Sampling(), using generator: RandomGenerator = .default
  ) -> some Sequence<String> {
    let start = tokens(of: prompt)
    var tokens: any IteratorProtocol<Int> = model.tokens(after: start, sampling: sampling, using: generator)
      .makeIterator()
    let ends = sampling.ends.union(ends)
    var pieces = TextPieces(tokenizer, after: start)
    var left = count
    return AnyIterator {
      guard left > 0, let token = tokens.next(), !ends.contains(token) else { return nil }
      left -= 1
      return pieces.next(token)
    }
  }

  /// The best continuations that a search with so many beams finds, the best first.
  ///
  /// Stops for a text with a ``problem(of:)``.
  public func best(after prompt: String, count: Int, beams: Int = 4, lengthPenalty: Double = 1) -> [String] {
    let start = tokens(of: prompt)
    let found = model.beamSearch(after: start, beams: beams, count: count, lengthPenalty: lengthPenalty, ends: ends)
    return found.map { hypothesis in
      var pieces = TextPieces(tokenizer, after: start)
      return hypothesis.tokens.map { pieces.next($0) }.joined()
    }
  }

  private func tokens(of prompt: String) -> [Int] {
    if let problem = problem(of: prompt) { stop("TextWriter", problem, fix: "pass another text") }
    return tokenizer.ids(of: prompt, hasSpecials: false)
  }

  /// The tokens that end a text, by the names that published models have for them.
  private var ends: Set<Int> { Set(["<|endoftext|>", "</s>"].compactMap { tokenizer.id(of: $0) }) }
}

/// Text from tokens that come one after the other.
private struct TextPieces {
  private let tokenizer: Tokenizer
  /// What was written last, since spaces depend on it, and what waits for the rest of a character.
  private var last: [Int]
  private var waiting: [Int] = []

  init(_ tokenizer: Tokenizer, after start: [Int]) { (self.tokenizer, last) = (tokenizer, start.suffix(1)) }

  mutating func next(_ token: Int) -> String {
    waiting.append(token)
    let (before, all) = (tokenizer.text(of: last), tokenizer.text(of: last + waiting))
    // A character that is not whole yet is shown as U+FFFD at the end. No character has more than four parts.
    if all.unicodeScalars.last == "\u{FFFD}", waiting.count < 4 { return "" }
    (last, waiting) = ([token], [])
    return String(decoding: all.utf8.dropFirst(before.utf8.count), as: UTF8.self)
  }
}
