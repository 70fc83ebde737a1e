import Foundation

/// Reads the rows of a file of separated values one after the other (RFC 4180, 2005): quoted fields with separators, doubled quotes and
/// line ends in them; lines that end with LF, CRLF or CR, the last one perhaps with none; a byte order mark. Blank lines are passed over.
///
/// After it has thrown for a row, it goes on with the next one.
///
/// ```swift
/// var reader = try CSVReader(Array("name,say\nIda,\"\"\"hi\"\", twice\"\n".utf8))
/// try reader.next()?.fields ?? []  // → ["name", "say"]
/// let row = try reader.next()
/// row?.fields ?? []  // → ["Ida", "\"hi\", twice"]
/// row?.line ?? 0  // → 2
/// ```
public struct CSVReader {
  /// The fields of a row, and the line on which it begins, from 1.
  public struct Row: Sendable, Hashable {
    public let fields: [String]
    public let line: Int
  }

  /// The file, as messages name it.
  public let file: String
  private let bytes: [UInt8]
  private let format: CSVFormat
  private let separator: UInt8
  private let quote: UInt8
  private var position = 0
  private var line = 1
  /// How many fields the last row had: the next one most likely has as many.
  private var fieldCount = 0

  /// - Throws: ``TableError/unreadable(file:reason:)``; ``TableError/encoding(file:found:)`` for UTF-16 and UTF-32.
  public init(_ url: URL, format: CSVFormat = CSVFormat()) throws(TableError) {
    let path = url.path(percentEncoded: false)
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch {
      throw .unreadable(file: path, reason: error.localizedDescription)
    }
    try self.init([UInt8](data), file: path, format: format)
  }

  /// Reads what is in memory already; `file` stands for it in messages.
  public init(_ bytes: [UInt8], file: String = "CSV", format: CSVFormat = CSVFormat()) throws(TableError) {
    for (mark, name) in [([0xff, 0xfe], "UTF-16 or UTF-32"), ([0xfe, 0xff], "UTF-16")] as [([UInt8], String)]
    where bytes.starts(with: mark) && format.encoding == .utf8 {
      throw .encoding(file: file, found: "\(name), by its byte order mark")
    }
    self.bytes = bytes
    self.file = file
    self.format = format
    separator = UInt8(ascii: format.separator)
    quote = UInt8(ascii: format.quote)
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
  }

  /// The next row; nil at the end.
  ///
  /// - Throws: ``TableError/badRow(_:)``. The next call goes on behind that row: behind its first line where a quoted field does not
  ///   end, else behind the line that is wrong.
  public mutating func next() throws(TableError) -> Row? {
    passBlankLines()
    if position == bytes.count { return nil }
    let start = (position: position, line: line)
    var fields: [String] = []
    fields.reserveCapacity(fieldCount)
    var problem: BadRow.Problem?
    repeat {
      let (text, wrong) = takeField()
      fields.append(text)
      problem = problem ?? wrong
      // Where this row ends, only a file that is right would tell.
      if wrong == .unclosedQuote || wrong == .textAfterQuote {
        if wrong == .unclosedQuote { (position, line) = start }
        passLine()
        break
      }
    } while take(separator)
    if problem != .unclosedQuote && problem != .textAfterQuote { takeLineEnd() }
    if let problem { throw .badRow(BadRow(file: file, line: start.line, problem: problem)) }
    fieldCount = fields.count
    return Row(fields: fields, line: start.line)
  }

  private var ahead: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    if ahead != byte { return false }
    position += 1
    return true
  }

  /// Takes LF, CRLF or CR.
  @discardableResult
  private mutating func takeLineEnd() -> Bool {
    let found = take(UInt8(ascii: "\r"))
    if take(UInt8(ascii: "\n")) || found {
      line += 1
      return true
    }
    return false
  }

  private mutating func passLine() {
    while let byte = ahead, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { position += 1 }
    takeLineEnd()
  }

  private mutating func passBlankLines() {
    while let byte = ahead {
      if let comment = format.comment, byte == UInt8(ascii: comment) {
        passLine()
      } else if !takeLineEnd() {
        return
      }
    }
  }

  /// A space or a tab, but where that separates fields.
  private func isSpace(_ byte: UInt8) -> Bool { (byte == 0x20 || byte == 0x09) && byte != separator }

  private mutating func passSpaces() {
    if !format.trimsSpaces { return }
    while let byte = ahead, isSpace(byte) { position += 1 }
  }

  private mutating func takeField() -> (String, BadRow.Problem?) {
    passSpaces()
    if ahead == quote { return takeQuoted() }
    let start = position
    while let byte = ahead, byte != separator, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { position += 1 }
    var end = position
    if format.trimsSpaces {
      while end > start, isSpace(bytes[end - 1]) { end -= 1 }
    }
    return text(bytes[start..<end], at: start)
  }

  private mutating func takeQuoted() -> (String, BadRow.Problem?) {
    position += 1
    let start = position
    var content: [UInt8] = []
    var from = position
    while let byte = ahead {
      position += 1
      if byte == quote {
        content += bytes[from..<(position - 1)]
        from = position
        // Of a doubled quote, the second one belongs to the text.
        if take(quote) { continue }
        passSpaces()
        let isEnd = ahead.map { $0 == separator || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? true
        return isEnd ? text(content[...], at: start) : ("", .textAfterQuote)
      }
      if byte == UInt8(ascii: "\n") || (byte == UInt8(ascii: "\r") && ahead != UInt8(ascii: "\n")) { line += 1 }
    }
    return ("", .unclosedQuote)
  }

  private func text(_ field: ArraySlice<UInt8>, at offset: Int) -> (String, BadRow.Problem?) {
    switch format.encoding {
    case .latin1: return (String(String.UnicodeScalarView(field.map { Unicode.Scalar($0) })), nil)
    case .utf8:
      if let text = String(validating: field, as: UTF8.self) { return (text, nil) }
      return ("", .encoding(offset: offset + validCount(field)))
    }
  }

  /// How many bytes stand before the first that is wrong.
  private func validCount(_ field: ArraySlice<UInt8>) -> Int {
    var decoder = Unicode.UTF8.ForwardParser()
    var rest = field.makeIterator()
    var count = 0
    while case .valid(let scalar) = decoder.parseScalar(from: &rest) { count += scalar.count }
    return count
  }
}
