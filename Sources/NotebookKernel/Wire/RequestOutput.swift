import Dispatch
import NotebookDisplay
import Synchronization

/// The output of one execute request, on the iopub channel. Text is gathered for 20 ms or until it has 64 KiB, and goes out before
/// anything else that the cell shows: 100,000 lines become some dozens of messages.
final class RequestOutput: CellOutput {
  private struct Batch {
    var stream = OutputStream.stdout
    var text = ""
    var isAwaited = false
  }

  private static let interval = DispatchTimeInterval.milliseconds(20)
  private static let maximumBytes = 65_536
  private static let queue = DispatchQueue(label: "output of cells")

  private let request: ServedRequest
  private let count: Int
  private let isSilent: Bool
  private let publisher: Publisher
  private let inputs: InputDesk
  private let batch = Mutex(Batch())
  private let shownPages = Mutex<[MimeBundle]>([])

  init(_ request: ServedRequest, count: Int, isSilent: Bool, publisher: Publisher, inputs: InputDesk) {
    self.request = request
    self.count = count
    self.isSilent = isSilent
    self.publisher = publisher
    self.inputs = inputs
  }

  func stream(_ stream: OutputStream, _ text: String) {
    guard !isSilent, !text.isEmpty else { return }
    batch.withLock { batch in
      if batch.stream != stream { flush(&batch) }
      batch.stream = stream
      batch.text += text
      if batch.text.utf8.count >= Self.maximumBytes {
        flush(&batch)
      } else if !batch.isAwaited {
        batch.isAwaited = true
        Self.queue.asyncAfter(deadline: .now() + Self.interval) { [self] in
          self.batch.withLock { batch in
            batch.isAwaited = false
            flush(&batch)
          }
        }
      }
    }
  }

  func flush() { batch.withLock { flush(&$0) } }

  private func flush(_ batch: inout Batch) {
    guard !batch.text.isEmpty else { return }
    publisher.publish(
      "stream", ["name": .string(batch.stream.rawValue), "text": .string(batch.text)], parent: request.message.header)
    batch.text = ""
  }

  /// Text first: the lock is held, so that nothing comes between.
  private func show(_ type: String, _ content: JSON) {
    guard !isSilent else { return }
    batch.withLock { batch in
      flush(&batch)
      publisher.publish(type, content, parent: request.message.header)
    }
  }

  func display(_ bundle: MimeBundle, in place: String?) {
    let transient: [String: JSON] = place.map { ["display_id": .string($0)] } ?? [:]
    show("display_data", ["data": JSON(bundle), "metadata": [:], "transient": .object(transient)])
  }

  func updateDisplay(_ bundle: MimeBundle, in place: String) {
    show(
      "update_display_data",
      ["data": JSON(bundle), "metadata": [:], "transient": ["display_id": .string(place)]])
  }

  func result(_ bundle: MimeBundle) {
    show("execute_result", ["execution_count": .integer(count), "data": JSON(bundle), "metadata": [:]])
  }

  func page(_ bundle: MimeBundle) { shownPages.withLock { $0.append(bundle) } }

  /// For the reply.
  var pages: [MimeBundle] { shownPages.withLock { $0 } }

  func clearOutput(wait: Bool) { show("clear_output", ["wait": .bool(wait)]) }

  func fail(_ error: CellError) { show("error", error.content) }

  func input(prompt: String, isPassword: Bool) async throws(InputError) -> String {
    guard request.message.content["allow_stdin"]?.bool ?? false else { throw .notAllowed }
    flush()
    return try await inputs.ask(prompt, isPassword: isPassword, for: request)
  }
}
