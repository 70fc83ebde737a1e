import NotebookDisplay

/// A cell as the language server sees it: behind the imports of all that came before.
package struct CellDocument {
  package let text: String
  /// Where the cell begins.
  private let start: Int

  /// - Parameters:
  ///   - prologue: lines of imports.
  ///   - code: without lines for the kernel.
  ///   - padding: empty lines between them. The server takes a completion for the continuation of the one before if it stands at the
  ///     same place, whatever stands before it; so the place has to change.
  package init(prologue: String, code: String, padding: Int = 0) {
    let head =
      prologue + (prologue.isEmpty || prologue.hasSuffix("\n") ? "" : "\n") + String(repeating: "\n", count: padding)
    start = head.utf8.count
    // The server counts a lone carriage return as the end of a line, and stops running if there is nothing behind the cursor.
    let lines = String(decoding: code.utf8.map { $0 == UInt8(ascii: "\r") ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    text = head + lines + "\n"
  }

  /// A place in the cell, an offset in UTF-8, as the server counts: lines, and columns in UTF-16, both from 0.
  package func position(_ offset: Int) -> JSON {
    let before = text.utf8.prefix(start + offset)
    let line = before.count { $0 == UInt8(ascii: "\n") }
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { before.index(after: $0) } ?? before.startIndex
    let column = String(decoding: before[lineStart...], as: UTF8.self).utf16.count
    return ["line": .integer(line), "character": .integer(column)]
  }
}

extension String {
  /// How many bytes of UTF-8 the first `count` Unicode scalars take, in which Jupyter's positions count.
  package func offset(ofScalar count: Int) -> Int {
    unicodeScalars.prefix(max(0, count)).reduce(0) { $0 + UTF8.width($1) }
  }

  /// The number of Unicode scalars in the first `offset` bytes of UTF-8.
  package func scalar(atOffset offset: Int) -> Int { self[utf8: 0..<offset].unicodeScalars.count }

  /// Bytes of UTF-8, between characters.
  package subscript(utf8 range: Range<Int>) -> String {
    String(decoding: utf8.dropFirst(range.lowerBound).prefix(range.count), as: UTF8.self)
  }
}
