import Learning
import NotebookDisplay
import TensorCore

extension Chart {
  /// How much each column matters to a model (``permutationImportance(_:on:by:names:groups:repeats:seed:batchSize:)``): bars, the longest first,
  /// each with a line of one standard deviation to both sides of its end. Stops without any.
  ///
  /// ```swift
  /// let importances = [ColumnImportance(columns: ["age"], worsenings: [0.1, 0.3])]
  /// Chart.importances(importances)  // → bar chart with 1 point; x: importance
  /// ```
  ///
  /// - Parameter count: Only so many of the longest bars.
  public static func importances(_ importances: [ColumnImportance], count: Int = .max) -> Chart {
    let ordered = importances.enumerated().sorted { ($1.element.mean, $0.offset) < ($0.element.mean, $1.offset) }
    let shown = ordered.map(\.element).prefix(count)
    if shown.isEmpty { stop("importances", "there are none to show", fix: "give at least one") }
    var ends = Table([
      "from": shown.map { $0.mean - $0.standardDeviation }, "to": shown.map { $0.mean + $0.standardDeviation },
    ])
    ends.columns["category"] = shown.map { .string($0.name) }
    let spread = Mark(
      kind: "standard deviation", style: ["type": "rule", "strokeWidth": 1.5], table: ends,
      encoding: ["x": .quantity("from"), "x2": ["field": "to"], "y": .category("category")], ink: .text)
    return Chart(Chart.bar(shown.map(\.name), shown.map(\.mean), isHorizontal: true).marks + [spread]).changed {
      $0.x.title = "importance"
      $0.height = 24 * shown.count + 16
    }
  }
}
