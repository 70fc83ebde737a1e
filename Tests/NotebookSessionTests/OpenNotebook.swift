import CellExecution
import Foundation
import NotebookDisplay
import NotebookKernel
import Synchronization
import Testing

/// A notebook whose cells run as Jupyter would have them run.
final class OpenNotebook {
  let session: NotebookSession
  private let folder: String
  private var count = 0

  static let library = Result { try CellLibrary() }
  static let toolchain = Task { try await Toolchain() }

  init() async throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "glassbox-session-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    session = NotebookSession(
      toolchain: try await Self.toolchain.value, library: try Self.library.get(), folder: folder)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Runs a cell. What it shows is recorded in order.
  @discardableResult
  func run(
    _ code: String, id: String? = nil, expressions: [String: String] = [:], answers: [String] = [],
    onText: @escaping @Sendable (String) async -> Void = { _ in }
  ) async -> Shown {
    count += 1
    let output = Recorder(answers: answers, onText: onText)
    let reply = await session.execute(
      ExecuteRequest(code: code, userExpressions: expressions, executionCount: count, cellID: id), to: output)
    var shown = output.shown
    switch reply {
    case .ok(let values): shown.values = values.mapValues { (try? $0.get().text) ?? "failed" }
    case .failed(let error): shown.error = error
    }
    return shown
  }
}

struct Shown {
  /// Text, `<display>`, `[place: update]`, `=result`, `!standard error`.
  var items: [String] = []
  var error: CellError?
  var values: [String: String] = [:]
  var text: String { items.joined() }

  /// The error's lines without colours.
  var traceback: String {
    (error?.traceback ?? []).joined(separator: "\n").replacing(/\u{1B}\[[0-9;]*m/, with: "")
  }
}

private final class Recorder: CellOutput {
  private let state: Mutex<(shown: Shown, answers: [String])>
  private let onText: @Sendable (String) async -> Void

  init(answers: [String], onText: @escaping @Sendable (String) async -> Void) {
    state = Mutex((Shown(), answers))
    self.onText = onText
  }

  var shown: Shown { state.withLock { $0.shown } }
  private func add(_ item: String) { state.withLock { $0.shown.items.append(item) } }

  func stream(_ stream: NotebookKernel.OutputStream, _ text: String) {
    if text.isEmpty { return }
    add(stream == .stdout ? text : "!" + text)
    let onText = onText
    Task { await onText(text) }
  }
  func display(_ bundle: MimeBundle, in place: String?) { add("<\(bundle.text)>") }
  func updateDisplay(_ bundle: MimeBundle, in place: String) { add("[\(place): \(bundle.text)]") }
  func result(_ bundle: MimeBundle) { add("=\(bundle.text)") }
  func page(_ bundle: MimeBundle) { add("?\(bundle.text)") }
  func clearOutput(wait: Bool) { add("{clear \(wait)}") }
  func input(prompt: String, isPassword: Bool) async throws(InputError) -> String {
    let answer = state.withLock { $0.answers.isEmpty ? nil : $0.answers.removeFirst() }
    guard let answer else { throw .notAllowed }
    return answer
  }
}
