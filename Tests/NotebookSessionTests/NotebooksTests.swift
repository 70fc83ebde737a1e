import Foundation
import NotebookKernel
import Synchronization
import Testing

@Suite("The notebooks")
struct NotebooksTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Notebooks")
  static let files =
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?
    .filter { $0.hasSuffix(".md") }.sorted() ?? []

  @Test("are there")
  func all() { #expect(Self.files.count >= 4) }

  @Test("run to their ends", arguments: files)
  func run(_ name: String) async throws {
    let file = Self.folder.appending(path: name).path
    let document = try NotebookDocument(file: file)
    let notebook = try await OpenNotebook()
    let text = Mutex("")
    let runner = NotebookRunner(handler: notebook.session) { new in text.withLock { $0 += new } }
    let (_, failure) = await runner.run(document, file: name)
    #expect(failure == nil, "\(failure?.description ?? "")\n\(text.withLock { $0.suffix(2000) })")
    await notebook.session.shutdown(restart: false)
  }
}
