/// What to do about input that can't be used: a picture that can't be decoded, a class with one picture, a row that is too short.
public enum BadInputHandling: String, Sendable, Hashable, Codable, CaseIterable {
  /// Throw a ``BadInputError`` that names it.
  case refuse
  /// Leave it out, and name it in the ``InputReport``.
  case skip
}

/// Input that can't be used, and is not to be skipped.
///
/// ```swift
/// BadInputError(problems: ["a.csv:3: expected 2 fields, found 1."])  // → a.csv:3: expected 2 fields, found 1.
/// ```
public struct BadInputError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A sentence for each, with the file, and the line or row.
  public let problems: [String]

  public init(problems: [String]) { self.problems = problems }

  public var description: String {
    let more = problems.count > 3 ? " And \(problems.count - 3) more." : ""
    return problems.prefix(3).joined(separator: " ") + more
  }
}

/// What was read, and all that was left out of it.
public struct InputReport: Sendable, Hashable, Codable, CustomStringConvertible {
  /// Pictures or rows to learn from and to test on.
  public var trainingSamples = 0
  public var testSamples = 0
  /// A sentence for everything that was skipped, with the file, and the line or row.
  public var skipped: [String] = []
  /// Files that are no pictures by their names, hidden ones, or beside the classes' folders.
  public var filesLeftAlone = 0
  /// Missing values that were filled, by column.
  public var filled: [String: Int] = [:]
  /// Categories of the test that training did not have, and how often they come, by column.
  public var unknownCategories: [String: [String: Int]] = [:]

  public init() {}

  public var description: String {
    var lines = ["\(trainingSamples) samples to learn from, \(testSamples) to test on, \(skipped.count) skipped"]
    lines += skipped.prefix(10).map { "  skipped: \($0)" }
    if skipped.count > 10 { lines.append("  and \(skipped.count - 10) more") }
    if filesLeftAlone > 0 { lines.append("  left alone: \(filesLeftAlone) files that are no pictures of a class") }
    lines += filled.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value) missing values filled" }
    lines += unknownCategories.sorted { $0.key < $1.key }.map { column, levels in
      let names = levels.keys.sorted().prefix(5).map { "\"\($0)\"" }.joined(separator: ", ")
      return "  \(column): \(levels.values.reduce(0, +)) values that training did not have (\(names))"
    }
    return lines.joined(separator: "\n")
  }
}
