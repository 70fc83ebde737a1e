import Tables
import TensorIO

/// Something about the input that was found, and where.
///
/// ```swift
/// InputFinding("a.csv:3", "expected 2 fields, found 1.")  // → a.csv:3: expected 2 fields, found 1.
/// ```
public struct InputFinding: Sendable, Hashable, Codable, CustomStringConvertible {
  /// A file, a file and a line, a class or a column.
  public var place: String
  public var reason: String

  public init(_ place: String, _ reason: String) { (self.place, self.reason) = (place, reason) }

  /// What is wrong with a file.
  init(_ error: FileError, in file: String) { self.init(file, "\(error)".withoutPlace(file)) }

  /// What is wrong with the file that the error names.
  init(_ error: FileError) {
    switch error {
    case .system(_, let file, _), .contents(let file, _, _, _): self.init(error, in: file)
    }
  }

  /// What is wrong with a row.
  init(_ row: BadRow) {
    let place = "\(row.file):\(row.line)"
    self.init(place, row.description.withoutPlace(place))
  }

  public var description: String { "\(place): \(reason)" }
}

extension String {
  /// A message that begins with the place it is about, without that.
  fileprivate func withoutPlace(_ place: String) -> String {
    hasPrefix(place + ": ") ? String(dropFirst(place.count + 2)) : self
  }
}

/// Input that can't be used, and is not to be skipped.
///
/// ```swift
/// let error = BadInputError(problems: [InputFinding("a.csv:3", "expected 2 fields, found 1.")])
/// error  // → a.csv:3: expected 2 fields, found 1.
/// ```
public struct BadInputError: Error, Sendable, Hashable, CustomStringConvertible {
  public let problems: [InputFinding]

  public init(problems: [InputFinding]) { self.problems = problems }

  public var description: String {
    let more = problems.count > 3 ? " And \(problems.count - 3) more." : ""
    return problems.prefix(3).map(\.description).joined(separator: " ") + more
  }
}

/// What was read, and all that was left out of it.
public struct InputReport: Sendable, Hashable, Codable, CustomStringConvertible {
  /// Pictures, texts or rows to learn from and to test on.
  public var trainingSamples = 0
  public var testSamples = 0
  /// What could not be used.
  public var skipped: [InputFinding] = []
  /// Files whose names end otherwise, hidden ones, or beside the classes' folders.
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
    if filesLeftAlone > 0 { lines.append("  left alone: \(filesLeftAlone) files of no class") }
    lines += filled.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value) missing values filled" }
    lines += unknownCategories.sorted { $0.key < $1.key }.map { column, levels in
      let names = levels.keys.sorted().prefix(5).map { "\"\($0)\"" }.joined(separator: ", ")
      return "  \(column): \(levels.values.reduce(0, +)) values that training did not have (\(names))"
    }
    return lines.joined(separator: "\n")
  }
}
