/// What becomes of the matches of a pattern that text is split by.
///
/// ```swift
/// let dashes = PreTokenizer.split(.text("-"), .mergedWithNext)
/// dashes.pieces(of: "the-final--countdown")  // → ["the", "-final", "-", "-countdown"]
/// ```
public enum SplitBehavior: String, Sendable, Hashable, Codable {
  /// They are left out.
  case removed = "Removed"
  /// Each is a piece.
  case isolated = "Isolated"
  /// Each ends the piece before it.
  case mergedWithPrevious = "MergedWithPrevious"
  /// Each begins the piece after it.
  case mergedWithNext = "MergedWithNext"
  /// Neighbouring ones are one piece.
  case contiguous = "Contiguous"

  /// The pieces of `0..<count`, by its matches; those that are empty are left out.
  ///
  /// - Parameter inverted: Takes what is between matches for matches.
  func pieces(of count: Int, matches: [Range<Int>], inverted: Bool = false) -> [Range<Int>] {
    var parts: [(range: Range<Int>, isMatch: Bool)] = []
    var end = 0
    for match in matches {
      if end < match.lowerBound { parts.append((end..<match.lowerBound, inverted)) }
      parts.append((match, !inverted))
      end = match.upperBound
    }
    if end < count { parts.append((end..<count, inverted)) }

    var pieces: [Range<Int>] = []
    var wasMatch = false
    func join(_ range: Range<Int>) {
      guard let last = pieces.last else { return pieces.append(range) }
      pieces[pieces.count - 1] =
        min(last.lowerBound, range.lowerBound)..<max(last.upperBound, range.upperBound)
    }
    switch self {
    case .removed: pieces = parts.filter { !$0.isMatch }.map(\.range)
    case .isolated: pieces = parts.map(\.range)
    case .contiguous:
      for part in parts {
        if part.isMatch == wasMatch { join(part.range) } else { pieces.append(part.range) }
        wasMatch = part.isMatch
      }
    case .mergedWithPrevious:
      for part in parts {
        if part.isMatch && !wasMatch { join(part.range) } else { pieces.append(part.range) }
        wasMatch = part.isMatch
      }
    case .mergedWithNext:
      for part in parts.reversed() {
        if part.isMatch && !wasMatch { join(part.range) } else { pieces.append(part.range) }
        wasMatch = part.isMatch
      }
      pieces.reverse()
    }
    return pieces.filter { !$0.isEmpty }
  }
}
