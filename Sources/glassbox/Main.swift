import ArgumentParser
import Foundation

@main
struct Main {
  static func main() async {
    // A file that grows beyond the shell's limit is an error like a full disk's, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    let command: any ParsableCommand
    do {
      command = try GlassboxCommand.parseAsRoot()
    } catch {
      if GlassboxCommand.exitCode(for: error).isSuccess {
        Output.line(GlassboxCommand.fullMessage(for: error))
        exit(0)
      }
      exit(Failure.reportUsage(GlassboxCommand.message(for: error)))
    }
    do {
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        var command = command
        try command.run()
      }
    } catch let request as CleanExit {
      Output.line(GlassboxCommand.fullMessage(for: request))
    } catch let interruption as Interrupted {
      exit(128 + interruption.signal)
    } catch {
      exit(Failure.report(error))
    }
    if let failure = Output.failure { exit(Failure.report(failure)) }
  }
}

struct GlassboxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "glassbox",
    abstract: "Deep learning in Swift with nothing hidden.",
    version: "glassbox \(Version.glassbox) (Swift \(Version.swift), \(Version.libraries))",
    subcommands: [Train.self])
}

/// A signal ended the work early, and everything is saved.
struct Interrupted: Error {
  let signal: Int32
}
