/// What bounds the work and the memory that clients can cause.
package struct ServiceLimits: Sendable, Hashable {
  /// The most bytes of a body.
  package var body = 1 << 20
  /// The most requests that wait for the model.
  package var queue = 256
  /// The most requests computed together.
  package var batch = 32
  /// The most texts or rows of one request.
  package var items = 256
  /// How long a request may wait for its answer.
  package var time: Duration = .seconds(10)
  /// The most bytes of a text that a language model reads, the most tokens of what is written, and how long that may take.
  package var prompt = 1 << 14
  package var tokens = 1024
  package var writing: Duration = .seconds(60)
  /// The most texts being written at a time.
  package var stories = 16
  /// How long a client may take from a request's head to its end. A connection on which no head comes is closed after twice that.
  package var reading: Duration = .seconds(10)
  /// The most connections; others wait in the system's queue.
  package var connections = 512

  package init() {}
}
