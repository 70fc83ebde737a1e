/// Why a request was not answered.
public enum RequestError: Error, Sendable, Hashable {
  /// So many others wait already that this one would not be answered in time.
  case queueFull
  /// It took too long: waiting, or being computed.
  case timedOut
}

/// Puts requests that come at the same time into batches: while one batch is computed, others wait, and all of them are the next one. A request that
/// comes alone is computed at once.
///
/// ```swift
/// func squares() async throws -> [Int] {
///   let batcher = RequestBatcher<Int, Int> { $0.map { $0 * $0 } }
///   return try await [batcher.answer(3), batcher.answer(4)]
/// }
/// ```
public actor RequestBatcher<Input: Sendable, Output: Sendable> {
  /// What bounds the work.
  public struct Limits: Sendable, Hashable {
    /// The most requests computed together.
    public var batch: Int
    /// The most that wait.
    public var queue: Int
    /// How long one may take, from coming to its answer.
    public var time: Duration

    public init(batch: Int = 32, queue: Int = 256, time: Duration = .seconds(10)) {
      (self.batch, self.queue, self.time) = (max(batch, 1), max(queue, 1), time)
    }
  }

  private struct Request {
    let input: Input
    let deadline: ContinuousClock.Instant
    let continuation: CheckedContinuation<Output, any Error>
  }

  public nonisolated let limits: Limits
  private let compute: @Sendable ([Input]) async throws -> [Output]
  /// All that have no answer yet, by their numbers.
  private var requests: [Int: Request] = [:]
  /// The numbers of those that wait, in the order in which they came.
  private var queue: [Int] = []
  private var next = 0
  private var isComputing = false
  private var isWatching = false
  /// How many batches were computed, and how many requests in them.
  public private(set) var computed = (batches: 0, requests: 0)

  /// - Parameter compute: Gives an output for each input, in their order. An error is that of all of them.
  public init(_ limits: Limits = Limits(), _ compute: @escaping @Sendable ([Input]) async throws -> [Output]) {
    (self.limits, self.compute) = (limits, compute)
  }

  /// How many requests wait.
  public var waitingCount: Int { queue.count }

  /// The output for an input, computed with others.
  ///
  /// - Throws: ``RequestError``; `CancellationError` when nobody waits for it any more; what the computation throws.
  public func answer(_ input: Input) async throws -> Output {
    if queue.count >= limits.queue { throw RequestError.queueFull }
    let number = next
    next += 1
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
        requests[number] = Request(input: input, deadline: .now + limits.time, continuation: continuation)
        queue.append(number)
        if !isComputing {
          isComputing = true
          Task { await computeQueue() }
        }
        if !isWatching {
          isWatching = true
          Task { await watchDeadlines() }
        }
      }
    } onCancel: {
      Task { await giveUp(number, CancellationError()) }
    }
  }

  private func computeQueue() async {
    while !queue.isEmpty {
      let numbers = Array(queue.prefix(limits.batch))
      queue.removeFirst(numbers.count)
      let inputs = numbers.compactMap { requests[$0]?.input }
      do {
        let outputs = try await compute(inputs)
        for (number, output) in zip(numbers, outputs) { finish(number, .success(output)) }
      } catch {
        for number in numbers { finish(number, .failure(error)) }
      }
      computed = (computed.batches + 1, computed.requests + numbers.count)
    }
    isComputing = false
  }

  /// One task for all: requests come in the order of their deadlines.
  private func watchDeadlines() async {
    while let earliest = requests.values.map(\.deadline).min() {
      try? await Task.sleep(until: earliest, clock: .continuous)
      let now = ContinuousClock.now
      for (number, request) in requests where request.deadline <= now { giveUp(number, RequestError.timedOut) }
    }
    isWatching = false
  }

  private func giveUp(_ number: Int, _ error: any Error) {
    queue.removeAll { $0 == number }
    finish(number, .failure(error))
  }

  /// Answers a request, unless that was done before.
  private func finish(_ number: Int, _ result: Result<Output, any Error>) {
    requests.removeValue(forKey: number)?.continuation.resume(with: result)
  }
}
