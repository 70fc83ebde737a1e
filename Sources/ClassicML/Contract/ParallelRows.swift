import DataPipelines
import TensorCore

/// Work on rows that know nothing of each other, on several threads.
enum ParallelRows {
  /// Calls `body` with 0..<count in ranges of `size`: what comes out does not depend on the number of threads, if each range writes its own rows.
  static func run(count: Int, size: Int, _ body: @escaping @Sendable (Range<Int>) -> Void) {
    if count <= size { return body(0..<count) }
    _ = ParallelMap.map(count: (count + size - 1) / size, threads: Runtime.threads) { piece in
      body(piece * size..<Swift.min((piece + 1) * size, count))
    }
  }

  /// How many rows make a piece of about a million operations.
  static func size(operations: Int) -> Int { Swift.max(1, 1_000_000 / Swift.max(1, operations)) }
}
