import NotebookDisplay

/// The scores of each class, and their means: prints as a table, which a notebook shows as one.
///
/// ```swift
/// var matrix = ConfusionMatrix(classes: 2)
/// try matrix.add(predictions: Tensor([0, 1, 1, 0]), targets: Tensor([0, 1, 1, 1]))
/// matrix.report(names: ["cat", "dog"])  // → class  precision  recall      F1  support
/// //     cat     0.5000  1.0000  0.6667        1
/// //     dog     1.0000  0.6667  0.8000        3
/// //    mean     0.7500  0.8333  0.7333        4
/// ```
public struct ClassReport: Sendable, Hashable, CustomStringConvertible {
  public struct Row: Sendable, Hashable {
    public let name: String
    public let scores: ClassScores
  }

  /// One for each class.
  public let rows: [Row]
  /// The plain mean of the classes that occur.
  public let mean: ClassScores

  fileprivate init(_ matrix: ConfusionMatrix, _ names: [String]?) {
    let names = names ?? matrix.counts.indices.map(String.init)
    rows = zip(names, matrix.classScores).map(Row.init)
    mean = matrix.macroAverage
  }

  private static let header = ["class", "precision", "recall", "F1", "support"]
  private var cells: [[String]] { (rows + [Row(name: "mean", scores: mean)]).map { [$0.name] + $0.scores.columns } }

  public var description: String { Table.aligned([ClassReport.header] + cells) }
}

extension ClassReport: NotebookDisplayable {
  /// A table; the means stand below a rule.
  public var notebookDisplay: MimeBundle {
    func line(_ cells: [String], _ tag: String, _ style: String = "") -> String {
      let inner = cells.enumerated().map { column, text in
        "<\(tag) style=\"text-align: \(column == 0 ? "left" : "right")\(style)\">\(text.escapedForHTML)</\(tag)>"
      }
      return "<tr>\(inner.joined())</tr>"
    }
    let lines = cells
    let html =
      line(ClassReport.header, "th") + lines.dropLast().map { line($0, "td") }.joined()
      + lines.suffix(1).map { line($0, "td", "; border-top: 1px solid") }.joined()
    return MimeBundle(text: description, ["text/html": .text("<table>\(html)</table>")])
  }
}

extension ConfusionMatrix {
  /// Precision, recall, F1 and support of each class, which has its number for a name unless there are others; below, the plain mean.
  public func report(names: [String]? = nil) -> ClassReport { ClassReport(self, names) }

  /// The counts: a row for each true class, a column for each predicted one. Nothing is a dot, so that mistakes stand
  /// out.
  public func table(names: [String]? = nil) -> String {
    let names = names ?? counts.indices.map(String.init)
    var rows = [["true \\ predicted"] + names]
    for (name, row) in zip(names, counts) { rows.append([name] + row.map { $0 == 0 ? "·" : String($0) }) }
    return Table.aligned(rows)
  }
}

private enum Table {
  /// Columns aligned to the right.
  static func aligned(_ rows: [[String]]) -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}

extension ClassScores {
  fileprivate var columns: [String] { [precision, recall, f1].map { $0.formatted(decimals: 4) } + [String(support)] }
}
