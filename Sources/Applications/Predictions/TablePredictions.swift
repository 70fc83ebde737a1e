import NotebookDisplay
import Tables

/// What a model makes of a table's rows, and what was found in them: ``TablePredictor/predict(_:batchSize:)`` gives it.
///
/// ```swift
/// func income(of people: Table, by predictor: TablePredictor) throws {
///   let predictions = try predictor.predict(people)
///   print(predictions.table["income"].texts, predictions.report.unknown)
/// }
/// ```
public struct TablePredictions: Sendable, CustomStringConvertible, NotebookDisplayable {
  /// A row for each of the table's: the target's column, and for classes the probability of each, `P(income = high)`.
  public let table: Table
  /// How many missing values were filled, and which categories training did not have.
  public let report: PreparationReport

  public var description: String { "\(table)\n\(report)" }

  public var notebookDisplay: MimeBundle {
    guard case .text(let html)? = table.notebookDisplay["text/html"] else { return MimeBundle(text: description) }
    let line = "<div style=\"opacity: 0.7\">\(report.description.escapedForHTML)</div>"
    return MimeBundle(text: description, ["text/html": .text(html + line)])
  }
}
