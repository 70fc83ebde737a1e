import DataPipelines
import Foundation
import Learning

/// How the program says what went wrong: one line on standard error.
enum Failure {
  /// Tells of bad options; returns the exit status.
  static func reportUsage(_ message: String) -> Int32 {
    tell(message + (message.hasSuffix(".") ? "" : ".") + " See 'glassbox train --help'.")
    return 64  // EX_USAGE, sysexits.h
  }

  /// Tells of an error; returns the exit status.
  static func report(_ error: any Error) -> Int32 {
    tell("\(error)" + (hint(for: error).map { " " + $0 } ?? ""))
    return 1
  }

  /// What to do about it.
  private static func hint(for error: any Error) -> String? {
    switch error {
    case RunError.exists: "Choose another --output, or go on with a run by --resume."
    case is TrainingDiverged: "Try a smaller --learning-rate."
    default: nil
    }
  }

  private static func tell(_ message: String) {
    let lines = message.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
    Output.error("glassbox: " + lines.joined(separator: " "))
  }
}
