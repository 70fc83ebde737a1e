import Dispatch
import Foundation
import Synchronization

/// Runs `body` on a new thread with a stack of the given size, and waits for it.
func onThread<R: Sendable>(stackSize: Int = 512 * 1024, _ body: @escaping @Sendable () -> R) -> R {
  let result = Mutex<R?>(nil)
  let done = DispatchSemaphore(value: 0)
  let thread = Thread {
    let value = body()
    result.withLock { $0 = value }
    done.signal()
  }
  thread.stackSize = stackSize
  thread.start()
  done.wait()
  guard let value = result.withLock({ $0 }) else { fatalError("the thread ended without a result") }
  return value
}
