import Foundation
import NotebookDisplay

/// Runs compiled cells in a process of its own, one after the other. Their variables stay there, also where a cell throws, traps, or is
/// interrupted; where the process itself ends, `CellOutcome.isStateKept` says so, and a new host is needed.
package actor CellHost {
  /// Of the host, while it lives.
  package private(set) var processID: pid_t?

  private let toolchain: Toolchain
  private let connection: HostConnection
  private var libraries: Set<String> = []
  private var run: Run?
  /// What came between two cells, from tasks that went on: the next cell's events begin with it.
  private var early: [CellEvent] = []
  private var start: CheckedContinuation<Void, any Error>?
  private var probe: (number: Int, continuation: CheckedContinuation<Bool, Never>)?
  private var count = 0
  private var exit: ProcessExit?

  private struct Run {
    let number: Int
    let events: AsyncStream<CellEvent>.Continuation
    var reply: [String]?
    var openPipes = 2
    var thrown: CellOutcome.Ending?
    var errorText = ""
    var isInterrupted = false
  }

  /// Starts the process, and loads the library into it.
  ///
  /// - Parameter directory: The folder in which the cells work; without one, this process'.
  package init(
    library: CellLibrary, toolchain: Toolchain, directory: String? = nil
  ) async throws(CellExecutionError) {
    self.toolchain = toolchain
    connection = try HostConnection(library: library, directory: directory)
    let messages = connection.messages
    do {
      try await withCheckedThrowingContinuation { continuation in
        start = continuation
        Task { [weak self] in
          for await message in messages { await self?.receive(message) }
        }
      }
    } catch let error as CellExecutionError { throw error } catch {
      throw CellExecutionError("\(error)")
    }
  }

  /// Runs a cell. One runs at a time; what comes next waits for `finished`.
  package func run(_ cell: CompiledCell) -> AsyncStream<CellEvent> {
    libraries.insert(cell.library)
    return begin("run", cell.library, cell.entry)
  }

  /// Destroys the value of a variable that a later cell has replaced, where nothing can use it any more. The cell has to have come to its
  /// end, because only then its variables are registered.
  package func drop(_ variable: String, of cell: CompiledCell) -> AsyncStream<CellEvent> {
    begin("drop", cell.library, "\(cell.module).\(variable)")
  }

  private func begin(_ command: String, _ path: String, _ name: String) -> AsyncStream<CellEvent> {
    let (stream, events) = AsyncStream.makeStream(of: CellEvent.self)
    for event in early { events.yield(event) }
    early = []
    if let exit {
      events.yield(.finished(CellOutcome(ending: .hostEnded(exit), isStateKept: false)))
      events.finish()
    } else if run != nil {
      events.yield(.finished(CellOutcome(ending: .notRun("another cell runs"), isStateKept: true)))
      events.finish()
    } else {
      count += 1
      run = Run(number: count, events: events)
      connection.send(command, path, name)
    }
    return stream
  }

  /// Stops the cell that runs, and keeps the variables: its thread stands still for ever. A cell that can't be stopped so takes the host
  /// with it.
  package func interrupt() {
    guard let number = run?.number else { return }
    run?.isInterrupted = true
    connection.send("interrupt")
    Task {
      try await Task.sleep(for: .seconds(20))
      if run?.number == number { connection.kill() }
    }
  }

  /// Answers a request for input; nil: there is none.
  package func answer(_ line: String?) {
    if let line { connection.send("input", line) } else { connection.send("end-of-input") }
  }

  /// Whether cells can still print, allocate and await. A thread that was stopped may hold what they need.
  package func isHealthy() async -> Bool {
    guard exit == nil, probe == nil else { return false }
    count += 1
    let number = count
    return await withCheckedContinuation { continuation in
      probe = (number, continuation)
      connection.send("probe")
      Task {
        try await Task.sleep(for: .seconds(15))
        if probe?.number == number { answerProbe(false) }
      }
    }
  }

  /// Ends the process; what runs in it ends with it.
  package func stop() { connection.kill() }

  // ---- what comes from the host

  private func receive(_ message: HostConnection.Message) {
    switch message {
    case .started(let id): processID = id
    case .reply(let fields): receive(reply: fields)
    case .output(.text(let text)): yield(.output(text))
    case .output(.frame(let fields)): receive(frame: fields)
    case .errorOutput(.text(let text)):
      if let run { self.run?.errorText = String((run.errorText + text).suffix(1 << 16)) }
      yield(.errorOutput(text))
    case .errorOutput(.frame):
      run?.openPipes -= 1
      finishIfDone()
    case .failed(let error): resumeStart(.failure(error))
    case .ended(let exit): receive(exit: exit)
    }
  }

  private func receive(reply fields: [String]) {
    switch fields[0] {
    case "ready": resumeStart(.success(()))
    case "probed": answerProbe(fields.last == "1")
    case "end":
      run?.reply = fields
      finishIfDone()
    default:
      let message = fields.dropFirst().joined(separator: " ")
      resumeStart(.failure(CellExecutionError("the cells' library can't be loaded: \(message)")))
      finish(CellOutcome(ending: .notRun(message), isStateKept: true))
    }
  }

  private func receive(frame fields: [String]) {
    switch fields[0] {
    case "end":
      run?.openPipes -= 1
      finishIfDone()
    case "result": yield(.result(bundle(fields.dropFirst())))
    case "display" where fields.count >= 3:
      let place = fields[1].isEmpty ? nil : decoded(fields[1])
      yield(.display(bundle(fields.dropFirst(3)), place: place, isUpdate: fields[2] == "1"))
    case "clear" where fields.count == 2: yield(.clear(wait: fields[1] == "1"))
    case "input" where fields.count == 3:
      yield(.inputRequest(prompt: decoded(fields[1]), isPassword: fields[2] == "1"))
    case "threw" where fields.count == 3:
      run?.thrown = .threw(type: decoded(fields[1]), description: decoded(fields[2]))
    default: break
    }
  }

  private func receive(exit: ProcessExit) {
    self.exit = exit
    processID = nil
    resumeStart(.failure(CellExecutionError("the cells' host ended while it started: \(exit)")))
    answerProbe(false)
    guard let run else { return }
    finish(
      CellOutcome(
        ending: run.isInterrupted && exit == .signal(SIGKILL) ? .interrupted : .hostEnded(exit),
        message: Trap.message(in: run.errorText), isStateKept: false))
  }

  private func yield(_ event: CellEvent) {
    if let run { run.events.yield(event) } else { early.append(event) }
  }

  private func resumeStart(_ result: Result<Void, any Error>) {
    start?.resume(with: result)
    start = nil
  }

  private func answerProbe(_ answer: Bool) {
    probe?.continuation.resume(returning: answer)
    probe = nil
  }

  private func finish(_ outcome: CellOutcome) {
    run?.events.yield(.finished(outcome))
    run?.events.finish()
    run = nil
  }

  /// A cell has ended when the host says so and both pipes have come to its end.
  private func finishIfDone() {
    guard let run, run.openPipes <= 0, let reply = run.reply else { return }
    switch reply[1] {
    case "finished": finish(CellOutcome(ending: .completed, isStateKept: true))
    case "threw":
      let ending = run.thrown ?? .threw(type: "Error", description: "")
      finish(CellOutcome(ending: ending, statement: statement(of: reply), isStateKept: true))
    default: Task { await finishStopped(run, Trap(reply)) }
    }
  }

  private func statement(of reply: [String]) -> Int { reply.count > 2 ? Int(reply[2]) ?? 0 : 0 }

  /// Looks into why a cell stopped, and whether others can go on.
  private func finishStopped(_ stopped: Run, _ trap: Trap) async {
    let lookup = await trap.places(in: libraries, toolchain)
    let isHealthy = await isHealthy()
    if !isHealthy { connection.kill() }
    guard run?.number == stopped.number else { return }
    let message = trap.signal == nil ? nil : Trap.message(in: stopped.errorText) ?? trap.cause ?? lookup.failure
    finish(
      CellOutcome(
        ending: trap.signal.map { .trapped(signal: $0) } ?? .interrupted, message: message, frames: lookup.frames,
        statement: statement(of: stopped.reply ?? []), isStateKept: isHealthy))
  }
}

private func decoded(_ text: String) -> String {
  String(decoding: Data(base64Encoded: text) ?? Data(), as: UTF8.self)
}

/// From fields in threes: type, `text` or `data`, content.
private func bundle(_ fields: ArraySlice<String>) -> MimeBundle {
  let fields = Array(fields)
  var entries: [String: MimeBundle.Content] = [:]
  for i in stride(from: 0, to: fields.count - 2, by: 3) {
    let content = Data(base64Encoded: fields[i + 2]) ?? Data()
    entries[decoded(fields[i])] =
      fields[i + 1] == "data" ? .data(Array(content)) : .text(String(decoding: content, as: UTF8.self))
  }
  guard case .text(let text)? = entries.removeValue(forKey: "text/plain") else { return MimeBundle(text: "", entries) }
  return MimeBundle(text: text, entries)
}
