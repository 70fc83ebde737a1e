import CellRewriting

/// The lines that a cell may begin with, which are for the kernel.
enum NotebookCommand: Equatable {
  case time, memory, environment, restart, help
  case limit(Duration)

  /// Throws what to show where a line is none of them.
  init(_ magic: Magic) throws(CellError) {
    switch magic.name {
    case "time": self = .time
    case "memory": self = .memory
    case "environment": self = .environment
    case "restart": self = .restart
    case "help": self = .help
    case "limit":
      guard let seconds = Double(magic.arguments), seconds > 0, seconds < 1e9 else {
        throw NotebookCommand.error("%limit needs a number of seconds, as in `%limit 2.5`, not `\(magic.arguments)`")
      }
      self = .limit(.seconds(seconds))
    default: throw NotebookCommand.error("%\(magic.name) is no command of this kernel")
    }
  }

  private static let meanings = [
    ("time", "", "how long the cell takes to compile and to run"),
    ("limit", " SECONDS", "interrupts the cell when it has run so long"),
    ("memory", "", "what the process that runs the cells takes up"),
    ("environment", "", "the toolchain, the library that cells use, and their folder"),
    ("restart", "", "a fresh process, in which the cells run again, each with its newest text"),
    ("help", "", "this list"),
  ]

  /// Without the `%`.
  static let names = meanings.map(\.0)

  /// A line for each.
  static let list = meanings.map { name, arguments, meaning in
    let usage = "%\(name)\(arguments)"
    return usage + String(repeating: " ", count: 17 - usage.count) + meaning + "\n"
  }.joined()

  private static func error(_ message: String) -> CellError {
    CellError(name: "UnknownCommand", value: message, traceback: ["UnknownCommand: \(message). There are:", list])
  }
}
