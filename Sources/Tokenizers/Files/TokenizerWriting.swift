import Foundation
import TensorIO

extension Tokenizer {
  /// Writes a `tokenizer.json` that this library and Hugging Face's read; whole, or not at all.
  ///
  /// - Throws: ``TensorIO/FileError``. What stood at `url` is then as it was.
  public func write(to url: URL) throws(FileError) {
    let text = json
    try AtomicFile.write(to: url) { file throws(FileError) in try file.write(text + "\n") }
  }

  /// What ``write(to:)`` writes.
  public var json: String {
    let tokens = added.map { token, id in
      OrderedJSON.object([
        ("id", .number(Double(id))), ("content", .string(token.content)), ("single_word", .bool(token.isWord)),
        ("lstrip", .bool(token.takesLeft)), ("rstrip", .bool(token.takesRight)),
        ("normalized", .bool(token.isNormalized)), ("special", .bool(token.isSpecial)),
      ])
    }
    let truncation: OrderedJSON =
      maximumLength.map {
        .object([
          ("direction", .string("Right")), ("max_length", .number(Double($0))), ("strategy", .string("LongestFirst")),
          ("stride", .number(0)),
        ])
      } ?? .null
    let padding: OrderedJSON =
      padding.map {
        .object([
          ("strategy", .string("BatchLongest")), ("direction", .string("Right")), ("pad_to_multiple_of", .null),
          ("pad_id", .number(Double($0))), ("pad_type_id", .number(0)), ("pad_token", .string(token($0) ?? "")),
        ])
      } ?? .null
    return OrderedJSON.object([
      ("version", .string("1.0")), ("truncation", truncation), ("padding", padding), ("added_tokens", .array(tokens)),
      ("normalizer", normalizer?.json ?? .null), ("pre_tokenizer", preTokenizer?.json ?? .null),
      ("post_processor", template.json { token($0) ?? "" }), ("decoder", decoder?.json ?? .null), ("model", model.json),
    ]).description
  }
}

/// As the text of its file, whose own order of names matters.
extension Tokenizer: Codable {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(json)
  }

  public init(from decoder: any Decoder) throws {
    try self.init(json: Array(try decoder.singleValueContainer().decode(String.self).utf8), file: "tokenizer")
  }
}

extension OrderedJSON {
  /// An object with its type's name.
  fileprivate static func typed(_ type: String, _ members: [(name: String, value: OrderedJSON)] = []) -> OrderedJSON {
    .object([("type", .string(type))] + members)
  }

  fileprivate static func text(_ value: String?) -> OrderedJSON { value.map { .string($0) } ?? .null }
}

extension Vocabulary {
  fileprivate var json: OrderedJSON { .object(all.map { ($0.token, .number(Double($0.number))) }) }
}

extension TokenModel {
  fileprivate var json: OrderedJSON {
    switch self {
    case .words(let model):
      .typed("WordLevel", [("vocab", model.vocabulary.json), ("unk_token", .string(model.unknown))])
    case .bytePairs(let model):
      .typed(
        "BPE",
        [
          ("dropout", .null), ("unk_token", .text(model.unknown)), ("continuing_subword_prefix", .text(model.prefix)),
          ("end_of_word_suffix", .text(model.suffix)), ("fuse_unk", .bool(model.fusesUnknown)),
          ("byte_fallback", .bool(model.hasByteFallback)), ("ignore_merges", .bool(model.takesWholePieces)),
          ("vocab", model.vocabulary.json),
          ("merges", .array(model.merges.map { .array([.string($0.first), .string($0.second)]) })),
        ])
    case .wordPieces(let model):
      .typed(
        "WordPiece",
        [
          ("unk_token", .string(model.unknown)), ("continuing_subword_prefix", .string(model.prefix)),
          ("max_input_chars_per_word", .number(Double(model.maximumLength))), ("vocab", model.vocabulary.json),
        ])
    case .unigrams(let model):
      .typed(
        "Unigram",
        [
          ("unk_id", model.unknown.map { .number(Double($0)) } ?? .null),
          ("vocab", .array(zip(model.vocabulary.all, model.scores).map { .array([.string($0.token), .number($1)]) })),
          ("byte_fallback", .bool(model.hasByteFallback)),
        ])
    }
  }
}

extension TextPattern {
  fileprivate var json: OrderedJSON {
    switch kind {
    case .text(let text): .object([("String", .string(String(text)))])
    case .regex(let source): .object([("Regex", .string(source))])
    }
  }
}

extension Normalizer {
  fileprivate var json: OrderedJSON {
    switch self {
    case .nfc: .typed("NFC")
    case .nfd: .typed("NFD")
    case .nfkc: .typed("NFKC")
    case .nfkd: .typed("NFKD")
    case .lowercase: .typed("Lowercase")
    case .stripAccents: .typed("StripAccents")
    case .byteLevel: .typed("ByteLevel")
    case .nmt: .typed("Nmt")
    case .bert(let cleansText, let separatesIdeographs, let stripsAccents, let lowercases):
      .typed(
        "BertNormalizer",
        [
          ("clean_text", .bool(cleansText)), ("handle_chinese_chars", .bool(separatesIdeographs)),
          ("strip_accents", stripsAccents.map { .bool($0) } ?? .null), ("lowercase", .bool(lowercases)),
        ])
    case .strip(let left, let right): .typed("Strip", [("strip_left", .bool(left)), ("strip_right", .bool(right))])
    case .replace(let pattern, let content):
      .typed("Replace", [("pattern", pattern.json), ("content", .string(content))])
    case .prepend(let prefix): .typed("Prepend", [("prepend", .string(prefix))])
    case .precompiled(let map): .typed("Precompiled", [("precompiled_charsmap", .string(map.source))])
    case .sequence(let parts): .typed("Sequence", [("normalizers", .array(parts.map(\.json)))])
    }
  }
}

extension PreTokenizer {
  fileprivate var json: OrderedJSON {
    switch self {
    case .bert: .typed("BertPreTokenizer")
    case .byteLevel(let addsSpace, let splits):
      .typed(
        "ByteLevel",
        [("add_prefix_space", .bool(addsSpace)), ("trim_offsets", .bool(true)), ("use_regex", .bool(splits))])
    case .whitespaceSplit: .typed("WhitespaceSplit")
    case .whitespace: .typed("Whitespace")
    case .metaspace(let mark, let prepend, let splits):
      .typed(
        "Metaspace",
        [
          ("replacement", .string(String(mark))), ("prepend_scheme", .string(prepend.rawValue)),
          ("split", .bool(splits)),
        ])
    case .punctuation(let behavior): .typed("Punctuation", [("behavior", .string(behavior.rawValue))])
    case .digits(let isIndividual): .typed("Digits", [("individual_digits", .bool(isIndividual))])
    case .split(let pattern, let behavior, let isInverted):
      .typed(
        "Split",
        [("pattern", pattern.json), ("behavior", .string(behavior.rawValue)), ("invert", .bool(isInverted))])
    case .sequence(let parts): .typed("Sequence", [("pretokenizers", .array(parts.map(\.json)))])
    }
  }
}

extension SequenceTemplate {
  fileprivate func json(_ name: (Int) -> String) -> OrderedJSON {
    if self == SequenceTemplate() { return .null }
    func list(_ parts: [Part]) -> OrderedJSON {
      .array(
        parts.map { part in
          switch part {
          case .first(let segment): Self.part("Sequence", "A", segment)
          case .second(let segment): Self.part("Sequence", "B", segment)
          case .token(let id, let segment): Self.part("SpecialToken", name(id), segment)
          }
        })
    }
    let specials = Set(tokens).sorted().map { id in
      let token = OrderedJSON.string(name(id))
      return (
        name: name(id),
        value: OrderedJSON.object([("id", token), ("ids", .array([.number(Double(id))])), ("tokens", .array([token]))])
      )
    }
    return .typed(
      "TemplateProcessing", [("single", list(single)), ("pair", list(pair)), ("special_tokens", .object(specials))])
  }

  private static func part(_ kind: String, _ id: String, _ segment: Int) -> OrderedJSON {
    .object([(kind, .object([("id", .string(id)), ("type_id", .number(Double(segment)))]))])
  }
}

extension TokenDecoder {
  fileprivate var json: OrderedJSON {
    switch self {
    case .byteLevel:
      .typed(
        "ByteLevel", [("add_prefix_space", .bool(true)), ("trim_offsets", .bool(true)), ("use_regex", .bool(true))])
    case .wordPieces(let prefix, let cleansUp):
      .typed("WordPiece", [("prefix", .string(prefix)), ("cleanup", .bool(cleansUp))])
    case .metaspace(let mark, let prepend):
      .typed(
        "Metaspace",
        [("replacement", .string(String(mark))), ("prepend_scheme", .string(prepend.rawValue)), ("split", .bool(true))])
    case .bytePairs(let suffix): .typed("BPEDecoder", [("suffix", .string(suffix))])
    case .byteFallback: .typed("ByteFallback")
    case .fuse: .typed("Fuse")
    case .replace(let pattern, let content):
      .typed("Replace", [("pattern", pattern.json), ("content", .string(content))])
    case .strip(let scalar, let start, let end):
      .typed(
        "Strip",
        [("content", .string(String(scalar))), ("start", .number(Double(start))), ("stop", .number(Double(end)))])
    case .sequence(let parts): .typed("Sequence", [("decoders", .array(parts.map(\.json)))])
    }
  }
}
