import NotebookDisplay

extension Table: CustomStringConvertible, NotebookDisplayable {
  /// The first and the last rows, each column's kind below its name, and the size.
  public var description: String { grid.text + "\n" + size }

  public var notebookDisplay: MimeBundle {
    MimeBundle(
      text: description, ["text/html": .text("\(grid.html)<div style=\"opacity: 0.7\">\(size)</div>")])
  }

  private var size: String { "\(rowCount) rows × \(columns.count) columns" }

  /// Of ten rows at most: five from either end.
  private var grid: TextGrid {
    let positions: [Int?] =
      rowCount <= 10 ? Array(0..<rowCount) : Array(0..<5) + [nil] + Array((rowCount - 5)..<rowCount)
    let rows = positions.map { position -> [String] in
      guard let position else { return ["…"] + columns.map { _ in "…" } }
      return ["\(position)"] + columns.map { column in column.text(at: position)?.cut(to: 40) ?? "·" }
    }
    let left = columns.indices.filter { columns[$0].kind != .number }.map { $0 + 1 }
    return TextGrid(
      header: [""] + names, subheader: [""] + kinds.map(\.description), rows: rows, leftAligned: Set(left))
  }
}

extension String {
  /// On one line, and not too long.
  fileprivate func cut(to length: Int) -> String {
    let line = String(map { $0.isNewline ? " " : $0 })
    return line.count <= length ? line : line.prefix(length - 1) + "…"
  }
}

/// Texts in rows and columns, as a terminal shows them and as a table in HTML.
struct TextGrid {
  var header: [String]
  var subheader: [String] = []
  var rows: [[String]]
  /// The columns that begin on the left; numbers end on the right.
  var leftAligned: Set<Int> = []

  var text: String {
    let lines = [header] + (subheader.isEmpty ? [] : [subheader]) + rows
    let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      let cells = line.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return leftAligned.contains(column) ? cell + padding : padding + cell
      }
      return cells.joined(separator: "  ").trimmedAtEnd
    }.joined(separator: "\n")
  }

  var html: String {
    func row(_ cells: [String], _ tag: String, style: String = "") -> String {
      let parts = cells.enumerated().map { column, cell in
        let side = leftAligned.contains(column) ? "left" : "right"
        return "<\(tag) style=\"text-align: \(side)\(style)\">\(cell.escapedForHTML)</\(tag)>"
      }
      return "<tr>\(parts.joined())</tr>"
    }
    let kinds = subheader.isEmpty ? "" : row(subheader, "th", style: "; opacity: 0.6; font-weight: normal")
    return "<table>\(row(header, "th"))\(kinds)\(rows.map { row($0, "td") }.joined())</table>"
  }
}

extension String {
  fileprivate var trimmedAtEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
