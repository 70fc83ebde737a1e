import CellExecution
import Foundation
import NotebookDisplay

/// sourcekit-lsp with one document. Starts with the first request, and anew after it ended.
package actor LanguageServer {
  package enum Answer: Sendable {
    case result(JSON)
    /// An error, or no answer in time.
    case none
    /// The server ended, or can't be started.
    case ended
  }

  private let program: String
  private let folder: String
  /// How long a server may owe an answer before it is taken for hanging.
  private let patience: Duration

  private var process: ServerProcess?
  private var starting: Task<Void, Never>?
  private var isReady = false
  private var version = 0
  private var requests = 0
  private var questions = 0
  private var waiting: [Int: CheckedContinuation<Answer, Never>] = [:]
  /// When we gave up waiting, by request.
  private var owed: [Int: ContinuousClock.Instant] = [:]

  /// - Parameters:
  ///   - folder: with `compile_commands.json`.
  package init(program: String, folder: String, patience: Duration) {
    self.program = program
    self.folder = folder
    self.patience = patience
  }

  deinit { process?.stop() }

  /// The document's file, which the server reads nothing from: what it holds is sent.
  nonisolated var file: String { "\(folder)/Cell.swift" }
  private nonisolated var uri: JSON { .string(URL(filePath: file).absoluteString) }

  var processID: pid_t? { process?.id }

  /// Asks about the document, which has this text from now on.
  package func ask(
    _ method: String, _ parameters: [String: JSON] = [:], about text: String,
    until deadline: ContinuousClock.Instant
  ) async -> Answer {
    if let since = owed.values.min(), ContinuousClock.now - since > patience { stop() }
    questions += 1
    let own = questions
    if !isReady {
      let start = starting ?? Task { await self.start(until: deadline) }
      starting = start
      await start.value
    }
    guard isReady else { return .ended }
    // The server drops what it was asked about a text when it gets another: the newest question comes last.
    guard own == questions else { return .none }
    version += 1
    let document: [String: JSON] = ["uri": uri, "version": .integer(version)]
    notify("textDocument/didChange", ["textDocument": .object(document), "contentChanges": [["text": .string(text)]]])
    return await request(method, parameters.merging(["textDocument": ["uri": uri]]) { own, _ in own }, until: deadline)
  }

  /// Gives up what is being waited for, but for the server's start.
  func cancel() {
    guard isReady else { return }
    for id in waiting.keys { giveUp(id) }
  }

  func stop() {
    process?.stop()
    forget()
  }

  private func start(until deadline: ContinuousClock.Instant) async {
    defer { starting = nil }
    guard let current = try? ServerProcess(program, directory: folder) else { return }
    process = current
    Task { [weak self] in
      for await message in current.messages { await self?.receive(message, from: current) }
      await self?.ended(current)
    }
    let capabilities: JSON = [
      "textDocument": [
        // What makes up most of the work is left to requests of its own: documentation of each completion, and diagnostics.
        "completion": [
          "completionItem": ["snippetSupport": false, "resolveSupport": ["properties": ["documentation"]]]
        ],
        "diagnostic": ["dynamicRegistration": true],
        "hover": ["contentFormat": ["markdown"]],
        "signatureHelp": ["signatureInformation": ["documentationFormat": ["markdown"]]],
      ]
    ]
    let answer = await request(
      "initialize",
      [
        "processId": .integer(Int(getpid())), "rootUri": .string(URL(filePath: folder).absoluteString),
        "capabilities": capabilities, "initializationOptions": ["backgroundIndexing": false],
      ], until: deadline)
    guard current === process else { return }
    guard case .result = answer else { return stop() }
    notify("initialized", [:])
    notify(
      "textDocument/didOpen",
      ["textDocument": ["uri": uri, "languageId": "swift", "version": .integer(version), "text": ""]])
    isReady = true
  }

  private func notify(_ method: String, _ parameters: [String: JSON]) {
    process?.send(["jsonrpc": "2.0", "method": .string(method), "params": .object(parameters)])
  }

  private func request(
    _ method: String, _ parameters: [String: JSON], until deadline: ContinuousClock.Instant
  ) async -> Answer {
    guard let process else { return .ended }
    requests += 1
    let id = requests
    let limit = Task { [weak self] in
      try await Task.sleep(until: deadline)
      await self?.giveUp(id)
    }
    defer { limit.cancel() }
    return await withCheckedContinuation { continuation in
      waiting[id] = continuation
      process.send([
        "jsonrpc": "2.0", "id": .integer(id), "method": .string(method), "params": .object(parameters),
      ])
    }
  }

  private func giveUp(_ id: Int) {
    guard let continuation = waiting.removeValue(forKey: id) else { return }
    owed[id] = .now
    notify("$/cancelRequest", ["id": .integer(id)])
    continuation.resume(returning: .none)
  }

  private func receive(_ message: JSON, from sender: ServerProcess) {
    guard sender === process else { return }
    if message["method"] != nil {
      // What it asks of us, as to register what it can do, is granted.
      if let id = message["id"] { sender.send(["jsonrpc": "2.0", "id": id, "result": nil]) }
    } else if let id = message["id"]?.integer {
      owed[id] = nil
      waiting.removeValue(forKey: id)?.resume(returning: message["result"].map { .result($0) } ?? .none)
    }
  }

  private func ended(_ process: ServerProcess) {
    if process === self.process { forget() }
  }

  private func forget() {
    process = nil
    isReady = false
    owed = [:]
    let all = waiting.values
    waiting = [:]
    for continuation in all { continuation.resume(returning: .ended) }
  }
}
