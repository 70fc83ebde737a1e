import Applications
import DataPipelines
import Foundation
import Models
import NeuralNetworks
import TensorCore
import TensorIO
import Testing
import Tokenizers

@Suite("A text's writer")
struct TextWriterTests {
  private let folder: TemporaryFolder
  private var file: URL { folder.file("writer.safetensors") }

  init() throws { folder = try TemporaryFolder() }

  private func writer(_ tokenizer: Tokenizer) -> TextWriter {
    let model = GPT(
      GPTConfiguration(layers: 1, heads: 2, width: 8, context: 16, vocabulary: tokenizer.vocabularySize, bias: false),
      using: RandomGenerator(seed: 4))
    return TextWriter(model, tokenizer: tokenizer, details: ["seed": "4"])
  }

  @Test("comes back from its file with its tokens, and writes the same", arguments: [false, true])
  func file(isRecurrent: Bool) throws {
    let tokenizer = try Tokenizer.characters(of: ["häll\u{F6} w\"o\"rld\n"], specials: [])
    var writer = writer(tokenizer)
    if isRecurrent {
      let model = AWDLSTM(
        AWDLSTMConfiguration(vocabulary: tokenizer.vocabularySize, width: 6, hidden: 8, layers: 2),
        using: RandomGenerator(seed: 1))
      writer = TextWriter(model, tokenizer: tokenizer, details: writer.details)
    }
    try writer.save(to: file)
    let read = try TextWriter(contentsOf: file)
    #expect(read.details == ["seed": "4"] && read.tokenizer == tokenizer)
    func text(_ writer: TextWriter) -> String {
      writer.text(after: "hä", count: 40, using: RandomGenerator(seed: 2)).joined()
    }
    #expect(text(read) == text(writer) && text(read).count == 40)
    #expect(try ModelFile(contentsOf: file).task == .languageModel)
    // Any reader of safetensors and of tokenizer.json has all of it.
    let metadata = try SafeTensors(contentsOf: file).metadata
    #expect(try Tokenizer(json: Array(#require(metadata["tokenizer"]).utf8)) == tokenizer)
    #expect(throws: FileError.self) { try PictureClassifier(contentsOf: file) }
  }

  @Test("of a model with too few logits, or of another task, is refused by name")
  func wrong() throws {
    let tokenizer = try Tokenizer.characters(of: ["abc"], specials: [])
    let small = GPT(GPTConfiguration(layers: 1, heads: 1, width: 4, context: 4, vocabulary: 2))
    try ModelFile(small, preparation: .language(tokenizer)).write(to: file)
    let few = #expect(throws: FileError.self) { try TextWriter(contentsOf: file) }
    #expect(few.map { "\($0)" }?.contains("a logit for each token") == true)
    try ModelFile(MLP(sizes: [1, 3]), preparation: .language(tokenizer)).write(to: file)
    let other = #expect(throws: FileError.self) { try TextWriter(contentsOf: file) }
    #expect(other.map { "\($0)" }?.contains("expected a language model, found MLP") == true)
  }

  @Test("says which prompts it can't go on from")
  func prompts() throws {
    let characters = writer(try Tokenizer.characters(of: ["abc\n"], specials: []))
    #expect(characters.problem(of: "ab\n") == nil)
    #expect(characters.problem(of: "axb")?.contains("\"x\"") == true)
    #expect(characters.problem(of: "")?.contains("found none") == true)
    #expect(writer(try Tokenizer.bytePairs(of: ["abc"], size: 256)).problem(of: "日本") == nil)
  }

  @Test("gives whole characters of tokens that are bytes, and in all the text of the tokens")
  func pieces() throws {
    let tokenizer = try Tokenizer.bytePairs(of: ["abc"], size: 257, specials: ["<|endoftext|>"])
    let model = Scripted(
      tokens: tokenizer.ids(of: "日本 🙂é and so on"), vocabulary: tokenizer.vocabularySize,
      end: try #require(tokenizer.id(of: "<|endoftext|>")))
    let writer = TextWriter(model, tokenizer: tokenizer)
    let pieces = Array(writer.text(after: "a", count: 100))
    #expect(pieces.joined() == "日本 🙂é and so on")
    #expect(pieces.prefix(6) == ["", "", "日", "", "", "本"])
    #expect(writer.best(after: "a", count: 100, beams: 2).first == "日本 🙂é and so on")
  }

  @Test("a text that is read from a file names the lines that are no UTF-8")
  func reading() throws {
    let url = folder.file("text.txt")
    try Data(Array("one\ntw".utf8) + [0xFF, 0x0A] + Array("three\n".utf8)).write(to: url)
    let error = #expect(throws: BadInputError.self) { try LanguageReading(url) }
    #expect(error.map { "\($0)" }?.contains("text.txt:2: expected UTF-8") == true)
    let reading = try LanguageReading(url, onBadInput: .skip, training: 0.5)
    #expect(reading.text.train + reading.text.validation == "one\nthree\n")
    #expect(reading.report.skipped.count == 1)
    try Data().write(to: url)
    #expect(throws: FileError.self) { try LanguageReading(url) }
  }
}

/// Says tokens one after the other, and then that the text has ended.
private final class Scripted: Module, Layer, LanguageModel {
  private let tokens: [Int]
  private let vocabulary: Int
  private let end: Int

  init(tokens: [Int], vocabulary: Int, end: Int) {
    (self.tokens, self.vocabulary, self.end) = (tokens, vocabulary, end)
  }

  var context: Int? { nil }

  func read(_ input: Tensor, _ memory: inout Int?) -> Tensor {
    let place = memory ?? 0
    memory = place + 1
    let next = place < tokens.count ? tokens[place] : end
    let row = (0..<vocabulary).map { $0 == next ? 50.0 : 0 }
    return Tensor(Array(repeating: row, count: input.shape[0]).flatMap { $0 }, shape: [input.shape[0], vocabulary])
  }

  func rows(_ rows: [Int], of memory: Int) -> Int { memory }

  func callAsFunction(_ x: Tensor) -> Tensor { Tensor.zeros([x.shape[0], x.shape[1], vocabulary]) }

  func outputShape(for input: Shape) -> Shape { [input[0], input[1], vocabulary] }
}
