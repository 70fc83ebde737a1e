import CZlib
import Foundation
import TensorCore
import TensorIO
import Testing
import Tokenizers

/// Each of Hugging Face's kinds of tokenisers, with a thousand difficult strings: scripts/goldens/tokenizer_files.py.
private enum Goldens {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
    path: "Goldens/tokenizers")

  static func strings() throws -> [String] {
    try JSONDecoder().decode([String].self, from: Data(contentsOf: folder.appending(path: "strings.json")))
  }

  static func tensors() throws -> [String: Tensor] {
    try SafeTensors(contentsOf: folder.appending(path: "ids.safetensors")).tensors()
  }

  static func tokenizer(_ name: String) throws -> Tokenizer {
    try Tokenizer(contentsOf: folder.appending(path: "\(name).json"))
  }

  static let names = ["gpt2", "gpt4", "llama", "bert", "cased", "unigram", "words", "suffixes"]

  /// Numbers that stand behind one another, by their counts.
  static func parts(_ all: [Int], _ counts: [Int]) -> [[Int]] {
    var end = 0
    return counts.map { count in
      defer { end += count }
      return Array(all[end..<end + count])
    }
  }
}

@Suite("A step of Hugging Face's tokenisers")
struct CharacterTests {
  private static let normalizers: [String: Normalizer] = [
    "nfc": .nfc, "nfd": .nfd, "nfkc": .nfkc, "nfkd": .nfkd, "lowercase": .lowercase, "accents": .stripAccents,
    "nmt": .nmt,
    "bert.clean": .bert(separatesIdeographs: false, stripsAccents: false, lowercases: false),
    "bert.ideographs": .bert(cleansText: false, stripsAccents: false, lowercases: false),
    "bert.accents": .bert(cleansText: false, separatesIdeographs: false, stripsAccents: true, lowercases: false),
    "bert": .bert(),
  ]
  private static let preTokenizers: [String: PreTokenizer] = [
    "split.bert": .bert, "split.punctuation": .punctuation(.isolated), "split.whitespace": .whitespace,
    "split.spaces": .whitespaceSplit, "split.digits": .digits(),
    "split.gpt2": .byteLevel(),
  ]

  @Test("does the same to each character there is", arguments: (Array(normalizers.keys) + preTokenizers.keys).sorted())
  func characters(_ name: String) throws {
    let goldens = try SafeTensors(contentsOf: Goldens.folder.appending(path: "characters.safetensors")).tensors()
    let sums = try #require(goldens[name]).scalars(as: Int.self)
    #expect(sums.count == 0x110)
    for (block, sum) in sums.enumerated() {
      let scalars = (4096 * block..<4096 * (block + 1)).compactMap { Unicode.Scalar(UInt32($0)) }
      let lines = scalars.map { scalar in
        let text = "a" + String(scalar) + "b"
        return Self.normalizers[name]?.normalized(text) ?? Self.preTokenizers[name]?.pieces(of: text).joined(
          separator: "|")
          ?? ""
      }
      let bytes = Array(lines.joined(separator: "\n").utf8)
      #expect(Int(crc32(0, bytes, UInt32(bytes.count))) == sum, "U+\(String(4096 * block, radix: 16))")
    }
  }
}

@Suite("A tokeniser of Hugging Face's")
struct GoldenTests {
  @Test("gives a thousand difficult strings the same numbers, and these the same texts", arguments: Goldens.names)
  func numbers(_ name: String) throws {
    let (tokenizer, strings, goldens) = (try Goldens.tokenizer(name), try Goldens.strings(), try Goldens.tensors())
    func integers(_ key: String) throws -> [Int] { try #require(goldens[name + key]).scalars(as: Int.self) }
    let ids = Goldens.parts(try integers(""), try integers(".counts"))
    let texts = Goldens.parts(try integers(".text"), try integers(".text.counts"))
    #expect(strings.count == 1000 && ids.count == 1000 && texts.count == 1000)
    for (string, (ids, text)) in zip(strings, zip(ids, texts)) {
      #expect(tokenizer.ids(of: string) == ids, "\(string.debugDescription)")
      #expect(Array(tokenizer.text(of: ids).utf8) == text.map { UInt8($0) }, "\(string.debugDescription)")
    }
  }

  @Test("joins two texts in the same way", arguments: Goldens.names)
  func pairs(_ name: String) throws {
    let (tokenizer, strings, goldens) = (try Goldens.tokenizer(name), try Goldens.strings(), try Goldens.tensors())
    let pairs = zip(strings.prefix(40), strings[9..<49]).map { tokenizer.sequence(of: $0, $1) }
    #expect(pairs.flatMap(\.ids) == goldens["\(name).pairs"]?.scalars(as: Int.self))
    #expect(pairs.flatMap(\.segments) == goldens["\(name).pairs.segments"]?.scalars(as: Int.self))
  }

  @Test("is written such that it is read as the same", arguments: Goldens.names)
  func written(_ name: String) throws {
    let tokenizer = try Goldens.tokenizer(name)
    let again = try Tokenizer(json: Array(tokenizer.json.utf8))
    #expect(again.json == tokenizer.json)
    #expect(again.model == tokenizer.model)
    for string in try Goldens.strings().prefix(200) { #expect(again.ids(of: string) == tokenizer.ids(of: string)) }
  }
}
