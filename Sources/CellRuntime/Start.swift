import CKernels
import Dispatch
import NotebookDisplay

/// What the process that runs cells does for the code in them.
struct Host {
  /// Writes a payload, in a frame of its own, between what is printed.
  var emit: @convention(c) (UnsafePointer<CChar>, Int) -> Void
  /// Ends the calling thread, whose cell threw.
  var threw: @convention(c) () -> Void
  /// Says that the calling thread waits and holds no lock: it may be stopped there.
  var setWaiting: @convention(c) (Int32) -> Void
  /// Waits for a line of input; the caller frees it.
  var nextInput: @convention(c) () -> UnsafeMutablePointer<CChar>?

  /// Set once, before the first cell runs; nil where a cell's code runs outside of a notebook.
  nonisolated(unsafe) static var current: Host?

  /// Emits fields that contain no semicolon.
  func emit(_ fields: [String]) {
    var payload = fields.joined(separator: ";")
    payload.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { if let base = $0.baseAddress { emit(base, $0.count) } }
    }
  }
}

/// The statement at the top that the running cell has reached, where the host reads it, and sets it to 0 before the next.
nonisolated(unsafe) private let reached = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

/// Notes that the statement with this index at the top of the cell is about to run.
public func _cellReach(_ statement: Int32) { reached.pointee = statement }

/// Returns where the host finds the statement that a cell has reached.
@_cdecl("glassbox_cell_runtime_start")
public func _cellRuntimeStart(
  emit: @escaping @convention(c) (UnsafePointer<CChar>, Int) -> Void,
  threw: @escaping @convention(c) () -> Void,
  setWaiting: @escaping @convention(c) (Int32) -> Void,
  nextInput: @escaping @convention(c) () -> UnsafeMutablePointer<CChar>?
) -> UnsafeMutablePointer<Int32> {
  Host.current = Host(emit: emit, threw: threw, setWaiting: setWaiting, nextInput: nextInput)
  Displays.sink = NotebookSink()
  return reached
}

/// Whether a new cell can still print, allocate, display, await, and reach the main actor, although threads have stopped for ever.
/// Does not return where it can't print or allocate.
@_cdecl("glassbox_cell_runtime_probe")
public func _cellRuntimeProbe() -> Int32 {
  print("", terminator: "")
  _ = Displays.sink.isRich
  for bytes in [64, 4 << 10, 64 << 10, 1 << 20] { gb_free(gb_allocate(bytes), bytes) }
  let answers = DispatchSemaphore(value: 0)
  Task.detached { answers.signal() }
  Task { @MainActor in answers.signal() }
  let deadline = DispatchTime.now() + 10
  return answers.wait(timeout: deadline) == .success && answers.wait(timeout: deadline) == .success ? 1 : 0
}
