import CellExecution
import CellRewriting
import Foundation

/// What a notebook shows of a cell that failed: the message, the place in the cell's own text, and a caret under it.
struct CellReport {
  /// A cell as its author wrote it.
  struct Text {
    var code: String
    var map: PositionMap

    func line(_ number: Int) -> String? {
      let lines = code.split(separator: "\n", omittingEmptySubsequences: false)
      return lines.indices.contains(number - 1) ? String(lines[number - 1]) : nil
    }
  }

  /// By the names under which the compiler knows them, such as `Cell[3]`.
  let texts: [String: Text]

  func error(for problem: CellProblem, in file: String) -> CellError {
    CellError(
      name: "CompileError", value: problem.message,
      traceback: [Colour.bold("error: ") + Colour.bold(problem.message)] + shown(file, problem.position))
  }

  func error(for compilation: Compilation) -> CellError {
    let own = compilation.diagnostics.filter { $0.severity == .error }
    let errors = own.isEmpty ? compilation.otherDiagnostics.filter { $0.severity == .error } : own
    let lines = errors.flatMap { self.lines(for: $0) }
    return CellError(
      name: "CompileError", value: errors.first?.message ?? "the cell does not compile", traceback: lines)
  }

  /// But not what a notebook makes meaningless: that a value is not used, or a variable never changed, before the next cell is written.
  func warnings(in compilation: Compilation) -> [String] {
    let meaningless = /is unused$|was never (used|mutated|read)|no calls to throwing functions|will never be executed/
    return compilation.diagnostics.filter { diagnostic in
      diagnostic.severity == .warning && diagnostic.message.firstMatch(of: meaningless) == nil
    }.flatMap { lines(for: $0) }
  }

  /// `statement` is where the cell stood, if it is known. It is not where a cell ended its process.
  func error(for outcome: CellOutcome, in file: String, at statement: SourcePosition?) -> CellError {
    let (name, value) = Self.title(of: outcome)
    var lines = value.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines[0] = Colour.bold(name + ": ") + Colour.bold(lines[0])
    let frames = distinct(outcome.frames)
    for (index, frame) in frames.prefix(8).enumerated() {
      let position = SourcePosition(line: frame.line, column: max(frame.column, 1))
      let original = texts[frame.file]?.map.original(position) ?? position
      lines.append("  \(frame.file):\(original.line)" + (frame.function.map { " in \($0)" } ?? ""))
      if index == 0 { lines += excerpt(frame.file, original) }
    }
    if frames.count > 8 { lines.append("  … \(frames.count - 8) more") }
    let knowsCell = frames.contains { $0.file == file && $0.function == nil }
    var isEnded = false
    if case .hostEnded = outcome.ending { isEnded = true }
    if let statement, !knowsCell, !isEnded { lines += shown(file, statement) }
    if outcome.isStateKept {
      lines.append("The variables of the cells before are as they were.")
    } else {
      lines.append(
        "The process that held the variables has ended. %restart runs the cells again that ran before this one.")
    }
    return CellError(name: name, value: value, traceback: lines)
  }

  private static func title(of outcome: CellOutcome) -> (name: String, value: String) {
    switch outcome.ending {
    case .completed: ("", "")
    case .threw(let type, let description): (type, description)
    case .trapped: ("Fatal error", outcome.message ?? "the program stopped itself")
    case .interrupted: ("Interrupted", "the cell was stopped")
    case .hostEnded(.status(let status)):
      ("ProcessEnded", "the cell ended its process with the exit status \(status)")
    case .hostEnded(.signal(let signal)):
      ("ProcessEnded", outcome.message ?? "the cell's process was ended by the signal \(signal)")
    case .notRun(let reason): ("NotRun", reason)
    }
  }

  /// A recursion's frames are told once.
  private func distinct(_ frames: [CellOutcome.Frame]) -> [CellOutcome.Frame] {
    var seen: Set<CellOutcome.Frame> = []
    return frames.filter { seen.insert($0).inserted }
  }

  private func lines(for diagnostic: Diagnostic) -> [String] {
    let severity =
      switch diagnostic.severity {
      case .note: Colour.faint("note: ")
      case .remark: Colour.faint("remark: ")
      case .warning: Colour.yellow("warning: ")
      case .error: Colour.bold("error: ")
      }
    var lines = [severity + Colour.bold(diagnostic.message)]
    if let location = diagnostic.location {
      let position = SourcePosition(line: location.line, column: location.column)
      lines += shown(location.file, texts[location.file]?.map.original(position) ?? position)
    }
    for fixIt in diagnostic.fixIts {
      guard let range = range(of: fixIt) else { continue }
      let old = texts[fixIt.begin.file].flatMap { text(in: range, of: $0) }
      switch (old, fixIt.text.isEmpty) {
      case (nil, _): lines.append("  fix: insert `\(fixIt.text)` at \(range.lowerBound)")
      case (let old?, true): lines.append("  fix: remove `\(old)` at \(range.lowerBound)")
      case (let old?, false): lines.append("  fix: replace `\(old)` by `\(fixIt.text)` at \(range.lowerBound)")
      }
    }
    // Notes about files that nobody sees, as what stands for a cell that stopped, say nothing to the reader.
    let notes = diagnostic.notes.filter { note in note.location.map { texts[$0.file] != nil } ?? true }
    return lines + notes.flatMap { self.lines(for: $0).map { "  " + $0 } }
  }

  /// nil: it is empty.
  private func text(in range: Range<SourcePosition>, of cell: CellReport.Text) -> String? {
    guard range.lowerBound.line == range.upperBound.line, let line = cell.line(range.lowerBound.line) else {
      return nil
    }
    let bytes = line.utf8.dropFirst(range.lowerBound.column - 1)
      .prefix(range.upperBound.column - range.lowerBound.column)
    return bytes.isEmpty ? nil : String(bytes)
  }

  private func range(of fixIt: Diagnostic.FixIt) -> Range<SourcePosition>? {
    let begin = SourcePosition(line: fixIt.begin.line, column: fixIt.begin.column)
    let end = SourcePosition(line: fixIt.end.line, column: fixIt.end.column)
    guard begin <= end else { return nil }
    return texts[fixIt.begin.file]?.map.original(begin..<end)
  }

  private func shown(_ file: String, _ position: SourcePosition) -> [String] {
    ["  \(file):\(position)"] + excerpt(file, position)
  }

  /// The line, and a caret under the column, which counts bytes.
  private func excerpt(_ file: String, _ position: SourcePosition) -> [String] {
    guard let line = texts[file]?.line(position.line) else { return [] }
    let before = String(decoding: line.utf8.prefix(position.column - 1), as: UTF8.self)
    let indent = String(before.map { $0 == "\t" ? "\t" : " " })
    return ["    " + line, "    " + indent + Colour.bold("^")]
  }
}

/// ANSI's, which notebooks and terminals show. Not red: a notebook shows errors on a red ground.
private enum Colour {
  static func yellow(_ text: String) -> String { "\u{1B}[1;33m\(text)\u{1B}[0m" }
  static func faint(_ text: String) -> String { "\u{1B}[1;30m\(text)\u{1B}[0m" }
  static func bold(_ text: String) -> String { "\u{1B}[1m\(text)\u{1B}[0m" }
}
