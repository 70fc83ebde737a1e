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

  // The parent is a shell that starts the host, and holds it by a pipe that nobody closes: only the parent's death can end it.
  @Test("ends after its parent was killed")
  func orphan() async throws {
    let library = try Notebook.library.get()
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = [
      "-c", "exec 3<&0 4>&1; \"$0\" \"$1\" token $$ 3<&3 >/dev/null & echo $! >&4; wait", library.host, library.path,
    ]
    let (commands, output) = (Pipe(), Pipe())
    shell.standardInput = commands
    shell.standardOutput = output
    try shell.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    let id = try #require(pid_t(line.trimmingCharacters(in: .whitespacesAndNewlines)), "\(line)")
    #expect(try await becomesTrue(within: .seconds(120)) { try isLoaded(id, library.path) })
    kill(shell.processIdentifier, SIGKILL)
    shell.waitUntilExit()
    #expect(try await becomesTrue(within: .seconds(120)) { !isRunning(id) })
    try commands.fileHandleForWriting.close()
  }

  private func exists(_ id: pid_t) -> Bool { FileManager.default.fileExists(atPath: "/proc/\(id)") }

  /// Whether a process has a library in its memory. A file handle reads to the end; other ways stop where the file's size, which is 0,
  /// makes them stop.
  private func isLoaded(_ id: pid_t, _ library: String) throws -> Bool {
    let maps = try FileHandle(forReadingFrom: URL(filePath: "/proc/\(id)/maps")).readToEnd() ?? Data()
    return String(decoding: maps, as: UTF8.self).contains(library)
  }
}
