import DataPipelines
import Foundation
import TensorIO

/// A long text as it is read from a file, with what was left out.
///
/// ```swift
/// let file = FileManager.default.temporaryDirectory.appending(path: "glassbox-example-text.txt")
/// try Data("one two".utf8).write(to: file)
/// let reading = try LanguageReading(file, training: 0.5)
/// reading.text.train  // → one
/// ```
public struct LanguageReading: Sendable {
  public let text: LongText
  public let report: InputReport

  /// Reads UTF-8: the first share of it to learn from, the rest to validate on.
  ///
  /// - Parameter onBadInput: What to do about lines that are no UTF-8.
  /// - Throws: ``BadInputError``; ``TensorIO/FileError`` when the file can't be read, or is empty.
  public init(_ url: URL, onBadInput: BadInputHandling = .refuse, training: Double = 0.9) throws {
    let path = url.path(percentEncoded: false)
    let bytes = try WholeFile.read(url)
    var report = InputReport()
    var text = String(validating: bytes, as: UTF8.self) ?? ""
    if text.isEmpty {
      var lines: [String] = []
      for (number, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
        if let line = String(validating: line, as: UTF8.self) {
          lines.append(line)
        } else {
          report.skipped.append(InputFinding("\(path):\(number + 1)", "expected UTF-8, found other bytes."))
        }
      }
      if onBadInput == .refuse, !report.skipped.isEmpty { throw BadInputError(problems: report.skipped) }
      text = lines.joined(separator: "\n")
    }
    if text.isEmpty { throw FileError.contents(file: path, key: nil, expected: "text", found: "none") }
    (self.text, self.report) = (LongText(text, training: training), report)
  }
}
