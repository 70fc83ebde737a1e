import CellExecution
import Foundation
import NotebookDisplay
import Testing

/// Cells in a chain, written as the rewriter writes them, in a host of their own.
final class Notebook {
  let host: CellHost
  let compiler: CellCompiler
  private(set) var cells: [CompiledCell] = []
  private var count = 0

  static let library = Result { try CellLibrary() }
  static let toolchain = Task { try await Toolchain() }

  init() async throws {
    let (library, toolchain) = (try Self.library.get(), try await Self.toolchain.value)
    let folder = FileManager.default.temporaryDirectory.appending(path: "glassbox-cells-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    compiler = CellCompiler(toolchain: toolchain, library: library, folder: folder.path(percentEncoded: false))
    host = try await CellHost(library: library, toolchain: toolchain)
  }

  deinit { try? FileManager.default.removeItem(atPath: compiler.folder) }

  /// What a cell showed, and how it ended.
  struct Record {
    var outcome = CellOutcome(ending: .notRun("no end"), isStateKept: false)
    var output = ""
    var errors = ""
    var results: [String] = []
    /// Text and displays in their order.
    var sequence: [String] = []
  }

  func compile(
    _ text: String, registering variables: [String] = [], isOptimised: Bool = true
  ) async throws -> Compilation {
    count += 1
    let module = "Cell_\(count)"
    let first = "@_exported import CellRuntime\n@_exported import NotebookDisplay"
    let before = cells.last.map { "@_exported import \($0.module)" } ?? first
    let registrations = variables.map { "_cellRegister(\"\(module).\($0)\", \($0))\n" }.joined()
    let source = """
      \(before)
      #sourceLocation(file: "Cell[\(count)]", line: 1)
      \(text)
      #sourceLocation()
      \(registrations)
      """
    let compilation = try await compiler.compile(module: module, text: source, isOptimised: isOptimised)
    if let cell = compilation.cell { cells.append(cell) }
    return compilation
  }

  /// Compiles a cell that has no errors, and runs it.
  @discardableResult func run(
    _ text: String, registering variables: [String] = [], isOptimised: Bool = true,
    on event: (CellEvent) async -> Void = { _ in }
  ) async throws -> Record {
    let compilation = try await compile(text, registering: variables, isOptimised: isOptimised)
    let problems = (compilation.diagnostics + compilation.otherDiagnostics).filter { $0.severity == .error }
    let cell = try #require(compilation.cell, "\(problems)")
    return await record(host.run(cell), on: event)
  }

  func record(_ events: AsyncStream<CellEvent>, on handle: (CellEvent) async -> Void = { _ in }) async -> Record {
    var record = Record()
    for await event in events {
      switch event {
      case .output(let text):
        record.output += text
        record.sequence.append(text)
      case .errorOutput(let text): record.errors += text
      case .clear(let wait): record.sequence.append("clear(\(wait))")
      case .display(let bundle, _, _): record.sequence.append("<\(bundle.text)>")
      case .result(let bundle): record.results.append(bundle.text)
      case .inputRequest(let prompt, _): record.sequence.append("?\(prompt)")
      case .finished(let outcome): record.outcome = outcome
      }
      await handle(event)
    }
    return record
  }
}

/// Asks every 5 ms until the answer is yes or the time is over.
func becomesTrue(within limit: Duration, _ condition: () async throws -> Bool) async throws -> Bool {
  let deadline = ContinuousClock.now + limit
  while ContinuousClock.now < deadline {
    if try await condition() { return true }
    try await Task.sleep(for: .milliseconds(5))
  }
  return false
}

/// Whether a process runs: neither gone nor a zombie.
func isRunning(_ id: pid_t) -> Bool {
  guard let status = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8) else { return false }
  return !(status.split(separator: ") ").last ?? "Z").hasPrefix("Z")
}
