/// Splits text into the pieces that a model takes apart on its own: no token crosses their borders.
///
/// ```swift
/// PreTokenizer.bert.pieces(of: "Don't stop!")  // → ["Don", "\'", "t", "stop", "!"]
/// PreTokenizer.byteLevel().pieces(of: "Hello world")  // → ["Hello", "Ġworld"]
/// PreTokenizer.metaspace().pieces(of: "Hello world")  // → ["▁Hello", "▁world"]
/// ```
public indirect enum PreTokenizer: Sendable, Hashable {
  /// White space left out, punctuation in pieces of its own.
  case bert
  /// Bytes as characters that can be seen (``ByteCharacters``), after a split into GPT-2's words if `splits`.
  case byteLevel(addsSpace: Bool = false, splits: Bool = true)
  /// At white space, which is left out.
  case whitespaceSplit
  /// Runs of word characters, and of others; white space is left out.
  case whitespace
  /// Spaces as a mark that begins a word, before the first one too, as SentencePiece writes them.
  case metaspace(mark: Unicode.Scalar = "▁", prepend: Prepending = .always, splits: Bool = true)
  case punctuation(SplitBehavior = .isolated)
  case digits(isIndividual: Bool = false)
  /// By a pattern; inverted, what is between its matches counts as one.
  case split(TextPattern, SplitBehavior, isInverted: Bool = false)
  /// One after the other.
  case sequence([PreTokenizer])

  /// Where a metaspace is added.
  public enum Prepending: String, Sendable, Hashable, Codable {
    /// Before every text, also between special tokens.
    case always
    /// Before a text's beginning.
    case first
    case never
  }

  /// The pieces of a text.
  public func pieces(of text: String) -> [String] {
    pieces(of: [Piece(text: Scalars(text.unicodeScalars), isFirst: true)]).map { String($0.text) }
  }

  /// A part of a text, as normalised.
  struct Piece {
    var text: Scalars
    /// Whether it stands at the text's beginning.
    var isFirst: Bool
  }

  func pieces(of pieces: [Piece]) -> [Piece] {
    switch self {
    case .sequence(let parts): return parts.reduce(pieces) { $1.pieces(of: $0) }
    case .bert: return PreTokenizer.punctuation().pieces(of: PreTokenizer.whitespaceSplit.pieces(of: pieces))
    case .whitespaceSplit: return Self.split(pieces, .removed) { $0.places(where: \.isSpace) }
    case .whitespace:
      return Self.split(pieces, .removed, isInverted: true) { text in
        text.runs { $0.isSpace ? 0 : $0.isWordCharacter ? 1 : 2 }.filter {
          !text[text.startIndex + $0.lowerBound].isSpace
        }
      }
    case .punctuation(let behavior): return Self.split(pieces, behavior) { $0.places(where: \.isPunctuation) }
    case .digits(let isIndividual):
      return Self.split(pieces, isIndividual ? .isolated : .contiguous) { $0.places(where: \.isNumber) }
    case .split(let pattern, let behavior, let isInverted):
      return Self.split(pieces, behavior, isInverted: isInverted) { pattern.matches(in: $0) }
    case .byteLevel(let addsSpace, let splits):
      var pieces = pieces
      if addsSpace {
        for index in pieces.indices where pieces[index].text.first != " " { pieces[index].text.insert(" ", at: 0) }
      }
      if splits { pieces = Self.split(pieces, .isolated) { GPT2Words.matches(in: $0) } }
      for index in pieces.indices { pieces[index].text = ByteCharacters.encoded(pieces[index].text) }
      return pieces
    case .metaspace(let mark, let prepend, let splits):
      var pieces = pieces
      for index in pieces.indices {
        var text = pieces[index].text.map { $0 == " " ? mark : $0 }
        let isWanted = prepend == .always || (prepend == .first && pieces[index].isFirst)
        if isWanted, text.first != mark { text.insert(mark, at: 0) }
        pieces[index].text = text
      }
      return splits ? Self.split(pieces, .mergedWithNext) { $0.places { $0 == mark } } : pieces
    }
  }

  private static func split(
    _ pieces: [Piece], _ behavior: SplitBehavior, isInverted: Bool = false,
    at matches: (ArraySlice<Unicode.Scalar>) -> [Range<Int>]
  ) -> [Piece] {
    pieces.flatMap { piece in
      behavior.pieces(of: piece.text.count, matches: matches(piece.text[...]), inverted: isInverted).map { range in
        Piece(text: Scalars(piece.text[range]), isFirst: piece.isFirst && range.lowerBound == 0)
      }
    }
  }
}

extension ArraySlice<Unicode.Scalar> {
  /// Each place where a condition holds, counted from the slice's beginning.
  fileprivate func places(where condition: (Unicode.Scalar) -> Bool) -> [Range<Int>] {
    enumerated().compactMap { condition($0.element) ? $0.offset..<$0.offset + 1 : nil }
  }

  /// The longest runs of one kind.
  func runs(_ kind: (Unicode.Scalar) -> Int) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var last: Int?
    for (place, scalar) in enumerated() {
      let next = kind(scalar)
      if next == last, let run = runs.popLast() {
        runs.append(run.lowerBound..<place + 1)
      } else {
        runs.append(place..<place + 1)
      }
      last = next
    }
    return runs
  }
}
