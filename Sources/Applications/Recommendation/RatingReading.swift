import DataPipelines
import Foundation
import Tables

/// The columns that ratings stand in.
///
/// ```swift
/// RatingColumns(user: "reader", item: "book", rating: "stars").names  // → ["reader", "book", "stars"]
/// ```
public struct RatingColumns: Sendable, Hashable, Codable {
  public var user: String
  public var item: String
  public var rating: String
  /// What an item is called; nil: by its identifier.
  public var title: String?

  public init(user: String = "user", item: String = "item", rating: String = "rating", title: String? = nil) {
    (self.user, self.item, self.rating, self.title) = (user, item, rating, title)
  }

  public var names: [String] { [user, item, rating] + (title.map { [$0] } ?? []) }
}

/// Ratings from a file of separated values, and what of it can't be used.
struct RatingReading {
  var users: [String] = []
  var items: [String] = []
  var ratings: [Double] = []
  /// The first title that comes with each item.
  var titles: [String: String] = [:]
  var problems: [InputFinding] = []

  /// - Parameter header: The names of all columns, of a file without a header.
  /// - Throws: ``Tables/TableError`` when the file can't be read, or lacks a column.
  init(_ file: URL, _ columns: RatingColumns, header: [String]?) throws(TableError) {
    let format = CSVFormat(
      separator: CSVFormat.separator(of: file), trimsSpaces: true, header: header.map { .names($0) } ?? .firstRow,
      badRows: .skip)
    var kinds = Dictionary(columns.names.map { ($0, ColumnKind.category) }) { first, _ in first }
    kinds[columns.rating] = .number
    let reading = try Table.read(file, format: format, kinds: kinds)
    problems = reading.skipped.map { InputFinding($0) }
    let table = reading.table
    let (userTexts, itemTexts) = (table[columns.user].texts, table[columns.item].texts)
    let (values, names) = (table[columns.rating].numbers, columns.title.map { table[$0].texts })
    var first: [[String]: Int] = [:]
    for row in 0..<table.rowCount {
      let place = "\(reading.file):\(reading.lines[row])"
      guard let user = userTexts[row], let item = itemTexts[row], values[row].isFinite else {
        let name = userTexts[row] == nil ? columns.user : itemTexts[row] == nil ? columns.item : columns.rating
        problems.append(InputFinding(place, "expected a value of \"\(name)\", found none."))
        continue
      }
      if let line = first[[user, item]] {
        let reason = "\"\(user)\" has rated \"\(item)\" before, on line \(line): expected one rating of each."
        problems.append(InputFinding(place, reason))
        continue
      }
      first[[user, item]] = reading.lines[row]
      if let name = names?[row], titles[item] == nil { titles[item] = name }
      users.append(user)
      items.append(item)
      ratings.append(values[row])
    }
  }
}
