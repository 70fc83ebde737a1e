import DataPipelines
import Foundation
import Tables
import TensorIO

/// How a task's table stands in its files: the names of its columns, the marks between fields, where the rows to test on are.
struct TableLayout {
  let format: CSVFormat
  /// Names that do not stand in the file; nil where its first row has them.
  let names: [String]?
  let test: URL?
  /// Columns that tell nothing about a row.
  let ignored: Set<String>
  /// Whether labels of the test end with a full stop, as Adult's do.
  let hasFullStops: Bool

  /// - Parameters:
  ///   - names: What the columns are called, if the file does not say.
  ///   - target: What the column is called that a list of C4.5's has no name for.
  init(_ file: URL, names: [String]?, target: String, test: URL?) throws(FileError) {
    let isAdult = names == nil && (file.lastPathComponent == "adult.data" || Self.isAdult(file))
    let isUCI = ["data", "test"].contains(file.pathExtension.lowercased())
    if let names {
      self.names = names
    } else if isAdult {
      self.names = Adult.names
    } else {
      self.names = isUCI ? try Self.columns(beside: file, target: target) : nil
    }
    self.test = test ?? (isUCI ? Self.sibling(of: file, "test") : nil)
    ignored = isAdult ? Adult.plan.ignored : []
    hasFullStops = isAdult
    let separator = CSVFormat.separator(of: file)
    format = CSVFormat(
      separator: separator, comment: isUCI ? "|" : nil, trimsSpaces: true,
      header: self.names.map { .names($0) } ?? .firstRow, badRows: .skip)
  }

  private static func isAdult(_ file: URL) -> Bool {
    guard
      let size = (try? FileManager.default.attributesOfItem(atPath: file.path(percentEncoded: false)))?[.size] as? Int,
      size == AdultFiles.train.published.byteCount, let bytes = try? WholeFile.read(file)
    else { return false }
    return FileHash.sha256(bytes) == AdultFiles.train.published.sha256
  }

  /// `X.test` beside `X.data`; nil if there is none.
  private static func sibling(of file: URL, _ suffix: String) -> URL? {
    let url = file.deletingPathExtension().appendingPathExtension(suffix)
    return url != file && FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) ? url : nil
  }

  /// The names in `X.names` (Quinlan, "C4.5", 1993): after the classes, a line `name: continuous.` or `name: value, value.` for each column but
  /// the last, which holds the class; `|` begins a comment.
  private static func columns(beside file: URL, target: String) throws(FileError) -> [String]? {
    guard let list = sibling(of: file, "names") else { return nil }
    let text = String(decoding: try WholeFile.read(list), as: UTF8.self)
    let names = text.split(whereSeparator: \.isNewline).compactMap { line -> String? in
      let entry = line.prefix { $0 != "|" }
      guard let colon = entry.firstIndex(of: ":") else { return nil }
      return entry[..<colon].trimmingCharacters(in: .whitespaces)
    }
    if names.isEmpty {
      throw .contents(
        file: list.path(percentEncoded: false), key: nil, expected: "lines such as \"age: continuous.\"", found: "none")
    }
    return names.contains(target) ? names : names + [target]
  }
}
