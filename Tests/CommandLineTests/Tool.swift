import Foundation
import Testing

/// The built program, run as a user runs it.
struct Tool {
  /// Beside the test bundle: both are products of one build.
  static let path: String = {
    let arguments = CommandLine.arguments + [Bundle.main.bundlePath, Bundle.main.executablePath ?? ""]
    let folders = arguments.filter { $0.contains(".xctest") || $0.hasPrefix("/") }.flatMap { path -> [URL] in
      let url = URL(filePath: path)
      return [url, url.deletingLastPathComponent(), url.deletingLastPathComponent().deletingLastPathComponent()]
    }
    let candidates = folders.map {
      $0.appending(path: "glassbox", directoryHint: .notDirectory).path(percentEncoded: false)
    }
    return candidates.first { isProgram($0) } ?? "glassbox was not found beside the tests"
  }()

  private static func isProgram(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
      && FileManager.default.isExecutableFile(atPath: path)
  }

  /// What a run of the program left.
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String

    /// The one line on standard error; recorded as an issue unless it is one, and the status not 0.
    func errorLine(_ location: SourceLocation = #_sourceLocation) -> String {
      let lines = errors.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(
        lines.count == 2 && lines[1].isEmpty && errors.hasPrefix("glassbox: "), "\(errors)", sourceLocation: location)
      #expect(status != 0, sourceLocation: location)
      return errors
    }
  }

  /// Runs the program to its end in a folder; ten minutes at most, since other tests run beside it.
  ///
  /// - Parameters:
  ///   - program: The program, if it is not the built one.
  ///   - wrapper: A command that gets the program and its arguments behind its own.
  ///   - isTime: Asked after each piece of output; the first yes sends `signal`, at once. A run that is to be met by it has a second of
  ///     work before it then, however busy the machine is.
  static func run(
    _ arguments: [String], of program: String = path, in folder: URL, environment: [String: String] = [:],
    through wrapper: [String] = [],
    interruptWhen isTime: (String) -> Bool = { _ in false }, with signal: Int32 = SIGINT
  ) throws -> Outcome {
    let process = Process()
    // env makes signals count that a shell tells its background jobs to ignore.
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["--default-signal=INT,TERM,HUP"] + wrapper + [program] + arguments
    process.currentDirectoryURL = folder
    var variables = ProcessInfo.processInfo.environment
    variables["GLASSBOX_DATA"] = folder.appending(path: "no-data").path(percentEncoded: false)
    process.environment = variables.merging(environment) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let id = process.processIdentifier
    let watchdog = DispatchWorkItem { kill(id, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 600, execute: watchdog)
    defer { watchdog.cancel() }

    var data = Data()
    var isInterrupted = false
    while case let piece = output.fileHandleForReading.availableData, !piece.isEmpty {
      data += piece
      if !isInterrupted, isTime(String(decoding: data, as: UTF8.self)) {
        isInterrupted = true
        kill(id, signal)
      }
    }
    process.waitUntilExit()
    // The errors are a line or two: they fit into the pipe, so that nobody waits for them to be read.
    let errorText = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    return Outcome(status: status, output: String(decoding: data, as: UTF8.self), errors: errorText)
  }
}
