import NotebookDisplay
import Synchronization

/// Keeps the value of an expression that is evaluated beside a cell.
final class ResultRecorder: CellOutput {
  private let recorded = Mutex<MimeBundle?>(nil)
  var result: MimeBundle? { recorded.withLock { $0 } }
  func stream(_ stream: OutputStream, _ text: String) {}
  func display(_ bundle: MimeBundle, in place: String?) {}
  func updateDisplay(_ bundle: MimeBundle, in place: String) {}
  func result(_ bundle: MimeBundle) { recorded.withLock { $0 = bundle } }
  func page(_ bundle: MimeBundle) {}
  func clearOutput(wait: Bool) {}
  func input(prompt: String, isPassword: Bool) async throws(InputError) -> String { throw .notAllowed }
}

/// Shows nothing of a cell that runs again: the notebook has it already. What it asks, it asks again.
struct ReplayOutput: CellOutput {
  private let output: any CellOutput
  init(_ output: any CellOutput) { self.output = output }
  func stream(_ stream: OutputStream, _ text: String) {}
  func display(_ bundle: MimeBundle, in place: String?) {}
  func updateDisplay(_ bundle: MimeBundle, in place: String) {}
  func result(_ bundle: MimeBundle) {}
  func page(_ bundle: MimeBundle) {}
  func clearOutput(wait: Bool) {}
  func input(prompt: String, isPassword: Bool) async throws(InputError) -> String {
    try await output.input(prompt: prompt, isPassword: isPassword)
  }
}
