import Foundation
import TensorIO
import Testing
import Tokenizers

@Suite("A tokeniser's file")
struct TokenizerFileTests {
  private func message(_ json: String) -> String {
    do {
      _ = try Tokenizer(json: Array(json.utf8), file: "t.json")
      return "none"
    } catch {
      return "\(error)"
    }
  }

  private func file(model: String = #"{"type":"WordLevel","vocab":{"a":0},"unk_token":"a"}"#, _ more: String = "")
    -> String
  {
    #"{"model":\#(model)\#(more.isEmpty ? "" : ",")\#(more)}"#
  }

  @Test("that is wrong is told with the place")
  func wrong() {
    #expect(message(file()) == "none")
    #expect(message("{") == "t.json: expected JSON, found something else at byte 1.")
    #expect(message("{}").hasPrefix("t.json, \"model.vocab\": expected an object, found none"))
    #expect(
      message(file(model: #"{"type":"Magic"}"#)).contains(
        "\"model.type\": expected BPE, WordPiece, WordLevel or Unigram, found \"Magic\""))
    #expect(
      message(file(model: #"{"type":"WordLevel","vocab":{"a":"0"}}"#)).contains(
        "\"model.vocab.a\": expected a whole number"))
    #expect(message(file(model: #"{"type":"WordLevel","vocab":{"a":0,"b":0}}"#)).contains("both have the number 0"))
    #expect(
      message(file(model: #"{"type":"BPE","vocab":{"a":0,"b":1},"merges":["a b"]}"#)).contains(
        "The merge of \"a\" and \"b\""))
    #expect(
      message(file(model: #"{"type":"BPE","vocab":{"a":0},"merges":[3]}"#)).contains(
        "\"model.merges[0]\": expected two tokens"))
    #expect(message(file(model: #"{"type":"WordPiece","vocab":{"a":0}}"#)).contains("no token \"[UNK]\""))
    #expect(message(file(model: #"{"type":"Unigram","vocab":[["a",0]],"unk_id":7}"#)).contains("number 7"))
    #expect(
      message(file(#""normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Rot13"}]}"#))
        .contains("\"normalizer.normalizers[1].type\": expected a normaliser"))
    #expect(
      message(file(#""pre_tokenizer":{"type":"Split","pattern":{"Regex":"("},"behavior":"Isolated"}"#)).contains(
        "regular expression"))
    #expect(
      message(file(#""normalizer":{"type":"Precompiled","precompiled_charsmap":"AAAA"}"#)).contains(
        "none of SentencePiece's"))
    #expect(
      message(file(#""added_tokens":[{"content":"x"}]"#)).contains("\"added_tokens[0].id\": expected a whole number"))
  }

  @Test("keeps tokens apart that only differ in how an accent is written")
  func exact() throws {
    let model = #"{"type":"WordLevel","vocab":{"\u00e9":0,"e\u0301":1,"u":2},"unk_token":"u"}"#
    let tokenizer = try Tokenizer(json: Array(file(model: model).utf8))
    #expect(tokenizer.ids(of: "\u{E9}") == [0] && tokenizer.ids(of: "e\u{301}") == [1])
    #expect(tokenizer.model.vocabulary.count == 3)
  }

  @Test("of GPT-2 is two: the vocabulary and the merges")
  func gpt2() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "glassbox-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (vocabulary, merges) = (folder.appending(path: "vocab.json"), folder.appending(path: "merges.txt"))
    let tokens = ["h", "e", "l", "o", "Ġ", "he", "ll", "hell", "hello", "Ġhello", "<|endoftext|>"]
    let numbers = tokens.enumerated().map { "\"\($1)\":\($0)" }.joined(separator: ",")
    try Data("{\(numbers)}".utf8).write(to: vocabulary)
    try Data("#version: 0.2\nh e\nl l\nhe ll\nhell o\nĠ hello\n".utf8).write(to: merges)
    let tokenizer = try Tokenizer(gpt2Vocabulary: vocabulary, merges: merges)
    #expect(tokenizer.ids(of: "hello hello<|endoftext|>hell") == [8, 9, 10, 7])
    #expect(tokenizer.text(of: [8, 9, 10], skipsSpecials: false) == "hello hello<|endoftext|>")
    try Data("h e\nl\n".utf8).write(to: merges)
    let error = #expect(throws: FileError.self) { try Tokenizer(gpt2Vocabulary: vocabulary, merges: merges) }
    #expect("\(try #require(error))".contains("merges.txt, \"line 2\": expected two tokens, found 1"))
  }

  @Test("is written whole or not at all")
  func writing() throws {
    let tokenizer = try Tokenizer.words(of: ["a b"])
    #expect(throws: FileError.self) { try tokenizer.write(to: URL(filePath: "/absent/tokenizer.json")) }
  }
}
