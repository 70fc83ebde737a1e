import CellExecution
import Foundation
import Testing

@Suite("A cell that stops half way")
struct StoppingTests {
  /// Runs a cell between two others, of which the second finds the variable of the first unless the state is lost.
  private func stopped(
    _ text: String, isOptimised: Bool = true, interruptedAfter delay: Duration? = nil
  ) async throws -> Notebook.Record {
    let notebook = try await Notebook()
    let host = notebook.host
    try await notebook.run("@_exported import Foundation\npublic var kept = \"kept\"")
    let record = try await notebook.run("print(\"begun\")\n" + text, isOptimised: isOptimised) { event in
      guard let delay, case .output = event else { return }
      try? await Task.sleep(for: delay)
      await host.interrupt()
    }
    #expect(record.output == "begun\n")
    if record.outcome.isStateKept {
      let after = try await notebook.run("print(kept)\nprint(_cellAwait { await MainActor.run { 1 } })")
      #expect(after.output == "kept\n1\n")
    }
    return record
  }

  @Test("reports an error that nobody caught")
  func error() async throws {
    let record = try await stopped("public enum Bad: Error { case one(String) }\nthrow Bad.one(\"why\")\n")
    #expect(record.outcome == CellOutcome(ending: .threw(type: "Bad", description: "one(\"why\")"), isStateKept: true))
  }

  @Test(
    "keeps its state after a trap, and says why and where",
    arguments: [
      ("let a = [1, 2, 3]\npublic func pick(_ i: Int) -> Int {\n  a[i]\n}\nprint(pick(7))", "Index out of range", 4),
      ("let n = Int(\"x\")\nprint(n!)", "Unexpectedly found nil while unwrapping an Optional value", 3),
      ("fatalError(\"by hand\\nin two lines\")", "by hand\nin two lines", 2),
      ("public var i = Int.max\ni += 1", "arithmetic overflow", 3),
    ])
  func traps(_ text: String, _ message: String, _ line: Int) async throws {
    for isOptimised in [true, false] {
      let outcome = try await stopped(text, isOptimised: isOptimised).outcome
      guard case .trapped = outcome.ending else {
        Issue.record("\(outcome)")
        continue
      }
      #expect(outcome.message == message && outcome.isStateKept, "\(outcome)")
      let frame = try #require(outcome.frames.first, "\(outcome)")
      #expect(frame.file == "Cell[2]" && (frame.line == line || isOptimised), "\(outcome)")
    }
  }

  @Test("keeps its state after an overflow of its stack")
  func recursion() async throws {
    let outcome = try await stopped(
      "public func endless(_ n: Int) -> Int { n % 2 == 3 ? 0 : endless(n + 1) + endless(n + 2) }\nprint(endless(0))"
    ).outcome
    #expect(outcome.ending == .trapped(signal: SIGSEGV) && outcome.message == "Stack overflow" && outcome.isStateKept)
    #expect(outcome.frames.first?.function?.hasPrefix("endless") == true, "\(outcome)")
  }

  @Test("keeps its state after a trap in a task")
  func task() async throws {
    let outcome = try await stopped(
      "print(_cellAwait { await Task.detached { () -> Int in\n  let a: [Int] = []\n  return a[Int.random(in: 3...4)] }.value })"
    ).outcome
    guard case .trapped = outcome.ending else { throw outcome.ending.problem }
    #expect(outcome.message == "Index out of range" && outcome.isStateKept, "\(outcome)")
    #expect(outcome.frames.contains { $0.file == "Cell[2]" && $0.line == 4 }, "\(outcome)")
  }

  @Test(
    "is interrupted",
    arguments: [
      "public var s = 0\nwhile true { s &+= 1 }", "Thread.sleep(forTimeInterval: 1000)", "print(readLine() ?? \"\")",
      "_cellAwait { try? await Task.sleep(for: .seconds(1000)) }",
    ])
  func interrupts(_ text: String) async throws {
    let outcome = try await stopped(text, interruptedAfter: .milliseconds(100)).outcome
    #expect(outcome.ending == .interrupted && outcome.isStateKept, "\(outcome)")
  }

  @Test("is interrupted in the middle of a parallel computation, and leaves the threads to those after it")
  func parallel() async throws {
    let notebook = try await Notebook()
    let host = notebook.host
    // Three milliseconds at a time that the threads' pool is taken, and hardly any in between.
    try await notebook.run(
      """
      @_exported import CKernels
      @_exported import Foundation
      nonisolated(unsafe) public var threads: [pthread_t] = []
      public let lock = NSLock()
      public func work() {
        gb_parallel(2, { _, _ in
          let begin = clock()
          while clock() - begin < 3000 {}
          lock.lock()
          threads.append(pthread_self())
          lock.unlock()
        }, nil)
      }
      gb_set_threads(2)
      """)
    let record = try await notebook.run("print(\"begun\")\nwhile true {\n  threads = []\n  work()\n}") { event in
      guard case .output = event else { return }
      try? await Task.sleep(for: .milliseconds(50))
      await host.interrupt()
    }
    #expect(record.outcome.ending == .interrupted && record.outcome.isStateKept)
    let after = try await notebook.run("threads = []\nfor _ in 0..<50 { work() }\nprint(Set(threads).count)")
    #expect(after.output == "2\n")
  }

  @Test("ends its host where it calls exit, and what it printed is not lost")
  func exit() async throws {
    let outcome = try await stopped("exit(3)").outcome
    #expect(outcome == CellOutcome(ending: .hostEnded(.status(3)), isStateKept: false))
  }

  @Test("ends its host where it holds a lock that other cells need")
  func lock() async throws {
    let notebook = try await Notebook()
    let record = try await notebook.run(
      """
      public struct Bad: CustomStringConvertible { public var description: String { fatalError("while it is printed") } }
      public func never() { print(Bad()) }
      never()
      """)
    guard case .trapped = record.outcome.ending else { throw record.outcome.ending.problem }
    #expect(record.outcome.message == "while it is printed" && !record.outcome.isStateKept, "\(record.outcome)")
    let next = await notebook.record(notebook.host.run(try #require(notebook.cells.last)))
    guard case .hostEnded = next.outcome.ending else { throw next.outcome.ending.problem }
  }
}

extension CellOutcome.Ending {
  fileprivate var problem: Problem { Problem(ending: self) }
  fileprivate struct Problem: Error { var ending: CellOutcome.Ending }
}
