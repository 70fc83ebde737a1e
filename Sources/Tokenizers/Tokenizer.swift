/// Turns text into the numbers of tokens, and back.
///
/// A text goes through these steps, each of which can be seen and replaced: added tokens are taken out of it; what is left is normalised
/// (``Normalizer``) and split into pieces (``PreTokenizer``); a model (``TokenModel``) takes each piece apart; special tokens are put around the whole
/// (``SequenceTemplate``). ``TokenDecoder`` goes the other way. It has the steps of Hugging Face's `tokenizers`, reads its files and gives its numbers.
///
/// ```swift
/// let tokenizer = try Tokenizer.bytePairs(of: ["low lower lowest", "new newer newest"], size: 270)
/// let ids = tokenizer.ids(of: "the newest")
/// tokenizer.text(of: ids)  // → the newest
/// tokenizer.tokens(of: "lowest").joined()  // → lowest
/// ```
public struct Tokenizer: Sendable {
  public let normalizer: Normalizer?
  public let preTokenizer: PreTokenizer?
  public let model: TokenModel
  public var template: SequenceTemplate
  public var decoder: TokenDecoder?
  /// Tokens that are taken out of the text before all else, with their numbers.
  public let added: [(token: AddedToken, id: Int)]
  /// The most tokens of a sequence, special ones included; nil for any number. What is too long loses its end.
  public var maximumLength: Int?
  /// The number of what fills sequences up to one length; nil where there is none.
  public var padding: Int?

  private let cache = PieceCache()
  private let plainSearch: AddedTokenSearch
  private let normalizedSearch: AddedTokenSearch
  private let addedNumbers: [ExactText: Int]
  /// Special or not, and the text by which they are found.
  private let addedTokens: [Int: (isSpecial: Bool, text: String)]

  /// - Parameter added: Tokens beside the model's. One that the model has keeps its number, others follow the highest.
  public init(
    _ model: TokenModel, normalizer: Normalizer? = nil, preTokenizer: PreTokenizer? = nil,
    template: SequenceTemplate = SequenceTemplate(), decoder: TokenDecoder? = nil, added: [AddedToken] = []
  ) {
    var next = model.vocabulary.size
    var numbered: [(token: AddedToken, id: Int)] = []
    for token in added {
      if let id = model.vocabulary[token.content] {
        numbered.append((token, id))
      } else if !numbered.contains(where: { ExactText($0.token.content) == ExactText(token.content) }) {
        numbered.append((token, next))
        next += 1
      }
    }
    self.init(
      model, normalizer: normalizer, preTokenizer: preTokenizer, template: template, decoder: decoder,
      numbered: numbered)
  }

  init(
    _ model: TokenModel, normalizer: Normalizer?, preTokenizer: PreTokenizer?, template: SequenceTemplate,
    decoder: TokenDecoder?, numbered: [(token: AddedToken, id: Int)]
  ) {
    (self.model, self.normalizer, self.preTokenizer) = (model, normalizer, preTokenizer)
    (self.template, self.decoder, added) = (template, decoder, numbered)
    func text(of token: AddedToken) -> Scalars {
      let text = Scalars(token.content.unicodeScalars)
      return token.isNormalized ? normalizer?.normalized(text) ?? text : text
    }
    func search(isNormalized: Bool) -> AddedTokenSearch {
      AddedTokenSearch(
        numbered.filter { $0.token.isNormalized == isNormalized }.map { token, id in (text(of: token), id, token) })
    }
    plainSearch = search(isNormalized: false)
    normalizedSearch = search(isNormalized: true)
    addedNumbers = Dictionary(numbered.map { (ExactText($0.token.content), $0.id) }) { first, _ in first }
    addedTokens = Dictionary(numbered.map { ($0.id, ($0.token.isSpecial, String(text(of: $0.token)))) }) { first, _ in
      first
    }
  }

  // MARK: - Tokens and their numbers

  /// One more than the highest number: how many rows a table of embeddings needs.
  public var vocabularySize: Int { max(model.vocabulary.size, (addedTokens.keys.max() ?? -1) + 1) }

  /// The number of a token; nil where there is none.
  public func id(of token: String) -> Int? { addedNumbers[ExactText(token)] ?? model.vocabulary[token] }

  /// The token of a number; nil where there is none.
  public func token(_ id: Int) -> String? { addedTokens[id]?.text ?? model.vocabulary.token(id) }

  // MARK: - From text

  /// The tokens of a text as they are, without special ones around them.
  public func tokens(of text: String) -> [String] { ids(of: text, hasSpecials: false).compactMap { token($0) } }

  /// The tokens' numbers of a text; with those that the template puts around it unless told otherwise.
  public func ids(of text: String, hasSpecials: Bool = true) -> [Int] {
    hasSpecials ? sequence(of: text).ids : Array(plainIDs(of: text).prefix(max(maximumLength ?? .max, 0)))
  }

  /// What a text, or a pair of texts, becomes for a model. Of a pair that is too long, tokens are left out of the longer.
  public func sequence(of text: String, _ other: String? = nil) -> TokenSequence {
    var first = plainIDs(of: text)
    var second = other.map { plainIDs(of: $0) }
    if let maximumLength {
      let room = max(maximumLength - template.addedCount(hasPair: other != nil), 0)
      Self.shorten(&first, &second, to: room)
    }
    return template.applied(to: first, second)
  }

  /// Shortens the longer until both together fit (`longest_first`).
  private static func shorten(_ first: inout [Int], _ second: inout [Int]?, to room: Int) {
    guard let other = second else {
      first = Array(first.prefix(room))
      return
    }
    if first.count + other.count <= room { return }
    let isSwapped = first.count > other.count
    var (short, long) = isSwapped ? (other.count, first.count) : (first.count, other.count)
    if short > room {
      (short, long) = (room, room)
    } else {
      long = max(short, room - short)
    }
    if short + long > room {
      short = room / 2
      long = short + room % 2
    }
    first = Array(first.prefix(isSwapped ? long : short))
    second = Array(other.prefix(isSwapped ? short : long))
  }

  private func plainIDs(of text: String) -> [Int] {
    let scalars = Scalars(text.unicodeScalars)
    var ids: [Int] = []
    for (range, id) in plainSearch.parts(of: scalars) {
      if let id {
        ids.append(id)
        continue
      }
      let part = Scalars(scalars[range])
      let normalized = normalizer?.normalized(part) ?? part
      for (inner, id) in normalizedSearch.parts(of: normalized) {
        if let id {
          ids.append(id)
        } else if !inner.isEmpty {
          let isFirst = range.lowerBound == 0 && inner.lowerBound == 0
          let piece = PreTokenizer.Piece(text: Scalars(normalized[inner]), isFirst: isFirst)
          for piece in preTokenizer?.pieces(of: [piece]) ?? [piece] {
            ids += cache.ids(of: piece.text) { model.tokens(of: $0) }
          }
        }
      }
    }
    return ids
  }

  // MARK: - To text

  /// The text of tokens' numbers; those that nothing stands for are left out.
  public func text(of ids: [Int], skipsSpecials: Bool = true) -> String {
    let tokens = ids.compactMap { id in skipsSpecials && addedTokens[id]?.isSpecial == true ? nil : token(id) }
    return decoder?.text(of: tokens) ?? tokens.joined(separator: " ")
  }
}
