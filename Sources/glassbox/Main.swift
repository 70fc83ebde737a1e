import ArgumentParser
import Foundation

@main
struct Main {
  static func main() async {
    // A file that grows beyond the shell's limit is an error like a full disk's, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parse()
      if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
    } catch let interruption as Interrupted {
      exit(128 + interruption.signal)
    } catch let error where GlassboxCommand.exitCode(for: error).isSuccess {
      // --help and --version come as errors too.
      Output.line(GlassboxCommand.fullMessage(for: error))
    } catch {
      exit(Failure.report(error))
    }
    if let failure = Output.failure { exit(Failure.report(failure)) }
  }

  private static func parse() throws -> any ParsableCommand {
    do {
      return try GlassboxCommand.parseAsRoot()
    } catch let error where !GlassboxCommand.exitCode(for: error).isSuccess {
      exit(Failure.reportUsage(GlassboxCommand.message(for: error)))
    }
  }
}

struct GlassboxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "glassbox",
    abstract: "Deep learning in Swift with nothing hidden.",
    version: "glassbox \(Version.glassbox) (Swift \(Version.swift), \(Version.libraries))",
    subcommands: [
      Train.self, Fit.self, Predict.self, Generate.self, Recommend.self, Serve.self, Lab.self, NotebookCommand.self,
      KernelCommand.self,
    ])

  /// The command that arguments ask for, as far as they name one: `kernel install`.
  static func path(of arguments: [String]) -> [String] {
    var command: any ParsableCommand.Type = GlassboxCommand.self
    return arguments.prefix { argument in
      let next = command.configuration.subcommands.first { $0._commandName == argument }
      command = next ?? command
      return next != nil
    }
  }
}

/// A signal ended the work early, and everything is saved.
struct Interrupted: Error {
  let signal: Int32
}
