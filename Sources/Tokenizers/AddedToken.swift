/// A token beside the model's own, taken out of a text before all else: `[MASK]`, `<|endoftext|>`.
///
/// ```swift
/// let end = AddedToken("<|endoftext|>", isSpecial: true)
/// end.isNormalized  // → false
/// ```
public struct AddedToken: Sendable, Hashable {
  public var content: String
  /// Whether decoding may leave it out.
  public var isSpecial: Bool
  /// Whether it is found only between characters that belong to no word.
  public var isWord: Bool
  /// Whether it takes the white space before it, and behind it.
  public var takesLeft: Bool
  public var takesRight: Bool
  /// Whether it is looked for in the normalised text, and normalised itself: "Film" as "film" after lower-casing, which is also what decoding gives.
  public var isNormalized: Bool

  /// Looked for in the text as it is, if it is special, else in the normalised one.
  public init(
    _ content: String, isSpecial: Bool = false, isWord: Bool = false, takesLeft: Bool = false,
    takesRight: Bool = false, isNormalized: Bool? = nil
  ) {
    (self.content, self.isSpecial, self.isWord) = (content, isSpecial, isWord)
    (self.takesLeft, self.takesRight) = (takesLeft, takesRight)
    self.isNormalized = isNormalized ?? !isSpecial
  }
}

/// Finds added tokens in a text: from left to right, the longest that begins in a place.
struct AddedTokenSearch: Sendable {
  private struct Entry: Sendable {
    let text: Scalars
    let number: Int
    let token: AddedToken
  }

  /// By their first scalar, the longest first.
  private var entries: [Unicode.Scalar: [Entry]] = [:]

  init(_ tokens: [(text: Scalars, number: Int, token: AddedToken)]) {
    for (text, number, token) in tokens {
      guard let first = text.first else { continue }
      entries[first, default: []].append(Entry(text: text, number: number, token: token))
    }
    for first in entries.keys {
      // Of equal ones the first counts.
      entries[first] = entries[first]?.enumerated().sorted {
        ($1.element.text.count, $0.offset) < ($0.element.text.count, $1.offset)
      }.map(\.element)
    }
  }

  /// The parts of a text: the number of the token that each is, or nil.
  func parts(of text: Scalars) -> [(range: Range<Int>, token: Int?)] {
    if entries.isEmpty || text.isEmpty { return [(0..<text.count, nil)] }
    var parts: [(range: Range<Int>, token: Int?)] = []
    var end = 0
    var place = 0
    while place < text.count {
      guard let found = entry(in: text, at: place) else {
        place += 1
        continue
      }
      var range = place..<place + found.text.count
      // The search goes on behind the token itself.
      place = range.upperBound
      if found.token.isWord {
        let before = range.lowerBound > 0 && text[range.lowerBound - 1].isWordCharacter
        if before || (range.upperBound < text.count && text[range.upperBound].isWordCharacter) { continue }
      }
      if found.token.takesLeft {
        var start = range.lowerBound
        while start > end, text[start - 1].isSpace { start -= 1 }
        range = start..<range.upperBound
      }
      if found.token.takesRight {
        var stop = range.upperBound
        while stop < text.count, text[stop].isSpace { stop += 1 }
        range = range.lowerBound..<stop
      }
      if end < range.lowerBound { parts.append((end..<range.lowerBound, nil)) }
      parts.append((range, found.number))
      end = range.upperBound
    }
    if end < text.count { parts.append((end..<text.count, nil)) }
    return parts
  }

  private func entry(in text: Scalars, at place: Int) -> Entry? {
    entries[text[place]]?.first { text[place...].starts(with: $0.text) }
  }
}
