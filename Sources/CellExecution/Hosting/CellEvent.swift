import NotebookDisplay

/// What happens while a cell runs, in the order in which it did so.
package enum CellEvent: Sendable {
  case output(String)
  case errorOutput(String)
  /// Something that is displayed: in a new place, which has a name if it is filled anew later; or in the place of that name.
  case display(MimeBundle, place: String?, isUpdate: Bool)
  /// What was shown is cleared, at once or when something is shown again.
  case clear(wait: Bool)
  /// The value of the last expression.
  case result(MimeBundle)
  /// The cell waits for a line: `CellHost.answer` gives it.
  case inputRequest(prompt: String, isPassword: Bool)
  /// The last event.
  case finished(CellOutcome)
}

/// How a cell ended.
package struct CellOutcome: Sendable, Hashable {
  package enum Ending: Sendable, Hashable {
    case completed
    /// An error that nobody caught.
    case threw(type: String, description: String)
    /// A mistake that stops a program, with the signal that it raised.
    case trapped(signal: Int32)
    case interrupted
    /// The cell called `exit`, or what it did ended the process; a new host is needed.
    case hostEnded(ProcessExit)
    /// It was not run: its library can't be loaded.
    case notRun(String)
  }

  /// A place in a cell's text.
  package struct Frame: Sendable, Hashable {
    /// nil: code at top level.
    package var function: String?
    /// As `#sourceLocation` has it.
    package var file: String
    package var line: Int
    package var column: Int
  }

  /// How the text begins that the runtime prints before it traps, behind the place.
  package static var lastWords: Regex<Substring> { /Fatal error|Precondition failed|Assertion failed/ }

  package var ending: Ending
  /// What the runtime said before it trapped: `Index out of range`, or what an op of Glassbox has against its shapes.
  package var message: String?
  /// The places in cells on the way to where it stopped, the innermost first.
  package var frames: [Frame] = []
  /// The index of the statement at the top that it had reached, if the cell says so: see `CellRewriter.marksStatements`.
  package var statement: Int
  /// Whether cells after this one can go on with the variables of those before.
  package var isStateKept: Bool

  package init(ending: Ending, message: String? = nil, frames: [Frame] = [], statement: Int = 0, isStateKept: Bool) {
    self.ending = ending
    self.message = message
    self.frames = frames
    self.statement = statement
    self.isStateKept = isStateKept
  }
}
