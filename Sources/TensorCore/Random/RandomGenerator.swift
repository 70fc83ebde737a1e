import CKernels
import Synchronization

/// A counter-based random generator: Philox4x32-10 (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as
/// 1, 2, 3", 2011).
///
/// A draw depends on the seed and the position alone: never on the number of threads, and a generator that is set to a
/// saved state goes on as if it had not stopped.
///
/// ```swift
/// let first = Tensor.uniform([3], using: RandomGenerator(seed: 7))
/// let again = Tensor.uniform([3], using: RandomGenerator(seed: 7))
/// (first .== again).all().item(Bool.self)  // → true
/// ```
public final class RandomGenerator: Sendable {
  /// All that a generator is.
  public struct State: Sendable, Hashable, Codable {
    public var seed: UInt64
    /// How many blocks of four 32-bit words have been drawn.
    public var position: UInt64

    public init(seed: UInt64, position: UInt64 = 0) {
      self.seed = seed
      self.position = position
    }
  }

  private let current: Mutex<State>

  public init(seed: UInt64) { current = Mutex(State(seed: seed)) }
  public init(state: State) { current = Mutex(state) }

  /// Reading it saves the generator; setting it restores one.
  public var state: State {
    get { current.withLock { $0 } }
    set { current.withLock { $0 = newValue } }
  }

  /// The generator that is used where none is given. Seed it for another run of random numbers.
  public static let `default` = RandomGenerator(seed: 0)

  /// A generator for an independent purpose (a worker, an epoch): same seed and number, same generator.
  ///
  /// ```swift
  /// let generator = RandomGenerator(seed: 1)
  /// let (a, b) = (generator.derived(0), generator.derived(1))
  /// (Tensor.uniform([8], using: a) .== Tensor.uniform([8], using: b)).all()  // → false
  /// ```
  public func derived(_ number: UInt64) -> RandomGenerator {
    let seed = state.seed
    var key = [UInt32](repeating: 0, count: 4)
    gb_philox4x32_10(
      [UInt32(truncatingIfNeeded: number), UInt32(number >> 32), 0x6761_7373, 0x6c62_6f78],
      [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)], &key)
    return RandomGenerator(seed: UInt64(key[0]) | UInt64(key[1]) << 32)
  }

  /// Takes the positions that a draw of `count` elements uses.
  func reserve(_ kind: gb_random_kind, _ dtype: DType, _ count: Int) -> State {
    let blocks = gb_random_blocks(kind, dtype.code, count)
    return current.withLock { state in
      defer { state.position &+= blocks }
      return state
    }
  }
}
