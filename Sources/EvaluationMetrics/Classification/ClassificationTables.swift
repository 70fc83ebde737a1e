import NotebookDisplay

// The tables that a report prints: columns aligned, numbers to the right.
extension ConfusionMatrix {
  /// One line a class: precision, recall, F1 and support; below, the macro average.
  public func scoreTable(names: [String]? = nil) -> String {
    let names = names ?? counts.indices.map(String.init)
    var rows = [["class", "precision", "recall", "F1", "support"]]
    for (name, scores) in zip(names, classScores) { rows.append([name] + scores.columns) }
    rows.append(["mean"] + macroAverage.columns)
    return aligned(rows)
  }

  /// The counts: a row for each true class, a column for each predicted one. Nothing is a dot, so that mistakes stand
  /// out.
  public func table(names: [String]? = nil) -> String {
    let names = names ?? counts.indices.map(String.init)
    var rows = [["true \\ predicted"] + names]
    for (name, row) in zip(names, counts) { rows.append([name] + row.map { $0 == 0 ? "·" : String($0) }) }
    return aligned(rows)
  }

  private func aligned(_ rows: [[String]]) -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}

extension ClassScores {
  fileprivate var columns: [String] { [precision, recall, f1].map { $0.formatted(decimals: 4) } + [String(support)] }
}
