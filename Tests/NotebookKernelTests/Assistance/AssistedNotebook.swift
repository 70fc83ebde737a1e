import CellExecution
import CellRewriting
import Foundation
import NotebookDisplay
import NotebookKernel
import Testing

/// Cells that are compiled and not run, and an assistant for the next one.
actor AssistedNotebook {
  nonisolated let assistant: CellAssistant
  private let compiler: CellCompiler
  private var scope = NotebookScope(libraries: [
    "CellRuntime", "NotebookDisplay", "TensorCore", "NeuralNetworks", "Optimizers", "Plotting",
  ])
  private var count = 0

  init(timeLimit: Duration = .seconds(60), patience: Duration = .seconds(60)) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "glassbox-assistance-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let library = try CellLibrary()
    let path = folder.path(percentEncoded: false)
    compiler = CellCompiler(toolchain: try await Toolchain(), library: library, folder: path)
    assistant = CellAssistant(
      toolchain: compiler.toolchain, library: library, folder: path, magics: ["%time", "%timeit", "%%html"],
      timeLimit: timeLimit, patience: patience)
  }

  deinit { try? FileManager.default.removeItem(atPath: compiler.folder) }

  var prologue: String { scope.prologueText }

  /// Compiles a cell that has no errors.
  func add(_ code: String) async throws {
    count += 1
    let cell = CellRewriter().rewrite(code, number: count, in: scope)
    let compilation = try await compiler.compile(module: cell.module, text: cell.source)
    let problems = compilation.diagnostics + compilation.otherDiagnostics
    #expect(compilation.cell != nil, "\(problems)")
    scope.add(cell)
  }

  /// Completes where the text has a `|`.
  func complete(_ marked: String) async throws -> CompleteReply {
    let (code, cursor) = try split(marked)
    return await assistant.complete(code, cursor: cursor, prologue: prologue)
  }

  /// What is said of the name where the text has a `|`, in Markdown.
  func inspect(_ marked: String) async throws -> String? {
    let (code, cursor) = try split(marked)
    let bundle = await assistant.inspect(code, cursor: cursor, detail: 0, prologue: prologue)
    guard case .text(let text)? = bundle?["text/markdown"] else { return nil }
    return text
  }

  private func split(_ marked: String) throws -> (code: String, cursor: Int) {
    let scalars = Array(marked.unicodeScalars)
    let bar = try #require(scalars.firstIndex(of: "|"))
    var code = String.UnicodeScalarView()
    code.append(contentsOf: scalars[..<bar] + scalars[(bar + 1)...])
    return (String(code), bar)
  }
}

extension CompleteReply {
  /// A match as Jupyter's clients show it: its type and its signature.
  func type(of match: String) -> String? { entry(match)?["type"]?.string }
  func signature(of match: String) -> String? { entry(match)?["signature"]?.string }

  private func entry(_ match: String) -> JSON? {
    metadata["_jupyter_types_experimental"]?.array?.first { $0["text"]?.string == match }
  }
}
