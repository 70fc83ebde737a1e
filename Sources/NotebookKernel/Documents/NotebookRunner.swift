import Foundation
import NotebookDisplay
import Synchronization

/// Runs the cells of a notebook one after the other, without a browser, and stops at the first that fails.
///
/// A cell tagged `raises-exception` has to fail: it shows what an error looks like.
package struct NotebookRunner: Sendable {
  private let handler: any KernelHandler
  /// Where the text that cells show goes, as it comes.
  private let print: @Sendable (String) -> Void

  package init(handler: any KernelHandler, print: @escaping @Sendable (String) -> Void) {
    self.handler = handler
    self.print = print
  }

  /// Why a notebook did not run to its end.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// The result has the cells' outputs, also those of a notebook that failed.
  package func run(
    _ document: NotebookDocument, file: String
  ) async -> (executed: ExecutedNotebook, failure: Failure?) {
    var executed = ExecutedNotebook(document: document, languageVersion: await handler.info.languageVersion)
    for (index, cell) in document.cells.enumerated() where cell.kind == .code {
      let count = executed.counts.count + 1
      let output = OutputRecorder(count: count, print: print)
      let request = ExecuteRequest(code: cell.source, executionCount: count, cellID: "cell-\(index + 1)")
      let reply = await handler.execute(request, to: output)
      let isExpected = cell.tags.contains("raises-exception")
      var failure: Failure?
      switch reply {
      case .ok:
        if isExpected { failure = Failure(description: "the cell is tagged raises-exception, but it did not fail") }
      case .failed(let error):
        output.fail(error)
        print(error.traceback.joined(separator: "\n") + "\n")
        if !isExpected { failure = Failure(description: "\(error.name): \(error.value)") }
      }
      executed.counts[index] = count
      executed.outputs[index] = output.outputs
      if let failure {
        let place = cell.line.map { "\(file):\($0)" } ?? "\(file), cell \(index + 1)"
        return (executed, Failure(description: "\(place): \(failure)"))
      }
    }
    return (executed, nil)
  }
}

/// A notebook, and what its cells showed.
package struct ExecutedNotebook: Sendable {
  package let document: NotebookDocument
  let languageVersion: String
  var outputs: [Int: [JSON]] = [:]
  var counts: [Int: Int] = [:]

  /// Writes Jupyter's format, whole or not at all.
  package func write(to file: String) throws(NotebookFileError) {
    let value = document.jupyter(outputs: outputs, counts: counts, languageVersion: languageVersion)
    do { try Data(value.encoded).write(to: URL(filePath: file), options: .atomic) } catch {
      throw NotebookFileError(file: file, line: nil, problem: "it can't be written: \(error)")
    }
  }
}

/// The outputs of a cell as nbformat has them.
private final class OutputRecorder: CellOutput {
  private struct State {
    var outputs: [JSON] = []
    /// The places that are filled anew, in `outputs`.
    var places: [String: Int] = [:]
    var clearsNext = false
  }

  private let state = Mutex(State())
  private let count: Int
  private let print: @Sendable (String) -> Void

  init(count: Int, print: @escaping @Sendable (String) -> Void) {
    self.count = count
    self.print = print
  }

  var outputs: [JSON] { state.withLock { $0.outputs } }

  private func add(_ output: JSON, in place: String? = nil) {
    state.withLock { state in
      if state.clearsNext { state = State() }
      if let place { state.places[place] = state.outputs.count }
      state.outputs.append(output)
    }
  }

  func stream(_ stream: OutputStream, _ text: String) {
    if text.isEmpty { return }
    print(text)
    let name = JSON.string(stream.rawValue)
    let isAdded = state.withLock { state in
      guard !state.clearsNext, let last = state.outputs.last, last["name"] == name, let old = last["text"]?.string
      else {
        return false
      }
      state.outputs[state.outputs.count - 1] = ["output_type": "stream", "name": name, "text": .string(old + text)]
      return true
    }
    if !isAdded { add(["output_type": "stream", "name": name, "text": .string(text)]) }
  }

  func display(_ bundle: MimeBundle, in place: String?) {
    print(bundle.text + "\n")
    add(["output_type": "display_data", "data": JSON(bundle), "metadata": [:]], in: place)
  }

  func updateDisplay(_ bundle: MimeBundle, in place: String) {
    state.withLock { state in
      guard let index = state.places[place] else { return }
      state.outputs[index] = ["output_type": "display_data", "data": JSON(bundle), "metadata": [:]]
    }
  }

  func result(_ bundle: MimeBundle) {
    print(bundle.text + "\n")
    add([
      "output_type": "execute_result", "data": JSON(bundle), "metadata": [:], "execution_count": .integer(count),
    ])
  }

  func page(_ bundle: MimeBundle) { display(bundle, in: nil) }

  func clearOutput(wait: Bool) {
    state.withLock { state in if wait { state.clearsNext = true } else { state = State() } }
  }

  func fail(_ error: CellError) {
    add([
      "output_type": "error", "ename": .string(error.name), "evalue": .string(error.value),
      "traceback": .array(error.traceback.map { .string($0) }),
    ])
  }

  func input(prompt: String, isPassword: Bool) async throws(InputError) -> String { throw .notAllowed }
}
