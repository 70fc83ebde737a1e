import Applications
import Foundation
import NotebookDisplay
import Tables

/// Predictions for rows of tables.
struct RowPredictions {
  private let predictor: any RowPredictor
  private let json: Bool

  init(_ predictor: any RowPredictor, _ json: Bool) { (self.predictor, self.json) = (predictor, json) }

  func write(_ inputs: [String], _ lines: PredictionLines) throws {
    var isFirst = true
    for path in inputs {
      do {
        let reading = try predictor.rows(of: URL(filePath: path))
        for row in reading.skipped { lines.report(row.description) }
        if reading.table.rowCount == 0 { continue }
        let predictions = try predictor.predict(reading.table)
        let table = predictions.table
        if isFirst && !json { lines.write(table.names.map(field).joined(separator: ",")) }
        isFirst = false
        for row in 0..<table.rowCount { lines.write(json ? object(table, row) : values(table, row)) }
        for (column, levels) in predictions.report.unknown.sorted(by: { $0.key < $1.key }) {
          let names = levels.keys.sorted().prefix(5).map { "\"\($0)\"" }.joined(separator: ", ")
          Output.error("glassbox: note: \(path): \"\(column)\" holds what training did not have: \(names).")
        }
      } catch {
        lines.report("\(error)")
      }
    }
  }

  private func values(_ table: Table, _ row: Int) -> String {
    table.columns.map { field(text($0, row)) }.joined(separator: ",")
  }

  private func object(_ table: Table, _ row: Int) -> String {
    let entries = table.columns.map { column -> (String, JSON) in
      (column.name, column.kind == .number ? .number(column.numbers[row]) : .string(text(column, row)))
    }
    return JSON.object(Dictionary(entries) { first, _ in first }).text
  }

  private func text(_ column: Column, _ row: Int) -> String {
    guard column.kind == .number else { return column.text(at: row) ?? "" }
    return "\(column.numbers[row])"
  }

  /// In quotes, where the text could be taken for something else (RFC 4180, 2005).
  private func field(_ text: String) -> String {
    let isPlain = !text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
