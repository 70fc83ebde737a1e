import CellExecution
import CellRewriting
import Foundation
import NotebookDisplay

/// A notebook that is open: the cells that ran, what they declared, and the process that keeps their values. Cells run one at a time.
///
/// A cell becomes a module (`CellRewriter`), is compiled and linked (`CellCompiler`), and runs in the process of the ones before
/// (`CellHost`). The module of a cell that ended, or stopped half way, is what the next cell imports.
package actor NotebookSession: KernelHandler {
  private let toolchain: Toolchain
  private let library: CellLibrary
  private let compiler: CellCompiler
  private let assistant: CellAssistant
  private let rewriter = CellRewriter()
  private let directory: String?

  private var host: CellHost?
  private var scope = NotebookSession.emptyScope
  /// The numbers of cells that the process has had: a module's name is good for one of them.
  private var usedNumbers: Set<Int> = []
  /// The run that is the newest of a cell, by what the notebook calls it.
  private var newestRuns: [String: Int] = [:]
  /// What extensions in the newest run of a cell made types conform to.
  private var conformances: [String: [CellDeclarations.Conformance]] = [:]
  private var compiled: [String: CompiledCell] = [:]
  private var texts: [String: CellReport.Text] = [:]
  private var entries: [HistoryEntry] = []
  private var record = ReplayRecord()

  private var interruptions = 0
  private var compiling: Task<Result<Compilation, CellExecutionError>, Never>?

  /// What a cell sees without an import of its own: the runtime alone. What else it uses, it imports.
  private static let emptyScope = NotebookScope(libraries: ["CellRuntime", "NotebookDisplay"])

  /// - Parameters:
  ///   - folder: the session's own; it is removed at the end.
  ///   - directory: where the cells work; without it, where this process does.
  package init(toolchain: Toolchain, library: CellLibrary, folder: String, directory: String? = nil) {
    self.toolchain = toolchain
    self.library = library
    self.directory = directory
    compiler = CellCompiler(toolchain: toolchain, library: library, folder: folder)
    assistant = CellAssistant(
      toolchain: toolchain, library: library, folder: folder, magics: NotebookCommand.names.map { "%\($0)" })
  }

  package var info: KernelInfo {
    let version = toolchain.version.firstMatch(of: /version (\S+)/).map { String($0.output.1) } ?? toolchain.version
    return KernelInfo(
      implementation: "glassbox", implementationVersion: "1.0", languageVersion: version,
      banner: "Glassbox: Swift in notebooks. \(toolchain.version)")
  }

  /// Does before the first cell what it would wait for: starts the process, and has the compiler read the library's modules.
  package func prepare() async {
    _ = try? await startedHost()
    let modules = ["TensorCore", "NeuralNetworks", "Optimizers", "DataPipelines", "Plotting"]
    _ = try? await compiler.compile(
      module: "Warm", text: modules.map { "import \($0)" }.joined(separator: "\n") + "\nlet x = Tensor([1.0])")
  }

  package func execute(_ request: ExecuteRequest, to output: any CellOutput) async -> ExecuteReply {
    if request.storeHistory {
      entries.append(HistoryEntry(session: 0, line: request.executionCount, input: request.code))
    }
    do throws(CellError) {
      try await run(NotebookCell(request), to: output)
    } catch {
      return .failed(error)
    }
    var values: [String: Result<MimeBundle, CellError>] = [:]
    for (name, expression) in request.userExpressions { values[name] = await value(of: expression) }
    return .ok(userExpressions: values)
  }

  package func complete(_ code: String, cursor: Int) async -> CompleteReply {
    await assistant.complete(code, cursor: cursor, prologue: scope.prologueText)
  }

  package func inspect(_ code: String, cursor: Int, detail: Int) async -> MimeBundle? {
    await assistant.inspect(code, cursor: cursor, detail: detail, prologue: scope.prologueText)
  }

  package func isComplete(_ code: String) -> Completeness {
    switch CellRewriting.Completeness(of: code) {
    case .complete: .complete
    case .invalid: .invalid
    case .incomplete(let indentation): .incomplete(indent: indentation)
    }
  }

  package func history(_ request: HistoryRequest) -> [HistoryEntry] {
    switch request.access {
    case .tail(let count): return entries.suffix(count)
    case .range(_, let lines): return entries.filter { lines.contains($0.line) }
    case .search(let pattern, let count, let unique):
      var seen: Set<String> = []
      let found = entries.reversed().filter { entry in
        fnmatch(pattern, entry.input, 0) == 0 && (!unique || seen.insert(entry.input).inserted)
      }
      return found.prefix(count).reversed()
    }
  }

  package func interrupt() async {
    interruptions += 1
    compiling?.cancel()
    await host?.interrupt()
  }

  package func shutdown(restart: Bool) async {
    interruptions += 1
    compiling?.cancel()
    await host?.stop()
    await assistant.stop()
    try? FileManager.default.removeItem(atPath: compiler.folder)
  }

  // ---- running a cell

  private func run(_ cell: NotebookCell, to output: any CellOutput) async throws(CellError) {
    var (isTimed, timeLimit): (Bool, Duration?) = (false, nil)
    for magic in Magic.all(in: cell.code) {
      switch try NotebookCommand(magic) {
      case .time: isTimed = true
      case .memory: output.stream(.stdout, await memory() + "\n")
      case .environment: output.stream(.stdout, environment)
      case .restart: try await restart(to: output)
      case .limit(let limit): timeLimit = limit
      case .help: output.page(MimeBundle(text: NotebookCommand.list))
      }
    }
    try await runCode(cell, isTimed: isTimed, timeLimit: timeLimit, to: output)
  }

  private func runCode(
    _ cell: NotebookCell, isTimed: Bool = false, timeLimit: Duration? = nil, to output: any CellOutput
  ) async throws(CellError) {
    let start = ContinuousClock.now
    guard let new = try await compile(cell, to: output) else { return }
    let compiledAt = ContinuousClock.now
    let limiter = timeLimit.map { limit in
      Task {
        try await Task.sleep(for: limit)
        await self.interrupt()
      }
    }
    defer {
      limiter?.cancel()
      if isTimed {
        let (before, after) = (compiledAt - start, ContinuousClock.now - compiledAt)
        output.stream(.stdout, "compiled in \(before.seconds), ran in \(after.seconds)\n")
      }
    }
    try await run(new, of: cell, to: output)
  }

  private struct CellToRun {
    let rewritten: RewrittenCell
    let program: CompiledCell
    /// With the cell's own run before, if it was the newest.
    let scopeBefore: NotebookScope
  }

  /// nil: the cell has nothing to run.
  private func compile(
    _ cell: NotebookCell, to output: any CellOutput
  ) async throws(CellError) -> CellToRun? {
    let number = newNumber(for: cell)
    // Only what has compiled replaces what was there.
    var scope = scope
    if let id = cell.id, let old = newestRuns[id] { _ = scope.removeLast(ifNumbered: old) }
    var rewritten = rewriter.rewrite(cell.code, number: number, in: scope)
    if rewritten.isEmpty { return nil }
    texts[rewritten.fileName] = CellReport.Text(code: cell.code, map: rewritten.map)
    if let problem = rewritten.problems.first { throw report.error(for: problem, in: rewritten.fileName) }
    var compilation = try await compile(rewritten.module, rewritten.source)
    if compilation.cell == nil, rewritten.passesValues {
      // There are values that no function takes, as one that must not be copied: such a cell compiles without showing them.
      rewritten = rewriter.rewrite(cell.code, number: number, in: scope, passesValues: false)
      texts[rewritten.fileName] = CellReport.Text(code: cell.code, map: rewritten.map)
      compilation = try await compile(rewritten.module, rewritten.source)
    }
    guard let program = compilation.cell else { throw failure(of: compilation, cell) }
    let warnings = report.warnings(in: compilation) + staleConformances(of: rewritten, cell)
    if !warnings.isEmpty { output.stream(.stderr, warnings.joined(separator: "\n") + "\n") }
    let replaced = self.scope
    self.scope = scope
    compiled[rewritten.module] = program
    return CellToRun(rewritten: rewritten, program: program, scopeBefore: replaced)
  }

  private func compile(_ module: String, _ source: String) async throws(CellError) -> Compilation {
    let before = interruptions
    let task = Task { [compiler] () -> Result<Compilation, CellExecutionError> in
      do throws(CellExecutionError) {
        return .success(try await compiler.compile(module: module, text: source))
      } catch {
        return .failure(error)
      }
    }
    compiling = task
    let result = await task.value
    compiling = nil
    if interruptions != before { throw .interrupted }
    do throws(CellExecutionError) { return try result.get() } catch { throw CellError(error) }
  }

  /// A conformance can't be declared twice in a process, and cells that are built upon the first can't be taken away.
  private func failure(of compilation: Compilation, _ cell: NotebookCell) -> CellError {
    var error = report.error(for: compilation)
    let isConformance = compilation.diagnostics.contains { $0.message.hasPrefix("redundant conformance of") }
    if isConformance, record.replace(cell) {
      error.traceback.append(
        "The cell declared the conformance when it ran before, and cells after it are built upon that. "
          + "%restart runs all cells again in a fresh process, this one with its new text.")
    }
    return error
  }

  /// What a process has been told of a type's conformance it tells for ever.
  private func staleConformances(of new: RewrittenCell, _ cell: NotebookCell) -> [String] {
    guard let id = cell.id else { return [] }
    defer { conformances[id] = new.declarations.conformances }
    let old = conformances[id] ?? []
    return new.declarations.conformances.flatMap { conformance in
      let known = old.filter { $0.type == conformance.type }.flatMap(\.protocols)
      let isNew = { (name: String) in new.declarations.types.contains(name) }
      return conformance.protocols.filter { known.contains($0) && !isNew($0) && !isNew(conformance.type) }.map {
        "note: `as` and `is` may still find the conformance of \(conformance.type) to \($0) that this cell declared when it ran before. "
          + "%restart runs all cells again in a fresh process."
      }
    }
  }

  private func run(
    _ new: CellToRun, of cell: NotebookCell, to output: any CellOutput
  ) async throws(CellError) {
    let rewritten = new.rewritten
    let before = interruptions
    let host = try await startedHost()
    let events = await host.run(new.program)
    if interruptions != before { await host.interrupt() }
    if let id = cell.id { newestRuns[id] = rewritten.number }
    let outcome = await follow(events, on: host, to: output)
    if case .completed = outcome.ending {
      for variable in new.scopeBefore.unreachableVariables(after: rewritten) {
        guard let owner = compiled[variable.module] else { continue }
        _ = await follow(await host.drop(variable.name, of: owner), on: host, to: output)
      }
      scope.add(rewritten)
      if cell.isKept { record.add(cell) }
      return
    }
    let isKnown = rewritten.statements.indices.contains(outcome.statement)
    let statement = isKnown ? rewritten.statements[outcome.statement].lowerBound : nil
    var error = report.error(for: outcome, in: rewritten.fileName, at: statement)
    if case .notRun = outcome.ending { throw error }
    if outcome.isStateKept {
      if try await !standIn(for: rewritten, stoppedIn: outcome.statement) {
        error.traceback.append("What the cell declared can't be told apart into set and unset: none of it can be used.")
      }
      if cell.isKept, let statement, let begun = cell.before(statement) { record.add(begun) }
    } else {
      await forgetProcess()
    }
    throw error
  }

  /// What a cell has set before it stopped stays, and what it has not is unavailable. False: nothing of it stays.
  private func standIn(for cell: RewrittenCell, stoppedIn statement: Int) async throws(CellError) -> Bool {
    guard let stopped = scope.add(cell, stoppedIn: statement) else { return true }
    do throws(CellExecutionError) {
      if try await compiler.compileDeclarations(module: stopped.module, text: stopped.source) { return true }
    } catch {
      throw CellError(error)
    }
    // Names that have no value must not be used: the cell had better not have been.
    _ = scope.removeLast(ifNumbered: cell.number)
    return false
  }

  /// Passes on what happens, up to the end.
  private func follow(
    _ events: AsyncStream<CellEvent>, on host: CellHost, to output: any CellOutput
  ) async -> CellOutcome {
    // The runtime prints why it traps, and the error says it again.
    var lastWords = ""
    for await event in events {
      switch event {
      case .output(let text): output.stream(.stdout, text)
      case .errorOutput(let text):
        let words = lastWords + text
        let begin =
          words.firstRange(of: CellOutcome.lastWords).map { words[..<$0.lowerBound].lastLineStart } ?? words.endIndex
        output.stream(.stderr, String(words[..<begin]))
        lastWords = String(words[begin...])
      case .display(let bundle, let place?, true): output.updateDisplay(bundle, in: place)
      case .display(let bundle, let place, _): output.display(bundle, in: place)
      case .clear(let wait): output.clearOutput(wait: wait)
      case .result(let bundle): output.result(bundle)
      case .inputRequest(let prompt, let isPassword):
        do throws(InputError) {
          await host.answer(try await output.input(prompt: prompt, isPassword: isPassword))
        } catch {
          if error != .endOfInput, error != .interrupted { output.stream(.stderr, "readLine: \(error)\n") }
          await host.answer(nil)
        }
      case .finished(let outcome):
        if outcome.message == nil { output.stream(.stderr, lastWords) }
        return outcome
      }
    }
    return CellOutcome(ending: .notRun("the process that runs cells said nothing of its end"), isStateKept: true)
  }

  private func startedHost() async throws(CellError) -> CellHost {
    if let host { return host }
    do throws(CellExecutionError) {
      let new = try await CellHost(library: library, toolchain: toolchain, directory: directory)
      host = host ?? new
      return host ?? new
    } catch {
      throw CellError(error)
    }
  }

  private func newNumber(for cell: NotebookCell) -> Int {
    var number = cell.number
    // What has no number of its own, or has had it before, gets one that nobody counts.
    if usedNumbers.contains(number) { number = 1_000_000 + usedNumbers.count }
    usedNumbers.insert(number)
    return number
  }

  private var report: CellReport { CellReport(texts: texts) }

  private func value(of expression: String) async -> Result<MimeBundle, CellError> {
    let recorder = ResultRecorder()
    do throws(CellError) {
      try await run(NotebookCell(code: expression, isKept: false), to: recorder)
      return .success(recorder.result ?? MimeBundle(text: ""))
    } catch {
      return .failure(error)
    }
  }

  // ---- commands

  /// After the process that held the values has ended. Cells that run again are other modules of the same names, which the language server
  /// would not notice.
  private func forgetProcess() async {
    await assistant.stop()
    host = nil
    scope = NotebookSession.emptyScope
    usedNumbers = []
    newestRuns = [:]
    conformances = [:]
    compiled = [:]
    record.forgetProcess()
  }

  private func restart(to output: any CellOutput) async throws(CellError) {
    let start = ContinuousClock.now
    await host?.stop()
    await forgetProcess()
    let cells = record.cells
    for cell in cells {
      do throws(CellError) {
        try await runCode(cell, to: ReplayOutput(output))
      } catch {
        output.stream(.stderr, "Cell[\(cell.number)], run again:\n")
        throw error
      }
    }
    let time = (ContinuousClock.now - start).seconds
    output.stream(
      .stdout, "a fresh process; \(cells.count) \(cells.count == 1 ? "cell" : "cells") run again in \(time)\n")
  }

  private func memory() async -> String {
    guard let id = await host?.processID,
      let status = try? FileHandle(forReadingFrom: URL(filePath: "/proc/\(id)/status")).readToEnd()
    else { return "no process runs cells" }
    let text = String(decoding: status, as: UTF8.self)
    func megabytes(_ key: Substring) -> String {
      let line = text.split(separator: "\n").first { $0.hasPrefix(key + ":") }
      let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
      return "\((kilobytes + 512) / 1024) MB"
    }
    return "\(megabytes("VmRSS")) in use, \(megabytes("VmHWM")) at most"
  }

  private var environment: String {
    """
    \(toolchain.version)
    toolchain  \(toolchain.root)
    library    \(library.path)
    folder     \(directory ?? FileManager.default.currentDirectoryPath)

    """
  }
}

extension CellError {
  fileprivate static let interrupted = CellError(
    name: "Interrupted", value: "the cell was stopped while it was compiled",
    traceback: ["Interrupted: the cell was stopped while it was compiled, and has not run"])

  fileprivate init(_ error: CellExecutionError) {
    self.init(name: "KernelError", value: "\(error)", traceback: ["KernelError: \(error)"])
  }
}

extension Substring {
  fileprivate var lastLineStart: Index { lastIndex(of: "\n").map { index(after: $0) } ?? startIndex }
}

extension Duration {
  /// Such as `0.18 s`.
  fileprivate var seconds: String {
    formatted(.units(allowed: [.seconds], width: .narrow, fractionalPart: .show(length: 2))).replacing("s", with: " s")
  }
}
