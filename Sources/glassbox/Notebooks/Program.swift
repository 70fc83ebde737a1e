import Foundation

/// Other programs, run or become.
enum Program {
  static var environment: [String: String] { ProcessInfo.processInfo.environment }

  /// The path of a program on the `PATH`.
  static func find(_ name: String, _ environment: [String: String] = environment) -> String? {
    (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }.first(where: Files.isProgram)
  }

  /// Runs a program in the terminal of this one, whose Ctrl-C ends both.
  ///
  /// - Returns: Its exit status, or 128 and its signal.
  static func run(
    _ path: String, _ arguments: [String], _ environment: [String: String] = environment
  ) throws(NotebookError) -> Int32 {
    var id = pid_t()
    let code = withStrings([path] + arguments) { arguments in
      withStrings(environment.map { "\($0.key)=\($0.value)" }) { posix_spawn(&id, path, nil, nil, arguments, $0) }
    }
    guard code == 0 else { throw NotebookError("\(path) can't be started: \(String(cString: strerror(code)))") }
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 && errno == EINTR {}
    return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
  }

  /// Puts a program in this one's place, in the same process: signals and the terminal are its own.
  static func become(
    _ path: String, _ arguments: [String], _ environment: [String: String] = environment
  ) throws(NotebookError) -> Never {
    // What a process ignores or blocks goes to its successor as well.
    signal(SIGXFSZ, SIG_DFL)
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
    _ = withStrings([path] + arguments) { arguments in
      withStrings(environment.map { "\($0.key)=\($0.value)" }) { execve(path, arguments, $0) }
    }
    throw NotebookError("\(path) can't be started: \(String(cString: strerror(errno)))")
  }

  /// What a program says; nil where it can't be started, or is not done in time.
  static func ask(
    _ path: String, _ arguments: [String], _ environment: [String: String] = environment, seconds: Double = 20
  ) -> Answer? {
    let process = Process()
    let text = FileManager.default.temporaryDirectory.appending(path: "glassbox-answer-\(UUID().uuidString)")
    // A file, because a pipe would have to be read while the program runs.
    guard FileManager.default.createFile(atPath: text.path, contents: nil),
      let file = try? FileHandle(forWritingTo: text)
    else { return nil }
    defer { try? FileManager.default.removeItem(at: text) }
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = file
    process.standardError = file
    guard (try? process.run()) != nil else { return nil }
    let deadline = Date(timeIntervalSinceNow: seconds)
    while process.isRunning && Date() < deadline { usleep(5_000) }
    let isLate = process.isRunning
    if isLate { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    if isLate { return nil }
    let said = (try? String(contentsOf: text, encoding: .utf8)) ?? ""
    return Answer(
      succeeded: process.terminationReason == .exit && process.terminationStatus == 0,
      text: said.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  struct Answer {
    let succeeded: Bool
    let text: String

    var firstLine: String { String(text.prefix { $0 != "\n" }) }
  }

  private static func withStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}
