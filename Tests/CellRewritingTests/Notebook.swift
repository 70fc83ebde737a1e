import CellRewriting
import Foundation

/// Compiles cells one after the other, in a folder of its own, without running them.
final class Notebook {
  private(set) var scope = NotebookScope(libraries: ["CellSupport"])
  private let folder: URL
  private var number = 0

  /// The runtime's functions, and a library with something to show.
  static let support = """
    public func _cellResult<Value>(_ value: Value) { print(value) }
    public func _cellAwait<Value, Failure: Error>(_ body: @escaping () async throws(Failure) -> Value) throws(Failure) -> Value {
      fatalError()
    }
    public func _cellReach(_ statement: Int32) {}
    public func _cellRegister<Value>(_ name: String, _ value: @autoclosure () -> Value) {}
    public struct SVG { public init(_ text: String) {} }
    public func display(_ value: Any) {}
    """

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "glassbox-cells-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try compile("CellSupport", Self.support, ["-parse-as-library"])
  }

  /// Where the compiler finds the macros of the standard library: beside the frontend on the PATH.
  private static let plugins: [String] = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let toolchains = folders.map {
      URL(filePath: "\($0)/swift-frontend").resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent()
    }
    let plugins = toolchains.map { $0.appending(path: "lib/swift/host/plugins").path }
    return plugins.first { FileManager.default.fileExists(atPath: $0) }.map { ["-plugin-path", $0] } ?? []
  }()

  deinit { try? FileManager.default.removeItem(at: folder) }

  struct CompileError: Error, CustomStringConvertible {
    let description: String
  }

  /// Compiles a cell, without handing over its values if it must be. The first error is given at its place in the cell.
  @discardableResult
  func add(_ source: String, stoppedIn statement: Int? = nil) throws -> RewrittenCell {
    number += 1
    var cell = CellRewriter().rewrite(source, number: number, in: scope)
    do { try compile(cell) } catch let error {
      guard cell.passesValues else { throw error }
      cell = CellRewriter().rewrite(source, number: number, in: scope, passesValues: false)
      try compile(cell)
    }
    guard let statement else {
      scope.add(cell)
      return cell
    }
    if let stopped = scope.add(cell, stoppedIn: statement) {
      try compile(stopped.module, stopped.source, ["-parse-as-library"])
    }
    return cell
  }

  func forget(_ cell: RewrittenCell) -> Bool { scope.removeLast(ifNumbered: cell.number) }

  private func compile(_ cell: RewrittenCell) throws {
    do { try compile(cell.module, cell.source, ["-entry-point-function-name", "\(cell.module)_main"]) } catch let error
      as CompileError
    {
      let mark = /Cell\[\d+\]:(\d+):(\d+): error: (.*)/
      guard let match = error.description.firstMatch(of: mark), let line = Int(match.1), let column = Int(match.2)
      else {
        throw error
      }
      let place = cell.map.original(SourcePosition(line: line, column: column))
      throw CompileError(description: "\(place): \(match.3)")
    }
  }

  private func compile(_ module: String, _ source: String, _ options: [String]) throws {
    let base = folder.appending(path: module).path
    try source.write(toFile: "\(base).swift", atomically: false, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      [
        "swift-frontend", "-emit-module", "\(base).swift", "-o", "\(base).swiftmodule", "-module-name", module,
        "-swift-version", "5", "-enable-testing", "-package-name", "cells", "-diagnostic-style", "llvm",
        "-assert-config", "Debug", "-I", folder.path,
      ] + Self.plugins + options
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let data = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CompileError(description: String(decoding: data, as: UTF8.self)) }
  }
}
