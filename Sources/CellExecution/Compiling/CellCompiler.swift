import Foundation

/// A cell that can be run.
package struct CompiledCell: Sendable, Hashable {
  /// Such as `Cell_3`.
  package let module: String
  /// Its dynamic library.
  package let library: String
  /// The file of Swift that it was compiled from.
  package let source: String

  var entry: String { "\(module)_main" }
}

/// What came of compiling a cell.
package struct Compilation: Sendable {
  /// nil: there were errors.
  package let cell: CompiledCell?
  /// About the code between the cell's `#sourceLocation`s.
  package let diagnostics: [Diagnostic]
  /// About the code around it, which nobody but us has written, or about no place.
  package let otherDiagnostics: [Diagnostic]
}

/// Compiles cells, each a module and a dynamic library of its own, in a folder. Any number at a time.
///
/// The text of a cell is a script whose declarations are public, and which imports the cell before it with `@_exported`. What the user
/// wrote stands between `#sourceLocation(file: "Cell[3]", line: 1)` and `#sourceLocation()`, so that diagnostics and traps name its lines.
package struct CellCompiler: Sendable {
  package let toolchain: Toolchain
  package let library: CellLibrary
  /// Where the cells' files are; a cell finds those before it here.
  package let folder: String
  package var timeLimit: Duration

  package init(toolchain: Toolchain, library: CellLibrary, folder: String, timeLimit: Duration = .seconds(60)) {
    self.toolchain = toolchain
    self.library = library
    self.folder = folder
    self.timeLimit = timeLimit
  }

  /// Compiles and links. Throws what is not the cell's fault.
  package func compile(
    module: String, text: String, isOptimised: Bool = true
  ) async throws(CellExecutionError) -> Compilation {
    let base = "\(folder)/\(module)"
    let cell = try written(module, text)
    let deadline = ContinuousClock.now + timeLimit
    let arguments =
      ["-c", "-o", "\(base).o", "-entry-point-function-name", cell.entry]
      + (isOptimised ? ["-O", "-cross-module-optimization"] : ["-Onone"]) + sharedArguments(cell, base)
    let frontend = try await run("swift-frontend", arguments, until: deadline)
    let diagnostics = Self.diagnostics(of: frontend, in: "\(base).dia")
    let isGenerated = { (diagnostic: Diagnostic) in diagnostic.location.map { $0.file == cell.source } ?? true }
    var others = diagnostics.filter(isGenerated)
    if frontend.succeeded, let failure = try await link(cell, base, until: deadline) { others.append(failure) }
    let isWhole = frontend.succeeded && !others.contains { $0.severity == .error }
    return Compilation(
      cell: isWhole ? cell : nil, diagnostics: diagnostics.filter { !isGenerated($0) }, otherDiagnostics: others)
  }

  /// Compiles declarations that no code runs for, to be imported alone. Whether it could.
  package func compileDeclarations(module: String, text: String) async throws(CellExecutionError) -> Bool {
    let arguments =
      ["-emit-module", "-parse-as-library"] + sharedArguments(try written(module, text), "\(folder)/\(module)")
    return try await run("swift-frontend", arguments, until: .now + timeLimit).succeeded
  }

  private func written(_ module: String, _ text: String) throws(CellExecutionError) -> CompiledCell {
    let base = "\(folder)/\(module)"
    let cell = CompiledCell(module: module, library: "\(base).so", source: "\(base).swift")
    do { try text.write(toFile: cell.source, atomically: false, encoding: .utf8) } catch {
      throw CellExecutionError("\(cell.source) can't be written: \(error)")
    }
    unlink("\(base).dia")
    return cell
  }

  /// What the compiler is told of the language that cells are written in, and of the modules that they can import; the language server
  /// is told the same.
  ///
  /// Swift 5: in 6, a script's globals belong to the main actor, and its functions can't change them.
  package var languageArguments: [String] {
    [
      "-swift-version", "5", "-package-name", "cells", "-target", toolchain.target, "-plugin-path",
      "\(toolchain.root)/lib/swift/host/plugins", "-module-cache-path", library.moduleCache, "-I", folder,
    ] + library.importArguments
  }

  private func sharedArguments(_ cell: CompiledCell, _ base: String) -> [String] {
    // Debug's assertions print what is wrong before they trap. Without a primary file, the optimiser may take functions over from the
    // cells before. The file of documentation is for completion and inspection in later cells.
    [
      cell.source, "-emit-module-path", "\(base).swiftmodule", "-emit-module-doc-path", "\(base).swiftdoc",
      "-module-name", cell.module, "-enable-testing", "-g", "-assert-config", "Debug", "-serialize-diagnostics-path",
      "\(base).dia",
    ] + languageArguments
  }

  /// nil: it is linked.
  private func link(
    _ cell: CompiledCell, _ base: String, until deadline: ContinuousClock.Instant
  ) async throws(CellExecutionError) -> Diagnostic? {
    let extraction = try await run("swift-autolink-extract", ["\(base).o", "-o", "\(base).autolink"], until: deadline)
    let named = (try? String(contentsOfFile: "\(base).autolink", encoding: .utf8)) ?? ""
    let libraries = toolchain.libraries
    let system = "\(toolchain.architecture)-linux-gnu"
    let folders = [libraries, "/usr/lib/\(system)", "/lib/\(system)", "/usr/lib64"]
    let arguments =
      ["-shared", "--as-needed", "--hash-style=both", "--wrap=swift_errorInMain", "-o", cell.library]
      + folders.map { "-L\($0)" }
      + ["-rpath", libraries, "\(libraries)/\(toolchain.architecture)/swiftrt.o", "\(base).o"]
      + named.split(whereSeparator: \.isWhitespace).map(String.init)
    let linking = try await run("ld.lld", arguments, until: deadline)
    if extraction.succeeded && linking.succeeded { return nil }
    let errors = extraction.errors + linking.errors
    return Diagnostic(severity: .error, message: linking.isTimeout ? Self.timeout : errors, location: nil)
  }

  private func run(
    _ tool: String, _ arguments: [String], until deadline: ContinuousClock.Instant
  ) async throws(CellExecutionError) -> ToolRun {
    try await ToolRun.of(toolchain.tool(tool), arguments, timeLimit: deadline - .now)
  }

  private static let timeout = "compiling took longer than its time limit"

  private static func diagnostics(of frontend: ToolRun, in file: String) -> [Diagnostic] {
    let bytes = (try? Data(contentsOf: URL(filePath: file))).map(Array.init) ?? []
    var diagnostics = Diagnostic.all(inSerialized: bytes)
    if !frontend.succeeded, !diagnostics.contains(where: { $0.severity == .error }) {
      // The compiler ran out of time, or crashed: then it says so in text.
      let message = frontend.isTimeout ? timeout : frontend.errors
      diagnostics.append(Diagnostic(severity: .error, message: message, location: nil))
    }
    return diagnostics
  }
}
