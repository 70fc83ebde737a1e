import CellExecution
import Foundation
import NotebookKernel

/// The kernel that Jupyter starts, and what runs notebooks without it. Cells use the library beside this program.
///
///     glassbox-kernel CONNECTION_FILE
///     glassbox-kernel run FILE… [--output FILE.ipynb]
@main
struct Kernel {
  static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      switch arguments.first {
      case "run"?: try await run(arguments.dropFirst())
      case let file? where arguments.count == 1 && !file.hasPrefix("-"): try await serve(file)
      default: throw Usage()
      }
    } catch {
      say("\(error)")
      exit(error is Usage ? 64 : 1)
    }
  }

  private static func serve(_ file: String) async throws {
    let connection = try ConnectionFile(path: file)
    let session = try await session()
    // The terminal's Ctrl-C goes to the whole group; what it means is that a cell is to stop, and Jupyter says so.
    signal(SIGINT, SIG_IGN)
    let server = try KernelServer(connection: connection, handler: session, log: say)
    Task { await session.prepare() }
    let starter = getppid()
    let watch = Task {
      // Whoever started the kernel would end it. If they can't any more, nobody else knows of it.
      while getppid() == starter { try await Task.sleep(for: .seconds(1)) }
      await session.shutdown(restart: false)
      server.close()
    }
    _ = await server.run()
    watch.cancel()
  }

  private static func run(_ arguments: ArraySlice<String>) async throws {
    var (files, output): ([String], String?) = ([], nil)
    var rest = arguments
    while let word = rest.popFirst() {
      if word == "--output" {
        guard let file = rest.popFirst() else { throw Usage() }
        output = file
      } else if word.hasPrefix("-") {
        throw Usage()
      } else {
        files.append(word)
      }
    }
    guard !files.isEmpty, output == nil || files.count == 1 else { throw Usage() }
    let isTerminal = isatty(STDOUT_FILENO) == 1
    for file in files {
      let document = try NotebookDocument(file: file)
      let session = try await session(in: URL(filePath: file).deletingLastPathComponent().path)
      let runner = NotebookRunner(handler: session) { text in
        let shown = isTerminal ? text : text.replacing(/\u{1B}\[[0-9;]*m/, with: "")
        FileHandle.standardOutput.write(Data(shown.utf8))
      }
      let (executed, failure) = await runner.run(document, file: file)
      await session.shutdown(restart: false)
      if let output { try executed.write(to: output) }
      if let failure { throw failure }
    }
  }

  /// - Parameter directory: where the cells work.
  private static func session(in directory: String? = nil) async throws -> NotebookSession {
    let library = try CellLibrary()
    let folder = try sessionFolder()
    return NotebookSession(
      toolchain: try await Toolchain(), library: library, folder: folder, directory: directory)
  }

  /// A new folder for cells, named after this process. Those of kernels that were killed, and could not remove theirs, are removed.
  private static func sessionFolder() throws -> String {
    let (manager, prefix) = (FileManager.default, "glassbox-kernel-")
    let temporary = manager.temporaryDirectory
    for name in (try? manager.contentsOfDirectory(atPath: temporary.path)) ?? [] where name.hasPrefix(prefix) {
      guard let owner = name.dropFirst(prefix.count).split(separator: "-").first.flatMap({ pid_t($0) }) else {
        continue
      }
      if kill(owner, 0) != 0 && errno == ESRCH { try? manager.removeItem(at: temporary.appending(path: name)) }
    }
    let folder = temporary.appending(path: "\(prefix)\(getpid())-\(UUID().uuidString)").path
    try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  private struct Usage: Error, CustomStringConvertible {
    let description = "usage: glassbox-kernel CONNECTION_FILE | glassbox-kernel run FILE… [--output FILE.ipynb]"
  }

  private static func say(_ line: String) { FileHandle.standardError.write(Data("glassbox-kernel: \(line)\n".utf8)) }
}
