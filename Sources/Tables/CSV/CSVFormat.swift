import Foundation
import TensorCore

/// How a file of separated values is written: RFC 4180 (2005), and the ways in which files differ from it.
///
/// ```swift
/// let german = CSVFormat(separator: ";", dateOrder: .dayMonthYear)
/// german.missingMarks.contains("NA")  // → true
/// CSVFormat.separator(of: URL(filePath: "rows.tsv")) == "\t"  // → true
/// ```
public struct CSVFormat: Sendable, Hashable {
  /// Where the columns' names come from.
  public enum Header: Sendable, Hashable {
    /// The first row holds them. A name that is empty becomes `column3`, by its position.
    case firstRow
    /// The file has no such row: these are the names.
    case names([String])
    /// The first row is passed over, and these are the names.
    case replaced([String])
  }

  /// What becomes of a row that cannot be read.
  public enum BadRows: Sendable, Hashable {
    /// Nothing is read, and the first such row is thrown.
    case refuse
    /// It is left out, and told in ``TableReading/skipped``.
    case skip
  }

  /// How the file's bytes stand for characters.
  public enum Encoding: Sendable, Hashable {
    /// With or without a byte order mark.
    case utf8
    /// ISO 8859-1: each byte is the character of that number.
    case latin1
  }

  /// An ASCII character between two fields.
  public var separator: Unicode.Scalar
  /// An ASCII character around fields that hold separators, line ends or the character itself, which stands twice then. A field with
  /// text before its first quote has no quotes: they belong to the text.
  public var quote: Unicode.Scalar
  /// A line that begins with this ASCII character is passed over.
  public var comment: Unicode.Scalar?
  /// Whether spaces and tabs around a field, outside of quotes, are dropped.
  public var trimsSpaces: Bool
  public var encoding: Encoding
  public var header: Header
  /// Fields that stand for no value at all.
  public var missingMarks: Set<String>
  /// How dates other than ISO 8601's are read.
  public var dateOrder: DateOrder
  public var badRows: BadRows

  /// How names of files with separated values end: tabs are between the values of all but the first.
  public static let fileEndings = ["csv", "tsv", "tab"]

  /// What stands between two fields of a file, by the end of its name: a tab in `.tsv` and `.tab`, else a comma.
  public static func separator(of file: URL) -> Unicode.Scalar {
    fileEndings.dropFirst().contains(file.pathExtension.lowercased()) ? "\t" : ","
  }

  /// What ``missingMarks`` holds unless said otherwise.
  public static let customaryMissingMarks: Set<String> = ["", "?", "NA", "N/A", "NaN", "nan", "NULL", "null"]

  /// Stops unless the separator, the quote and the comment mark are different ASCII characters, and none ends a line.
  public init(
    separator: Unicode.Scalar = ",", quote: Unicode.Scalar = "\"", comment: Unicode.Scalar? = nil,
    trimsSpaces: Bool = false, encoding: Encoding = .utf8, header: Header = .firstRow,
    missingMarks: Set<String> = CSVFormat.customaryMissingMarks, dateOrder: DateOrder = .yearMonthDay,
    badRows: BadRows = .refuse
  ) {
    let marks = [separator, quote] + (comment.map { [$0] } ?? [])
    guard Set(marks).count == marks.count, marks.allSatisfy({ $0.isASCII && $0 != "\n" && $0 != "\r" }) else {
      stop(
        "CSVFormat", "the marks \(marks) cannot be told apart", fix: "use different ASCII characters, and no line end")
    }
    self.separator = separator
    self.quote = quote
    self.comment = comment
    self.trimsSpaces = trimsSpaces
    self.encoding = encoding
    self.header = header
    self.missingMarks = missingMarks
    self.dateOrder = dateOrder
    self.badRows = badRows
  }
}
