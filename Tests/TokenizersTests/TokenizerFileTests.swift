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
    #expect(message(file(model: #"{"type":"WordLevel","vocab":{"a":0,"a":1}}"#)).contains("has the numbers 0 and 1"))
  }

  @Test("with numbers that no token has is refused", arguments: ["-1", "3000000000", "1.5", "\"0\""])
  func numbers(_ number: String) {
    func template(_ id: String, _ segment: String) -> String {
      #""post_processor":{"type":"TemplateProcessing","pair":[],"#
        + #""single":[{"SpecialToken":{"id":"a","type_id":\#(segment)}}],"#
        + #""special_tokens":{"a":{"id":"a","ids":[\#(id)],"tokens":["a"]}}}"#
    }
    for (json, place) in [
      (file(model: #"{"type":"WordLevel","vocab":{"a":\#(number)}}"#), "model.vocab.a"),
      (file(#""added_tokens":[{"id":\#(number),"content":"x"}]"#), "added_tokens[0].id"),
      (file(template(number, "0")), "post_processor.special_tokens.a.ids[0]"),
      (file(template("0", number)), "post_processor.single[0].SpecialToken.type_id"),
      (file(#""post_processor":{"type":"BertProcessing","cls":["a",\#(number)],"sep":["a",0]}"#), "post_processor.cls"),
      (file(#""padding":{"pad_id":\#(number)}"#), "padding.pad_id"),
      (file(#""truncation":{"max_length":\#(number)}"#), "truncation.max_length"),
      (file(#""decoder":{"type":"Strip","content":" ","start":\#(number),"stop":0}"#), "decoder.start"),
    ] { #expect(message(json).contains("\(place)"), "\(message(json))") }
  }

  @Test("whose template or padding names no token is refused")
  func absent() {
    #expect(
      message(file(#""post_processor":{"type":"BertProcessing","cls":["a",0],"sep":["b",7]}"#)).contains(
        "\"post_processor\": expected tokens that there are, found number 7"))
    #expect(
      message(file(#""padding":{"pad_id":7}"#)).contains("\"padding.pad_id\": expected a token's number, found 7"))
  }

  @Test("that asks for what is done otherwise here is refused")
  func otherwise() {
    #expect(message(file(#""truncation":{"max_length":8,"direction":"Right","strategy":"LongestFirst"}"#)) == "none")
    #expect(
      message(file(#""truncation":{"max_length":8,"direction":"Left"}"#)).contains(
        "\"truncation.direction\": expected Right, found \"Left\""))
    #expect(
      message(file(#""truncation":{"max_length":8,"strategy":"OnlySecond"}"#)).contains(
        "\"truncation.strategy\": expected LongestFirst"))
    #expect(message(file(#""padding":{"pad_id":0,"direction":"Right","strategy":{"Fixed":128}}"#)) == "none")
    #expect(message(file(#""padding":{"pad_id":0,"direction":"Left"}"#)).contains("\"padding.direction\""))
    let pairs = #"{"type":"BPE","vocab":{"a":0},"merges":[],"dropout":"#
    #expect(message(file(model: pairs + "0}")) == "none" && message(file(model: pairs + "null}")) == "none")
    #expect(message(file(model: pairs + "0.1}")).contains("\"model.dropout\": expected none, found 0.1"))
    let bert = #"{"type":"BertProcessing","cls":["a",0],"sep":["a",0]}"#
    let twice = #"{"type":"Sequence","processors":[{"type":"ByteLevel"},\#(bert)"#
    #expect(message(file(#""post_processor":\#(twice)]}"#)) == "none")
    #expect(
      message(file(#""post_processor":\#(twice),\#(bert)]}"#)).contains(
        "\"post_processor.processors[2]\": expected no second part that adds tokens"))
  }

  @Test("keeps tokens apart that only differ in how an accent is written")
  func exact() throws {
    let model = #"{"type":"WordLevel","vocab":{"\u00e9":0,"e\u0301":1,"u":2},"unk_token":"u"}"#
    let tokenizer = try Tokenizer(json: Array(file(model: model).utf8))
    #expect(tokenizer.ids(of: "\u{E9}") == [0] && tokenizer.ids(of: "e\u{301}") == [1])
    #expect(tokenizer.model.vocabulary.count == 3)
    // Files that differ in nothing else are different.
    func single(_ token: String) throws -> Tokenizer {
      try Tokenizer(
        json: Array(file(model: #"{"type":"WordLevel","vocab":{"\#(token)":0},"unk_token":"\#(token)"}"#).utf8))
    }
    let (one, two) = (try single("\u{E9}"), try single("e\u{301}"))
    #expect(one != two && one == one && Set([one, two, one]).count == 2)
  }

  @Test("may write a merge as one text, with marks behind the space")
  func merges() throws {
    let model = #"{"type":"BPE","vocab":{"\u0915":0,"\u093e":1,"\u0915\u093e":2},"merges":["\u0915 \u093e"]}"#
    #expect(try Tokenizer(json: Array(file(model: model).utf8)).ids(of: "\u{915}\u{93E}") == [2])
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
    try Data("#version: 0.2\r\nh e\r\nl l\r\n\r\nhe ll\r\n".utf8).write(to: merges)
    #expect(try Tokenizer(gpt2Vocabulary: vocabulary, merges: merges).ids(of: "hello") == [7, 3])
    try Data("h e\nl\n".utf8).write(to: merges)
    let error = #expect(throws: FileError.self) { try Tokenizer(gpt2Vocabulary: vocabulary, merges: merges) }
    #expect("\(try #require(error))".contains("merges.txt, \"line 2\": expected two tokens, found 1"))
  }

  @Test("is written and read again; a folder that is not there is told")
  func writing() throws {
    let tokenizer = try Tokenizer.words(of: ["a b"])
    let folder = FileManager.default.temporaryDirectory.appending(path: "glassbox-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appending(path: "tokenizer.json")
    try tokenizer.write(to: url)
    #expect(try Tokenizer(contentsOf: url) == tokenizer)
    #expect(throws: FileError.self) { try tokenizer.write(to: URL(filePath: "/absent/tokenizer.json")) }
  }

  @Test("that can't be written leaves the old one")
  func failedWriting() async throws {
    // A limit on the size of files stands for the disk: it lies in another process, since it holds for a whole one.
    await #expect(processExitsWith: .success) {
      let url = FileManager.default.temporaryDirectory.appending(path: "glassbox-tests-\(UUID().uuidString).json")
      defer { try? FileManager.default.removeItem(at: url) }
      let tokenizer = try Tokenizer.words(of: ["a b"])
      try tokenizer.write(to: url)
      let large = try Tokenizer.words(of: [(0..<20_000).map(String.init).joined(separator: " ")])
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      #expect(throws: FileError.self) { try large.write(to: url) }
      #expect(try Tokenizer(contentsOf: url) == tokenizer)
    }
  }
}
