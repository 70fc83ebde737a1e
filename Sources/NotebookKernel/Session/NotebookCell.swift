import CellRewriting

/// A cell of a notebook that is to run.
struct NotebookCell: Sendable {
  let code: String
  /// The number of its run that the notebook shows beside it; 0: it shows none.
  let number: Int
  /// What the notebook calls the cell, in each of its runs.
  let id: String?
  /// Whether it runs again after a restart.
  let isKept: Bool

  init(code: String, number: Int = 0, id: String? = nil, isKept: Bool = true) {
    self.code = code
    self.number = number
    self.id = id
    self.isKept = isKept
  }

  init(_ request: ExecuteRequest) {
    self.init(code: request.code, number: request.executionCount, id: request.cellID, isKept: !request.silent)
  }

  /// What stands before a place in it: what has run of a cell that stopped there. nil: nothing has.
  func before(_ place: SourcePosition) -> NotebookCell? {
    let lines = code.split(separator: "\n", omittingEmptySubsequences: false)
    let (whole, part) = (lines.prefix(place.line - 1), lines.dropFirst(place.line - 1).first ?? "")
    let text = (whole + [Substring(part.utf8.prefix(place.column - 1))]).joined(separator: "\n")
    return text.allSatisfy(\.isWhitespace) ? nil : NotebookCell(code: text, number: number, id: id, isKept: isKept)
  }
}

/// The cells that a restart runs again: in the order of their first runs, each with its newest text, and of those that stopped half way
/// what stood before.
struct ReplayRecord {
  private struct Entry {
    var cell: NotebookCell
    /// Whether the process has its values.
    var isLive = true
  }

  private var entries: [Entry] = []

  var cells: [NotebookCell] { entries.map(\.cell) }

  mutating func add(_ cell: NotebookCell) {
    let known = entries.firstIndex { entry in
      if let id = cell.id { return entry.cell.id == id }
      // A notebook that does not name its cells runs them again after the process has ended.
      return !entry.isLive && entry.cell.id == nil && entry.cell.code == cell.code
    }
    if let known { entries[known] = Entry(cell: cell) } else { entries.append(Entry(cell: cell)) }
  }

  /// Gives a cell that ran before a new text; false: there is none.
  mutating func replace(_ cell: NotebookCell) -> Bool {
    guard let id = cell.id, let known = entries.firstIndex(where: { $0.cell.id == id }) else { return false }
    entries[known].cell = cell
    return true
  }

  mutating func forgetProcess() {
    for index in entries.indices { entries[index].isLive = false }
  }
}
