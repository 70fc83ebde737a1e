import Applications
import DataPipelines
import Foundation
import Learning
import TensorIO

/// How the program says what went wrong: one line on standard error.
enum Failure {
  /// Tells of bad options; returns the exit status.
  static func reportUsage(_ message: String) -> Int32 {
    let command = (["glassbox"] + GlassboxCommand.path(of: Array(CommandLine.arguments.dropFirst()))).joined(
      separator: " ")
    tell(message + (message.hasSuffix(".") ? "" : ".") + " See '\(command) --help'.")
    return 64  // EX_USAGE, sysexits.h
  }

  /// Tells of an error; returns the exit status.
  static func report(_ error: any Error) -> Int32 {
    tell(message(for: error))
    return 1
  }

  private static func message(for error: any Error) -> String {
    switch error {
    case DownloadError.unavailable(let file, let path, let failures, let alsoAbsent):
      absence(of: [file.name] + alsoAbsent, folder: URL(filePath: path).deletingLastPathComponent(), failures)
    default:
      "\(error)" + (hint(for: error).map { " " + $0 } ?? "")
    }
  }

  /// What the library says on a dozen lines, in one: whoever is off line wants to know which files go where.
  private static func absence(of names: [String], folder: URL, _ failures: [MirrorFailure]) -> String {
    let isOffline = failures.allSatisfy { if case .unreachable = $0.reason { true } else { false } }
    let reason =
      isOffline
      ? "no mirror can be reached"
      : failures.map { "\(URL(string: $0.address)?.host() ?? $0.address): \($0.reason)" }.joined(separator: "; ")
    let place = folder.path(percentEncoded: false)
    return "\(names[0]) is not here and could not be downloaded (\(reason)). Put \(names.joined(separator: ", ")) into "
      + "\(place), or set GLASSBOX_DATA to a folder that has them in \(folder.lastPathComponent)/."
  }

  /// What to do about it.
  private static func hint(for error: any Error) -> String? {
    switch error {
    case RunError.exists: "Choose another --output, or go on with a run by --resume."
    case is BadInputError: "--on-bad-input skip leaves out what can't be used."
    case is TrainingDiverged: "Try a smaller --learning-rate."
    case let error as CallbackError: hint(for: error.underlying)
    case let error as FileError where error.isDiskFull: "Make room; a run that was begun goes on by --resume."
    default: nil
    }
  }

  private static func tell(_ message: String) {
    let lines = message.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
    Output.error("glassbox: " + lines.joined(separator: " "))
  }
}
