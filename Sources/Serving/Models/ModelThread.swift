import Dispatch

/// Where models compute, one thing after the other: the threads that answer requests must not wait for them.
final class ModelThread: SerialExecutor {
  private let queue = DispatchQueue(label: "glassbox.model")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedSerialExecutor()
    queue.async { job.runSynchronously(on: executor) }
  }
}
