import ArgumentParser
import Foundation

/// The program that `glassbox serve` becomes.
@main
struct Main {
  static func main() async {
    do {
      var command = try ServeCommand.parseAsRoot()
      if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
    } catch let error where ServeCommand.exitCode(for: error).isSuccess {
      // --help comes as an error too.
      print(ServeCommand.fullMessage(for: error))
    } catch let error where ServeCommand.exitCode(for: error) == .validationFailure {
      end("\(ServeCommand.message(for: error)). See 'glassbox serve --help'.", status: 64)  // EX_USAGE, sysexits.h
    } catch {
      end("\(error)", status: 1)
    }
  }

  private static func end(_ message: String, status: Int32) -> Never {
    let line = message.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
    FileHandle.standardError.write(Data("glassbox: \(line.joined(separator: " "))\n".utf8))
    exit(status)
  }
}
