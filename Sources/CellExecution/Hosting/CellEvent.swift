import NotebookDisplay

/// What happens while a cell runs, in the order in which it did so.
public enum CellEvent: Sendable {
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
public struct CellOutcome: Sendable, Hashable {
  public enum Ending: Sendable, Hashable {
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
  public struct Frame: Sendable, Hashable {
    /// nil: code at top level.
    public var function: String?
    /// As `#sourceLocation` has it.
    public var file: String
    public var line: Int
    public var column: Int
  }

  /// How the text begins that the runtime prints before it traps, behind the place.
  public static var lastWords: Regex<Substring> { /Fatal error|Precondition failed|Assertion failed/ }

  public var ending: Ending
  /// What the runtime said before it trapped: `Index out of range`, or what an op of Glassbox has against its shapes.
  public var message: String?
  /// The places in cells on the way to where it stopped, the innermost first.
  public var frames: [Frame] = []
  /// The index of the statement at the top that it had reached, if the cell says so: see `CellRewriter.marksStatements`.
  public var statement: Int
  /// Whether cells after this one can go on with the variables of those before.
  public var isStateKept: Bool

  public init(ending: Ending, message: String? = nil, frames: [Frame] = [], statement: Int = 0, isStateKept: Bool) {
    self.ending = ending
    self.message = message
    self.frames = frames
    self.statement = statement
    self.isStateKept = isStateKept
  }
}
