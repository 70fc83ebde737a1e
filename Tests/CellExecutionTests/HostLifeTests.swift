import CellExecution
import Foundation
import Testing

@Suite("The host of cells")
struct HostLifeTests {
  @Test("ends when it is told to, when nobody holds it any more, and leaves no zombie")
  func stop() async throws {
    var notebook: Notebook? = try await Notebook()
    let told = try #require(await notebook?.host.processID)
    #expect(isRunning(told))
    await notebook?.host.stop()
    #expect(try await becomesTrue(within: .seconds(120)) { !exists(told) })

    notebook = try await Notebook()
    let dropped = try #require(await notebook?.host.processID)
    #expect(isRunning(dropped))
    notebook = nil
    #expect(try await becomesTrue(within: .seconds(120)) { !exists(dropped) })
  }

  @Test("that is killed is reported, and a cell that runs then ends")
  func killed() async throws {
    let notebook = try await Notebook()
    let id = try #require(await notebook.host.processID)
    let record = try await notebook.run("print(\"begun\")\nwhile true {}") { event in
      if case .output = event { kill(id, SIGKILL) }
    }
    #expect(record.outcome == CellOutcome(ending: .hostEnded(.signal(SIGKILL)), isStateKept: false))
    #expect(!FileManager.default.fileExists(atPath: "/proc/\(id)"))
  }

  private func exists(_ id: pid_t) -> Bool { FileManager.default.fileExists(atPath: "/proc/\(id)") }
}
