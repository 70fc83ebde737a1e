import Foundation
import NotebookDisplay
import NotebookKernel
import Synchronization

/// Does what a cell's first word says, and remembers what it was asked.
final class ScriptHandler: KernelHandler {
  private struct State {
    var executed: [ExecuteRequest] = []
    var histories: [HistoryRequest] = []
    var shutdowns: [Bool] = []
    var interrupts = 0
    var waiting: CheckedContinuation<Void, Never>?
  }
  private let state = Mutex(State())

  var executed: [ExecuteRequest] { state.withLock { $0.executed } }
  var histories: [HistoryRequest] { state.withLock { $0.histories } }
  var shutdowns: [Bool] { state.withLock { $0.shutdowns } }
  var interrupts: Int { state.withLock { $0.interrupts } }
  var isWaiting: Bool { state.withLock { $0.waiting != nil } }

  var info: KernelInfo {
    KernelInfo(implementation: "script", implementationVersion: "1", languageVersion: "6.3", banner: "a banner")
  }

  func execute(_ request: ExecuteRequest, to output: any CellOutput) async -> ExecuteReply {
    state.withLock { $0.executed.append(request) }
    let words = request.code.split(separator: " ", maxSplits: 1).map(String.init)
    let argument = words.count > 1 ? words[1] : ""
    switch words.first {
    case "say": output.stream(.stdout, argument)
    case "count":
      for line in 0..<(Int(argument) ?? 0) { output.stream(.stdout, "\(line)\n") }
    case "show":
      output.stream(.stdout, "before")
      output.stream(.stderr, "a warning")
      output.display(MimeBundle(text: "a square", ["image/png": .data([1, 2, 3])]), in: "place")
      output.stream(.stdout, "between")
      output.updateDisplay(MimeBundle(text: "a chart", ["application/x+json": .text("{\"a\": [1, 2.5]}")]), in: "place")
      output.clearOutput(wait: true)
      output.result(MimeBundle(text: "42"))
    case "help": output.page(MimeBundle(text: "how to"))
    case "fail":
      return .failed(CellError(name: "Failure", value: argument, traceback: ["line 1", argument]))
    case "wait", "waitAndFail":
      output.stream(.stdout, "waiting")
      await withCheckedContinuation { continuation in state.withLock { $0.waiting = continuation } }
      if words.first == "waitAndFail" { return .failed(CellError(name: "Failure", value: "", traceback: [])) }
    case "ask", "askSecretly":
      do throws(InputError) {
        let answer = try await output.input(prompt: argument, isPassword: words.first == "askSecretly")
        output.stream(.stdout, "answer: \(answer)")
      } catch {
        return .failed(CellError(name: "InputError", value: error.description, traceback: []))
      }
    default: break
    }
    return .ok(
      userExpressions: request.userExpressions.mapValues { expression in
        expression == "bad"
          ? .failure(CellError(name: "Bad", value: "", traceback: [])) : .success(MimeBundle(text: expression))
      })
  }

  func complete(_ code: String, cursor: Int) async -> CompleteReply {
    CompleteReply(matches: ["print", "private"], range: 0..<cursor, metadata: ["length": .integer(code.count)])
  }

  func inspect(_ code: String, cursor: Int, detail: Int) async -> MimeBundle? {
    code == "unknown" ? nil : MimeBundle(text: "\(code) at \(cursor) in detail \(detail)")
  }

  func isComplete(_ code: String) async -> Completeness {
    switch code {
    case "if {": .incomplete(indent: "  ")
    case "}": .invalid
    default: .complete
    }
  }

  func history(_ request: HistoryRequest) async -> [HistoryEntry] {
    state.withLock { $0.histories.append(request) }
    return [HistoryEntry(session: 1, line: 2, input: "in", output: "out")]
  }

  func interrupt() async {
    let waiting = state.withLock { state in
      state.interrupts += 1
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume()
  }

  func shutdown(restart: Bool) async {
    state.withLock { $0.shutdowns.append(restart) }
    await interrupt()
  }

  /// Waits until a cell waits.
  func untilWaiting() async throws {
    while !isWaiting { try await Task.sleep(for: .milliseconds(5)) }
  }
}
