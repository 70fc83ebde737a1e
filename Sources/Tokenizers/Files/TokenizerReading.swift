import Foundation
import TensorIO

extension Tokenizer {
  /// Reads a `tokenizer.json` of Hugging Face's `tokenizers`: any of its models (BPE, WordPiece, Unigram, WordLevel), with the normalisers, pre-tokenisers,
  /// post-processors and decoders that published models use.
  ///
  /// - Throws: ``TensorIO/FileError`` that names the part that is missing, wrong, or not known here.
  ///
  /// ```swift
  /// func count(_ review: String, _ folder: URL) throws -> Int {
  ///   let tokenizer = try Tokenizer(contentsOf: folder.appending(path: "tokenizer.json"))
  ///   return tokenizer.ids(of: review).count
  /// }
  /// ```
  public init(contentsOf url: URL) throws(FileError) {
    try self.init(json: try WholeFile.read(url), file: url.path(percentEncoded: false))
  }

  /// Reads the same from memory; `file` stands for it in messages.
  public init(json: [UInt8], file: String = "tokenizer.json") throws(FileError) {
    let root = try TokenizerField(parsing: json, file: file)
    let model = try TokenModel(root["model"])
    var numbered: [(token: AddedToken, id: Int)] = []
    if !root["added_tokens"].isNull {
      for field in try root["added_tokens"].elements() {
        numbered.append((try AddedToken(field), try field["id"].count()))
      }
    }
    let processor = root["post_processor"]
    let truncation = try Truncation(root["truncation"])
    let padding = try Padding(root["padding"])
    self.init(
      model, normalizer: try Normalizer(optional: root["normalizer"]),
      preTokenizer: try PreTokenizer(optional: root["pre_tokenizer"]),
      template: try SequenceTemplate(optional: processor) ?? SequenceTemplate(),
      decoder: try TokenDecoder(optional: root["decoder"]), numbered: numbered)
    if let id = template.tokens.first(where: { token($0) == nil }) {
      throw .contents(file: file, key: processor.place, expected: "tokens that there are", found: "number \(id)")
    }
    if let id = padding?.id, token(id) == nil { throw root["padding"]["pad_id"].error("a token's number") }
    (maximumLength, self.padding) = (truncation?.maximumLength, padding?.id)
  }

  /// Reads GPT-2's two files: the vocabulary, `vocab.json` or `encoder.json`, and the merges, `merges.txt` or `vocab.bpe`.
  ///
  /// - Throws: ``TensorIO/FileError`` when a file can't be read, or a merge has no token.
  public init(gpt2Vocabulary url: URL, merges mergesURL: URL) throws(FileError) {
    let field = try TokenizerField(parsing: try WholeFile.read(url), file: url.path(percentEncoded: false))
    let mergesFile = mergesURL.path(percentEncoded: false)
    guard let text = String(validating: try WholeFile.read(mergesURL), as: UTF8.self) else {
      throw .contents(file: mergesFile, key: nil, expected: "UTF-8", found: "other bytes")
    }
    var merges: [(String, String)] = []
    // Scalars, for characters of several would hide what divides lines and tokens.
    for (number, scalars) in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = scalars.last == "\r" ? scalars.dropLast() : scalars
      if line.isEmpty || (number == 0 && line.starts(with: "#version".unicodeScalars)) { continue }
      let parts = line.split(separator: " ")
      guard parts.count == 2 else {
        throw .contents(
          file: mergesFile, key: "line \(number + 1)", expected: "two tokens", found: "\(parts.count)")
      }
      merges.append((String(parts[0]), String(parts[1])))
    }
    let vocabulary = try TokenModel.vocabulary(field)
    let model = try field.making("the merges' tokens") { () throws(TokenizerError) in
      try BytePairModel(vocabulary, merges: merges)
    }
    let end = "<|endoftext|>"
    self.init(
      .bytePairs(model), preTokenizer: .byteLevel(), decoder: .byteLevel,
      added: vocabulary[end] == nil ? [] : [AddedToken(end, isSpecial: true)])
  }
}

/// Where a sequence that is too long is cut off.
private struct Truncation {
  let maximumLength: Int

  /// nil for none. What the other way, or one text alone, would lose is not known here; that the rest would begin with a `stride` of tokens once
  /// more does not matter, as it is left out.
  init?(_ field: TokenizerField) throws(FileError) {
    if field.isNull { return nil }
    try field["direction"].expect("Right")
    try field["strategy"].expect("LongestFirst")
    maximumLength = try field["max_length"].count()
  }
}

/// What sequences are filled up with.
private struct Padding {
  let id: Int

  /// nil for none. To which length is up to who joins sequences (`strategy`, `pad_to_multiple_of`).
  init?(_ field: TokenizerField) throws(FileError) {
    if field.isNull { return nil }
    try field["direction"].expect("Right")
    id = try field["pad_id"].count()
  }
}

extension TokenModel {
  fileprivate init(_ field: TokenizerField) throws(FileError) {
    func optional(_ name: String) throws(FileError) -> String? { field[name].isNull ? nil : try field[name].string() }
    // Old files leave out the type.
    let type = field["type"].isNull ? (field["merges"].isNull ? "WordPiece" : "BPE") : try field["type"].string()
    switch type {
    case "BPE":
      if let dropout = field["dropout"].json.number, dropout != 0 { throw field["dropout"].error("none") }
      var merges: [(String, String)] = []
      for merge in try field["merges"].elements() {
        if let pair = merge.json.array?.compactMap(\.string), pair.count == 2 {
          merges.append((pair[0], pair[1]))
        } else if let text = merge.json.string?.unicodeScalars,
          case let pair = text.split(separator: " ", omittingEmptySubsequences: false), pair.count == 2
        {
          // Scalars, for a space and a mark behind it are one character.
          merges.append((String(pair[0]), String(pair[1])))
        } else {
          throw merge.error("two tokens")
        }
      }
      let vocabulary = try Self.vocabulary(field["vocab"])
      let (unknown, prefix, suffix) = (
        try optional("unk_token"), try optional("continuing_subword_prefix"), try optional("end_of_word_suffix")
      )
      let (fuses, bytes, whole) = (
        try field["fuse_unk"].bool(false), try field["byte_fallback"].bool(false),
        try field["ignore_merges"].bool(false)
      )
      self = .bytePairs(
        try field.making("tokens that go together") { () throws(TokenizerError) in
          try BytePairModel(
            vocabulary, merges: merges, unknown: unknown, prefix: prefix?.isEmpty == true ? nil : prefix,
            suffix: suffix?.isEmpty == true ? nil : suffix, fusesUnknown: fuses, hasByteFallback: bytes,
            takesWholePieces: whole)
        })
    case "WordPiece":
      let vocabulary = try Self.vocabulary(field["vocab"])
      let unknown = try optional("unk_token") ?? "[UNK]"
      let prefix = try optional("continuing_subword_prefix") ?? "##"
      let length = field["max_input_chars_per_word"].isNull ? 100 : try field["max_input_chars_per_word"].count()
      self = .wordPieces(
        try field.making("an unknown token") { () throws(TokenizerError) in
          try WordPieceModel(vocabulary, unknown: unknown, prefix: prefix, maximumLength: length)
        })
    case "WordLevel":
      self = .words(
        WordModel(try Self.vocabulary(field["vocab"]), unknown: try optional("unk_token") ?? "<unk>"))
    case "Unigram":
      var tokens: [(String, Double)] = []
      for entry in try field["vocab"].elements() {
        let parts = try entry.elements()
        guard parts.count == 2 else { throw entry.error("a token and its score") }
        tokens.append((try parts[0].string(), try parts[1].number()))
      }
      let unknown = field["unk_id"].isNull ? nil : try field["unk_id"].count()
      let bytes = try field["byte_fallback"].bool(false)
      self = .unigrams(
        try field.making("tokens that go together") { () throws(TokenizerError) in
          try UnigramModel(tokens, unknown: unknown, hasByteFallback: bytes)
        })
    default: throw field["type"].error("BPE, WordPiece, WordLevel or Unigram")
    }
  }

  fileprivate static func vocabulary(_ field: TokenizerField) throws(FileError) -> Vocabulary {
    var pairs: [(String, Int)] = []
    for (name, number) in try field.members() { pairs.append((name, try number.count())) }
    return try field.making("different numbers") { () throws(TokenizerError) in try Vocabulary(pairs) }
  }
}

extension AddedToken {
  fileprivate init(_ field: TokenizerField) throws(FileError) {
    self.init(
      try field["content"].string(), isSpecial: try field["special"].bool(false),
      isWord: try field["single_word"].bool(false), takesLeft: try field["lstrip"].bool(false),
      takesRight: try field["rstrip"].bool(false), isNormalized: try field["normalized"].bool(true))
  }
}

extension TextPattern {
  /// A text or `{"String": …}`, taken as it is, or `{"Regex": …}`.
  fileprivate init(_ field: TokenizerField) throws(FileError) {
    if let text = field.json.string ?? field["String"].json.string {
      self = .text(text)
      return
    }
    let source = try field["Regex"].string()
    self = try field.making("a regular expression") { () throws(TokenizerError) in try TextPattern(regex: source) }
  }
}

extension Normalizer {
  fileprivate init?(optional field: TokenizerField) throws(FileError) {
    if field.isNull { return nil }
    try self.init(field)
  }

  private init(_ field: TokenizerField) throws(FileError) {
    switch try field["type"].string() {
    case "NFC": self = .nfc
    case "NFD": self = .nfd
    case "NFKC": self = .nfkc
    case "NFKD": self = .nfkd
    case "Lowercase": self = .lowercase
    case "StripAccents": self = .stripAccents
    case "ByteLevel": self = .byteLevel
    case "Nmt": self = .nmt
    case "BertNormalizer":
      self = .bert(
        cleansText: try field["clean_text"].bool(true),
        separatesIdeographs: try field["handle_chinese_chars"].bool(true),
        stripsAccents: field["strip_accents"].isNull ? nil : try field["strip_accents"].bool(),
        lowercases: try field["lowercase"].bool(true))
    case "Strip":
      self = .strip(left: try field["strip_left"].bool(true), right: try field["strip_right"].bool(true))
    case "Replace": self = .replace(try TextPattern(field["pattern"]), with: try field["content"].string())
    case "Prepend": self = .prepend(try field["prepend"].string())
    case "Precompiled":
      let map = try field["precompiled_charsmap"].string()
      self = .precompiled(
        try field["precompiled_charsmap"].making("a table of characters") { () throws(TokenizerError) in
          try CharacterMap(base64: map)
        })
    case "Sequence":
      var parts: [Normalizer] = []
      for part in try field["normalizers"].elements() { parts.append(try Normalizer(part)) }
      self = .sequence(parts)
    default: throw field["type"].error("a normaliser that is known here")
    }
  }
}

extension PreTokenizer.Prepending {
  /// Older files say whether a space is added.
  fileprivate init(_ field: TokenizerField) throws(FileError) {
    if field["prepend_scheme"].isNull {
      self = try field["add_prefix_space"].bool(true) ? .always : .never
      return
    }
    let name = try field["prepend_scheme"].string()
    guard let value = Self(rawValue: name) else { throw field["prepend_scheme"].error("always, first or never") }
    self = value
  }
}

extension PreTokenizer {
  fileprivate init?(optional field: TokenizerField) throws(FileError) {
    if field.isNull { return nil }
    try self.init(field)
  }

  private init(_ field: TokenizerField) throws(FileError) {
    func behavior(_ standard: SplitBehavior? = nil) throws(FileError) -> SplitBehavior {
      if field["behavior"].isNull, let standard { return standard }
      guard let behavior = SplitBehavior(rawValue: try field["behavior"].string()) else {
        throw field["behavior"].error("Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous")
      }
      return behavior
    }
    switch try field["type"].string() {
    case "BertPreTokenizer": self = .bert
    case "ByteLevel":
      self = .byteLevel(addsSpace: try field["add_prefix_space"].bool(true), splits: try field["use_regex"].bool(true))
    case "WhitespaceSplit": self = .whitespaceSplit
    case "Whitespace": self = .whitespace
    case "Metaspace":
      self = .metaspace(
        mark: try field["replacement"].scalar(), prepend: try Prepending(field), splits: try field["split"].bool(true))
    case "Punctuation": self = .punctuation(try behavior(.isolated))
    case "Digits": self = .digits(isIndividual: try field["individual_digits"].bool(false))
    case "Split":
      self = .split(try TextPattern(field["pattern"]), try behavior(), isInverted: try field["invert"].bool(false))
    case "CharDelimiterSplit": self = .split(.text(try field["delimiter"].string()), .removed)
    case "Sequence":
      var parts: [PreTokenizer] = []
      for part in try field["pretokenizers"].elements() { parts.append(try PreTokenizer(part)) }
      self = .sequence(parts)
    default: throw field["type"].error("a pre-tokeniser that is known here")
    }
  }
}

extension SequenceTemplate {
  /// nil for one that adds nothing.
  fileprivate init?(optional field: TokenizerField) throws(FileError) {
    if field.isNull { return nil }
    func token(_ name: String) throws(FileError) -> Int {
      let parts = try field[name].elements()
      guard parts.count == 2 else { throw field[name].error("a token and its number") }
      return try parts[1].count()
    }
    switch try field["type"].string() {
    case "ByteLevel": return nil
    case "BertProcessing": self = .bert(start: try token("cls"), separator: try token("sep"))
    case "RobertaProcessing": self = .roberta(start: try token("cls"), separator: try token("sep"))
    case "TemplateProcessing":
      self.init(single: try Self.parts(field, "single"), pair: try Self.parts(field, "pair"))
    case "Sequence":
      var found: SequenceTemplate?
      for part in try field["processors"].elements() {
        guard let template = try SequenceTemplate(optional: part) else { continue }
        if found != nil { throw part.error("no second part that adds tokens") }
        found = template
      }
      guard let found else { return nil }
      self = found
    default: throw field["type"].error("a post-processor that is known here")
    }
  }

  private static func parts(_ field: TokenizerField, _ name: String) throws(FileError) -> [Part] {
    var parts: [Part] = []
    for part in try field[name].elements() {
      if !part["Sequence"].isNull {
        let segment = try part["Sequence"]["type_id"].count()
        switch try part["Sequence"]["id"].string() {
        case "A": parts.append(.first(segment: segment))
        case "B": parts.append(.second(segment: segment))
        default: throw part["Sequence"]["id"].error("A or B")
        }
      } else {
        let segment = try part["SpecialToken"]["type_id"].count()
        let token = field["special_tokens"][try part["SpecialToken"]["id"].string()]
        for id in try token["ids"].elements() { parts.append(.token(try id.count(), segment: segment)) }
      }
    }
    return parts
  }
}

extension TokenDecoder {
  fileprivate init?(optional field: TokenizerField) throws(FileError) {
    if field.isNull { return nil }
    try self.init(field)
  }

  private init(_ field: TokenizerField) throws(FileError) {
    switch try field["type"].string() {
    case "ByteLevel": self = .byteLevel
    case "WordPiece":
      self = .wordPieces(prefix: try field["prefix"].string(), cleansUp: try field["cleanup"].bool(true))
    case "Metaspace":
      self = .metaspace(mark: try field["replacement"].scalar(), prepend: try PreTokenizer.Prepending(field))
    case "BPEDecoder": self = .bytePairs(suffix: try field["suffix"].string())
    case "ByteFallback": self = .byteFallback
    case "Fuse": self = .fuse
    case "Replace": self = .replace(try TextPattern(field["pattern"]), with: try field["content"].string())
    case "Strip":
      self = .strip(
        try field["content"].scalar(), start: try field["start"].count(), end: try field["stop"].count())
    case "Sequence":
      var parts: [TokenDecoder] = []
      for part in try field["decoders"].elements() { parts.append(try TokenDecoder(part)) }
      self = .sequence(parts)
    default: throw field["type"].error("a decoder that is known here")
    }
  }
}
