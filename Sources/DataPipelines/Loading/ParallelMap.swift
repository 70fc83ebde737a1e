import Foundation
import Synchronization
import TensorCore

/// Work that falls into equal, independent items.
package enum ParallelMap {
  /// The results of `body` for 0..<count, in order, by several threads, on each of which ops use one thread. Who takes which item differs
  /// from run to run; what comes out does not.
  package static func map<Result: Sendable>(
    count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Result
  ) -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: count))
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
      Runtime.withThreadLimit(1) {
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          if index >= count { return }
          let result = body(index)
          results.withLock { $0[index] = result }
        }
      }
    }
    return results.withLock { $0.compactMap(\.self) }
  }

  /// What `body` makes of each of many small items, in order, 256 of them at a time.
  package static func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ body: @escaping @Sendable (Item) -> Result
  ) -> [Result] {
    let size = 256
    let parts = map(count: (items.count + size - 1) / size, threads: Runtime.threads) { part in
      items[part * size..<min((part + 1) * size, items.count)].map(body)
    }
    return Array(parts.joined())
  }
}
