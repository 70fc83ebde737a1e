import NotebookDisplay

/// What answers the requests of Jupyter's clients. Requests that take their turns are handed over one at a time; `interrupt` and
/// `shutdown` come while one of them is being answered.
package protocol KernelHandler: Sendable {
  var info: KernelInfo { get async }
  /// Runs a cell. The error of one that failed is shown by the server.
  func execute(_ request: ExecuteRequest, to output: any CellOutput) async -> ExecuteReply
  func complete(_ code: String, cursor: Int) async -> CompleteReply
  /// What is known about the name at the cursor, or nil; `detail` is 0, or 1 for more.
  func inspect(_ code: String, cursor: Int, detail: Int) async -> MimeBundle?
  func isComplete(_ code: String) async -> Completeness
  func history(_ request: HistoryRequest) async -> [HistoryEntry]
  /// Ends the cell that is running, soon. What waits for input ends before this is called.
  func interrupt() async
  /// Ends everything, the cell that is running too.
  func shutdown(restart: Bool) async
}

/// Where a cell's output goes, in the order of the calls. It may still be written to when the cell has ended.
package protocol CellOutput: Sendable {
  func stream(_ stream: OutputStream, _ text: String)
  /// Shows a bundle, in a place that bears a name if it is to be filled anew.
  func display(_ bundle: MimeBundle, in place: String?)
  func updateDisplay(_ bundle: MimeBundle, in place: String)
  /// The value of the cell's last expression.
  func result(_ bundle: MimeBundle)
  /// Shows help, which belongs to the client and not to the cell's outputs.
  func page(_ bundle: MimeBundle)
  /// Clears what the cell has shown, now or when it shows something again.
  func clearOutput(wait: Bool)
  /// Asks the person at the client that runs the cell.
  func input(prompt: String, isPassword: Bool) async throws(InputError) -> String
}

package enum OutputStream: String, Sendable { case stdout, stderr }

/// Why there is no input.
package enum InputError: Error, Hashable, CustomStringConvertible {
  case notAllowed, nobodyThere, alreadyWaiting, endOfInput, interrupted

  package var description: String {
    switch self {
    case .notAllowed: "the client that runs this cell does not take questions (allow_stdin is false)"
    case .nobodyThere: "the client that runs this cell is not connected to the channel stdin"
    case .alreadyWaiting: "another question of this kernel waits for its answer"
    case .endOfInput: "end of input"
    case .interrupted: "interrupted while waiting for input"
    }
  }
}

package struct KernelInfo: Sendable {
  package var implementation: String
  package var implementationVersion: String
  package var languageVersion: String
  package var banner: String

  package init(implementation: String, implementationVersion: String, languageVersion: String, banner: String) {
    self.implementation = implementation
    self.implementationVersion = implementationVersion
    self.languageVersion = languageVersion
    self.banner = banner
  }
}

package struct ExecuteRequest: Sendable {
  package let code: String
  /// Nothing of it is shown, and it is not counted.
  package let silent: Bool
  package let storeHistory: Bool
  /// Expressions to be evaluated after the cell, by name.
  package let userExpressions: [String: String]
  /// The number of the cell's run, as shown beside it.
  package let executionCount: Int
  /// What the notebook calls the cell, the same in each of its runs.
  package let cellID: String?

  package init(
    code: String, silent: Bool = false, storeHistory: Bool = true, userExpressions: [String: String] = [:],
    executionCount: Int, cellID: String? = nil
  ) {
    self.code = code
    self.silent = silent
    self.storeHistory = storeHistory
    self.userExpressions = userExpressions
    self.executionCount = executionCount
    self.cellID = cellID
  }
}

/// An error as a notebook shows it; `traceback`'s lines may be coloured by ANSI sequences.
package struct CellError: Sendable, Hashable {
  package var name: String
  package var value: String
  package var traceback: [String]

  package init(name: String, value: String, traceback: [String]) {
    self.name = name
    self.value = value
    self.traceback = traceback
  }
}

package enum ExecuteReply: Sendable {
  /// The values of the request's expressions, or why one has none.
  case ok(userExpressions: [String: Result<MimeBundle, CellError>] = [:])
  case failed(CellError)
}

extension CellError: Error {}

/// Positions count Unicode scalars.
package struct CompleteReply: Sendable {
  package var matches: [String]
  /// What a match replaces.
  package var range: Range<Int>
  package var metadata: [String: JSON]

  package init(matches: [String], range: Range<Int>, metadata: [String: JSON] = [:]) {
    self.matches = matches
    self.range = range
    self.metadata = metadata
  }
}

package enum Completeness: Sendable, Hashable {
  case complete, invalid, unknown
  /// More is to come, after this indentation.
  case incomplete(indent: String)
}

package struct HistoryRequest: Sendable, Hashable {
  package enum Access: Sendable, Hashable {
    case tail(Int)
    case range(session: Int, lines: Range<Int>)
    /// Of the cells that match a glob, the last few.
    case search(pattern: String, Int, unique: Bool)
  }
  package let access: Access
  package let withOutput: Bool

  package init(access: Access, withOutput: Bool = false) {
    self.access = access
    self.withOutput = withOutput
  }
}

package struct HistoryEntry: Sendable, Hashable {
  package var session: Int
  package var line: Int
  package var input: String
  package var output: String?

  package init(session: Int, line: Int, input: String, output: String? = nil) {
    self.session = session
    self.line = line
    self.input = input
    self.output = output
  }
}
