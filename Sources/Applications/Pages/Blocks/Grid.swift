extension ResultPage {
  /// Texts in rows and columns, under a header.
  public struct Grid: Sendable, Hashable {
    public var header: [String]
    public var rows: [[String]]
    /// The columns that begin on the left; the others hold numbers, and end on the right.
    public var textColumns: Set<Int>

    public init(_ header: [String], _ rows: [[String]], textColumns: Set<Int> = [0]) {
      (self.header, self.rows, self.textColumns) = (header, rows, textColumns)
    }
  }
}

extension ResultPage.Grid {
  var markup: Markup {
    func row(_ cells: [String], _ tag: String) -> Markup {
      .element(
        "tr",
        cells.enumerated().map { column, cell in
          .element(tag, textColumns.contains(column) ? [:] : ["class": "number"], [.text(cell)])
        })
    }
    let table = Markup.element(
      "table", ["class": "grid"],
      [.element("thead", [row(header, "th")]), .element("tbody", rows.map { row($0, "td") })])
    return .element("div", ["class": "scroll"], [table])
  }
}
