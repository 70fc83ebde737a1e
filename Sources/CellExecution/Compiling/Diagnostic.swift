/// What the compiler says of a cell.
package struct Diagnostic: Sendable, Hashable {
  package enum Severity: Sendable, Hashable { case note, remark, warning, error }

  /// Lines and columns count from 1, and columns in bytes of UTF-8.
  package struct Location: Sendable, Hashable {
    package var file: String
    package var line: Int
    package var column: Int

    package init(file: String, line: Int, column: Int) {
      self.file = file
      self.line = line
      self.column = column
    }
  }

  /// Replaces what stands from `begin` up to `end` by `text`.
  package struct FixIt: Sendable, Hashable {
    package var begin, end: Location
    package var text: String
  }

  package var severity: Severity
  package var message: String
  /// nil: it is about no place in particular.
  package var location: Location?
  package var fixIts: [FixIt] = []
  package var notes: [Diagnostic] = []
}

extension Diagnostic {
  /// The diagnostics in a file that `swift-frontend -serialize-diagnostics-path` wrote. Names of codes and blocks are those of
  /// clang's `SerializedDiagnostics.h`.
  static func all(inSerialized bytes: [UInt8]) -> [Diagnostic] {
    guard let items = Bitstream.items(in: bytes, signature: "DIAG") else { return [] }
    var files: [Int: String] = [:]
    collectFiles(items, &files)
    return diagnostics(items, files)
  }

  private static func collectFiles(_ items: [Bitstream.Item], _ files: inout [Int: String]) {
    for item in items {
      switch item {
      case .block(_, let inner): collectFiles(inner, &files)
      case .record(let record):
        if record.code == 6, let id = record.fields.first { files[id] = record.text }
      }
    }
  }

  private static func diagnostics(_ items: [Bitstream.Item], _ files: [Int: String]) -> [Diagnostic] {
    items.compactMap { item in
      guard case .block(9, let inner) = item else { return nil }
      var found: Diagnostic?
      var fixIts: [FixIt] = []
      for case .record(let record) in inner {
        let fields = record.fields
        if record.code == 2, fields.count >= 4 {
          found = Diagnostic(
            severity: severity(fields[0]), message: record.text, location: location(fields[1...], files))
        }
        if record.code == 7, let begin = location(fields[...], files), let end = location(fields.dropFirst(4), files) {
          fixIts.append(FixIt(begin: begin, end: end, text: record.text))
        }
      }
      found?.fixIts = fixIts
      found?.notes = diagnostics(inner, files)
      return found
    }
  }

  /// From the number of a file, a line, a column and an offset.
  private static func location(_ fields: ArraySlice<Int>, _ files: [Int: String]) -> Location? {
    guard fields.count >= 3, let file = files[fields[fields.startIndex]] else { return nil }
    return Location(file: file, line: fields[fields.startIndex + 1], column: fields[fields.startIndex + 2])
  }

  private static func severity(_ code: Int) -> Severity {
    switch code {
    case 1: .note
    case 2: .warning
    case 5: .remark
    default: .error
    }
  }
}
