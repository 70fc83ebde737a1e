import Foundation
import NotebookKernel
import Testing

@Suite("The language server", .serialized, .timeLimit(.minutes(10)))
struct LanguageServerTests {
  @Test("is started anew after it was killed")
  func killed() async throws {
    let notebook = try await AssistedNotebook()
    #expect(try await notebook.complete("\"\".upperc|").matches.contains("uppercased()"))
    let first = try #require(await notebook.assistant.serverID)
    kill(first, SIGKILL)
    #expect(try await notebook.complete("\"\".lowerc|").matches.contains("lowercased()"))
    let second = try #require(await notebook.assistant.serverID)
    #expect(second != first)

    // In the middle of a request, which it cannot answer.
    kill(second, SIGSTOP)
    async let reply = notebook.complete("\"\".hasPre|")
    try await Task.sleep(for: .milliseconds(50))
    kill(second, SIGKILL)
    #expect(try await reply.matches.contains("hasPrefix("))
  }

  @Test("that does not answer is not waited for, and in the end replaced")
  func stopped() async throws {
    let notebook = try await AssistedNotebook(timeLimit: .seconds(3), patience: .seconds(2))
    let isThere = { try await notebook.complete("\"\".upperc|").matches.contains("uppercased()") }
    #expect(try await eventually(isThere), "a first completion")
    let first = try #require(await notebook.assistant.serverID)
    kill(first, SIGSTOP)
    #expect(try await !isThere())
    #expect(try await eventually(isThere))
    #expect(await notebook.assistant.serverID != first)
  }

  @Test("answers the newest of several requests")
  func superseded() async throws {
    let notebook = try await AssistedNotebook()
    #expect(try await notebook.complete("\"\".upperc|").matches.contains("uppercased()"))
    let server = try #require(await notebook.assistant.serverID)
    kill(server, SIGSTOP)
    async let older = notebook.complete("\"\".lowerc|")
    try await Task.sleep(for: .milliseconds(50))
    async let newer = notebook.complete("\"\".hasPre|")
    // The older one ends although the server has not said a word.
    #expect(try await older.matches == [])
    kill(server, SIGCONT)
    #expect(try await newer.matches.contains("hasPrefix("))
  }

  @Test("ends when it is told to")
  func ends() async throws {
    let notebook = try await AssistedNotebook()
    #expect(try await notebook.complete("\"\".upperc|").matches.contains("uppercased()"))
    let server = try #require(await notebook.assistant.serverID)
    await notebook.assistant.stop()
    #expect(try await eventually { kill(server, 0) != 0 })
    #expect(try await notebook.complete("\"\".upperc|").matches.contains("uppercased()"))
  }

  @Test("that is no such program, or none at all, gives no answers")
  func absent() async throws {
    let folder = FileManager.default.temporaryDirectory.path(percentEncoded: false)
    for program in ["/nonexistent/sourcekit-lsp", "/bin/false", "/bin/ls"] {
      let server = LanguageServer(program: program, folder: folder, patience: .seconds(60))
      guard case .ended = await server.ask("textDocument/hover", about: "", until: .now + .seconds(60)) else {
        Issue.record("\(program) answers")
        continue
      }
    }
  }

  private func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
      if try await condition() { return true }
      try await Task.sleep(for: .milliseconds(20))
    }
    return false
  }
}
