import FoundationEssentials
import Synchronization
import TensorCore

/// A CSV file (RFC 4180, 2005) of named numbers, to which a training adds a row at a time: the names first, then the numbers, empty where
/// a row has none. Spreadsheets and `Table.read` open it; other programs may follow it as it grows.
///
/// A name that comes later becomes another column, empty in the rows before it: for that the file is written again, whole or not at all.
/// Lines end with a line feed. One program at a time may write. A last line without its end, which a killed process leaves, counts for
/// none.
///
/// ```swift
/// let place = FileManager.default.temporaryDirectory.appending(path: "glassbox-log-\(UUID().uuidString).csv")
/// let log = try CSVLog(file: place)
/// try log.append(["epoch": 1, "loss": 0.5])
/// try log.append(["epoch": 2, "loss": 0.25, "accuracy": 0.75])
/// try String(contentsOf: place, encoding: .utf8).split(separator: "\n")  // → ["epoch,loss,accuracy", "1,0.5,", "2,0.25,0.75"]
/// ```
public final class CSVLog: Sendable {
  public let file: URL
  private let names: Mutex<[String]>

  /// Goes on with the rows of a file that is there; the first row makes it otherwise.
  ///
  /// - Throws: ``FileError`` when the file can't be read, or begins with no names.
  public init(file: URL) throws(FileError) {
    self.file = file
    names = Mutex(try CSVLog.read(file).names)
  }

  /// The names of the columns, from the left.
  public var columns: [String] { names.withLock { $0 } }

  /// Adds a row, by one write; NaN and infinities as `nan`, `inf` and `-inf`.
  ///
  /// Stops when a name stands in it twice.
  ///
  /// - Parameter durably: Whether to wait until the row is on the disk, some milliseconds, so that it survives a loss of power.
  /// - Throws: ``FileError``, on a full disk say. The rows are then as they were.
  public func append(_ row: KeyValuePairs<String, Double>, durably: Bool = true) throws(FileError) {
    try append(row.map { (name: $0.key, value: $0.value) }, durably: durably)
  }

  /// Adds a row whose names are known at run time alone.
  public func append(_ row: [(name: String, value: Double)], durably: Bool = true) throws(FileError) {
    var values: [String: Double] = [:]
    for (name, value) in row where values.updateValue(value, forKey: name) != nil {
      stop("CSVLog", "\(quoted(name)) stands twice in a row", fix: "name each number once")
    }
    if row.isEmpty { return }
    try names.withLock { names throws(FileError) in
      let columns = names + row.map(\.name).filter { !names.contains($0) }
      let fields = columns.map { values[$0].map(CSVLog.text) ?? "" }
      let line = fields.joined(separator: ",") + "\n"
      if columns.count == names.count {
        let opened = try AppendedFile(file)
        try opened.dropPartialLine()
        try opened.append(Array(line.utf8), durably: durably)
      } else {
        let rows = names.isEmpty ? [] : try CSVLog.read(file).rows
        let more = String(repeating: ",", count: columns.count - names.count)
        try AtomicFile.write(to: file) { file throws(FileError) in
          try file.write(columns.map(CSVLog.field).joined(separator: ",") + "\n")
          for row in rows { try file.write("\(row)\(more)\n") }
          try file.write(line)
        }
      }
      names = columns
    }
  }

  /// The rows so far: the numbers of each by name.
  ///
  /// - Throws: ``FileError`` when the file can't be read, or a row has another number of fields than there are names, or one that is no
  ///   number: it names the row, the first below the names being 1.
  public func rows() throws(FileError) -> [[String: Double]] {
    try names.withLock { names throws(FileError) in
      var rows: [[String: Double]] = []
      for (index, row) in try CSVLog.read(file).rows.enumerated() {
        rows.append(try CSVLog.numbers(row, names, file: file, number: index + 1))
      }
      return rows
    }
  }

  /// Keeps the rows before the first for which `isKept` says no, and drops the others in one step: what a resumed training does again.
  ///
  /// - Throws: ``FileError``, as ``rows()`` does, or when the file can't be written. It is then as it was.
  public func truncate(while isKept: ([String: Double]) -> Bool) throws(FileError) {
    let kept = try rows().prefix(while: isKept).count
    try names.withLock { names throws(FileError) in
      if names.isEmpty { return }
      let rows = try CSVLog.read(file).rows.prefix(kept)
      try AtomicFile.write(to: file) { [columns = names] file throws(FileError) in
        try file.write(columns.map(CSVLog.field).joined(separator: ",") + "\n")
        for row in rows { try file.write(row + "\n") }
      }
    }
  }
}

// The text.
extension CSVLog {
  /// The shortest text that reads back as the same number; `3` for 3.0.
  private static func text(_ value: Double) -> String {
    abs(value) < 1e15 && value == value.rounded() && value.bitPattern != (-0.0).bitPattern
      ? "\(Int(value))" : "\(value)"
  }

  /// A name as a field: in quotes where it must be.
  private static func field(_ name: String) -> String {
    let isPlain = name.unicodeScalars.allSatisfy { !",\"\r\n".unicodeScalars.contains($0) } && !name.isEmpty
    return isPlain ? name : "\"" + name.replacing("\"", with: "\"\"") + "\""
  }

  private static func numbers(
    _ row: String, _ names: [String], file: URL, number: Int
  ) throws(FileError) -> [String: Double] {
    let fields = row.split(separator: ",", omittingEmptySubsequences: false)
    func damage(_ expected: String, _ found: String) -> FileError {
      .contents(file: file.path(percentEncoded: false), key: "row \(number)", expected: expected, found: found)
    }
    if fields.count != names.count { throw damage("\(names.count) fields", "\(fields.count)") }
    var numbers: [String: Double] = [:]
    for (name, field) in zip(names, fields) where !field.isEmpty {
      guard let value = Double(field) else { throw damage("a number for \(quoted(name))", quoted(String(field))) }
      numbers[name] = value
    }
    return numbers
  }

  /// The names in a file's first line, and its other lines as they stand; none of either when there is no file, or an empty one.
  private static func read(_ file: URL) throws(FileError) -> (names: [String], rows: [String]) {
    guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else { return ([], []) }
    var rest = String(decoding: try WholeFile.read(file), as: UTF8.self).unicodeScalars[...]
    if rest.isEmpty { return ([], []) }
    guard let names = names(&rest) else {
      throw .contents(
        file: file.path(percentEncoded: false), key: nil, expected: "a first line of names, each once",
        found: "another one")
    }
    let rows = rest.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    return (names, rows.map { String(Substring($0.last == "\r" ? $0.dropLast() : $0)) })
  }

  /// Takes the first line; nil when it is none of different names, or does not end.
  private static func names(_ rest: inout Substring.UnicodeScalarView) -> [String]? {
    var names: [String] = []
    while true {
      var name = String.UnicodeScalarView()
      if rest.first == "\"" {
        repeat {
          rest.removeFirst()
          guard let end = rest.firstIndex(of: "\"") else { return nil }
          name += rest[..<end]
          rest = rest[end...].dropFirst()
          if rest.first == "\"" { name.append("\"") }
        } while rest.first == "\""
      } else {
        name += rest.prefix { !",\r\n".unicodeScalars.contains($0) }
        rest = rest.dropFirst(name.count)
      }
      names.append(String(name))
      if rest.first == "\r" { rest.removeFirst() }
      switch rest.popFirst() {
      case ",": continue
      case "\n": return Set(names).count == names.count ? names : nil
      default: return nil
      }
    }
  }
}
