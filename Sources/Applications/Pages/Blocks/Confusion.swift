import EvaluationMetrics

extension ResultPage {
  /// Which classes were taken for which, as a table: a row for each true class, a column for each predicted one. A cell is the darker, the greater its
  /// share of its row.
  public struct Confusion: Sendable, Hashable {
    public var counts: [[Int]]
    public var names: [String]

    /// A matrix with the classes' names, by index.
    public init(_ matrix: ConfusionMatrix, names: [String]) { (counts, self.names) = (matrix.counts, names) }
  }
}

extension ResultPage.Confusion {
  var markup: Markup {
    let isLong = names.contains { $0.count > 4 }
    let heads = names.map { name in
      Markup.element(
        "th", ["title": name, "class": isLong ? "upright" : "plain"], [.element("span", [.text(name.cut)])])
    }
    let rows = counts.enumerated().map { target, row in
      let total = row.reduce(0, +)
      let cells = row.enumerated().map { prediction, count in
        cell(count, share: total > 0 ? Double(count) / Double(total) : 0, target, prediction)
      }
      return Markup.element("tr", [.element("th", ["title": names[target]], [.text(names[target].cut)])] + cells)
    }
    let corner = Markup.element("th", ["class": "corner"], [.text("true ↓ predicted →")])
    let table = Markup.element(
      "table", ["class": "confusion"], [.element("thead", [.element("tr", [corner] + heads)]), .element("tbody", rows)])
    return .element("div", ["class": "scroll"], [table])
  }

  private func cell(_ count: Int, share: Double, _ target: Int, _ prediction: Int) -> Markup {
    if count == 0 { return .element("td", ["class": "none"], [.text("·")]) }
    // The root, so that a few mistakes among many samples can be seen.
    let depth = target == prediction ? 0.15 + 0.75 * share : 0.12 + 0.78 * share.squareRoot()
    let color = target == prediction ? "var(--right)" : "var(--wrong)"
    let label = "\(count) of \(names[target]) taken for \(names[prediction]), \(share.percentage)"
    return .element(
      "td",
      [
        "title": label, "class": depth > 0.7 ? "deep" : "pale",
        "style": "background: rgb(\(color) / \(depth.decimal(2)))",
      ], [.text("\(count)")])
  }
}

extension String {
  /// Not too long for a heading.
  fileprivate var cut: String { count <= 20 ? self : prefix(19) + "…" }
}
