/// How many insertions, deletions and substitutions make one sequence of another, at least (Levenshtein, 1966).
///
/// ```swift
/// editDistance(Array("kitten"), Array("sitting"))  // → 3
/// ```
public func editDistance<Token: Equatable>(_ a: [Token], _ b: [Token]) -> Int {
  var row = Array(0...b.count)
  for (i, first) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, second) in b.enumerated() {
      let change = diagonal + (first == second ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(change, row[j] + 1, diagonal + 1)
    }
  }
  return row[b.count]
}

/// Edits over the length of what was right, over all texts together: the character error rate of characters, the word error rate of words.
///
/// ```swift
/// var words = ErrorRate()
/// words.add(["a", "big", "cat"], right: ["a", "cat"])
/// words.value  // → 0.5
/// var characters = ErrorRate()
/// characters.add(characters: "cart", right: "cat")
/// characters.value == 1.0 / 3  // → true
/// ```
public struct ErrorRate: Sendable, Hashable {
  public private(set) var edits = 0
  /// The length of all that was right.
  public private(set) var length = 0

  public init() {}

  /// Counts a sequence beside the right one.
  public mutating func add<Token: Equatable>(_ found: [Token], right: [Token]) {
    edits += editDistance(found, right)
    length += right.count
  }

  /// Counts a text's words, by white space.
  public mutating func add(words found: String, right: String) {
    add(found.split(whereSeparator: \.isWhitespace), right: right.split(whereSeparator: \.isWhitespace))
  }

  /// Counts a text's characters.
  public mutating func add(characters found: String, right: String) { add(Array(found), right: Array(right)) }

  /// NaN while nothing was right.
  public var value: Double { length == 0 ? .nan : Double(edits) / Double(length) }
}
