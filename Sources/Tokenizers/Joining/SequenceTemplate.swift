/// Puts special tokens around one text, and around and between two: `[CLS] A [SEP]`, `[CLS] A [SEP] B [SEP]`.
///
/// ```swift
/// let bert = SequenceTemplate.bert(start: 2, separator: 3)
/// bert.single.map(\.description)  // → ["2:0", "A:0", "3:0"]
/// ```
public struct SequenceTemplate: Sendable, Hashable {
  /// A text or a token, with the segment's number that its places get.
  public enum Part: Sendable, Hashable, CustomStringConvertible {
    case first(segment: Int)
    case second(segment: Int)
    case token(Int, segment: Int)

    public var description: String {
      switch self {
      case .first(let segment): "A:\(segment)"
      case .second(let segment): "B:\(segment)"
      case .token(let token, let segment): "\(token):\(segment)"
      }
    }
  }

  /// For one text, and for two.
  public var single: [Part]
  public var pair: [Part]

  public init(single: [Part] = [.first(segment: 0)], pair: [Part] = [.first(segment: 0), .second(segment: 1)]) {
    (self.single, self.pair) = (single, pair)
  }

  /// BERT's: the second text, with the separator behind it, is segment 1.
  public static func bert(start: Int, separator: Int) -> SequenceTemplate {
    let first: [Part] = [.token(start, segment: 0), .first(segment: 0), .token(separator, segment: 0)]
    return SequenceTemplate(single: first, pair: first + [.second(segment: 1), .token(separator, segment: 1)])
  }

  /// RoBERTa's: two separators between the texts, and one segment.
  public static func roberta(start: Int, separator: Int) -> SequenceTemplate {
    let first: [Part] = [.token(start, segment: 0), .first(segment: 0), .token(separator, segment: 0)]
    return SequenceTemplate(
      single: first,
      pair: first + [.token(separator, segment: 0), .second(segment: 0), .token(separator, segment: 0)])
  }

  /// The tokens that are added.
  var tokens: [Int] {
    (single + pair).compactMap { part in if case .token(let id, _) = part { id } else { nil } }
  }

  /// How many tokens are added.
  func addedCount(hasPair: Bool) -> Int {
    (hasPair ? pair : single).count { if case .token = $0 { true } else { false } }
  }

  func applied(to first: [Int], _ second: [Int]?) -> TokenSequence {
    var sequence = TokenSequence(ids: [], segments: [])
    for part in second == nil ? single : pair {
      switch part {
      case .first(let segment): sequence.append(first, segment)
      case .second(let segment): sequence.append(second ?? [], segment)
      case .token(let token, let segment): sequence.append([token], segment)
      }
    }
    return sequence
  }
}

/// What a text, or two, become for a model.
public struct TokenSequence: Sendable, Hashable {
  public var ids: [Int]
  /// Which part each token belongs to: 0 or 1. BERT's token types.
  public var segments: [Int]

  public var count: Int { ids.count }

  fileprivate mutating func append(_ ids: [Int], _ segment: Int) {
    self.ids += ids
    segments += [Int](repeating: segment, count: ids.count)
  }
}
