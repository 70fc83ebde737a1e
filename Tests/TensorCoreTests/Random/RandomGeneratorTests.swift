import Foundation
import TensorCore
import Testing

@Suite("A random generator")
struct RandomGeneratorTests {
  /// Every kind of draw, of n elements.
  static let draws: [(name: String, draw: @Sendable (Int, RandomGenerator) -> Tensor)] = [
    ("uniform", { Tensor.uniform([$0], using: $1) }),
    ("uniform float64", { Tensor.uniform([$0], dtype: .float64, using: $1) }),
    ("uniform bfloat16", { Tensor.uniform([$0], dtype: .bfloat16, using: $1) }),
    ("normal", { Tensor.normal([$0], using: $1) }),
    ("normal float64", { Tensor.normal([$0], dtype: .float64, using: $1) }),
    ("integers", { Tensor.randomIntegers([$0], in: -5..<1000, using: $1) }),
    ("uint8 integers", { Tensor.randomIntegers([$0], in: 0..<200, dtype: .uint8, using: $1) }),
    ("bernoulli", { Tensor.bernoulli([$0], probability: 0.3, using: $1) }),
    ("dropout", { dropout(Tensor.ones([$0]), 0.4, using: $1) }),
  ]

  @Test("gives the same numbers for the same seed, others for another", arguments: draws.indices)
  func seeds(_ kind: Int) {
    let draw = Self.draws[kind].draw
    expectIdentical(draw(1000, RandomGenerator(seed: 42)), draw(1000, RandomGenerator(seed: 42)), Self.draws[kind].name)
    #expect(draw(1000, RandomGenerator(seed: 42)).doubles != draw(1000, RandomGenerator(seed: 43)).doubles)
  }

  @Test("gives an element by its place alone, however many are drawn", arguments: draws.indices)
  func prefixes(_ kind: Int) {
    let draw = Self.draws[kind].draw
    let whole = draw(200_000, RandomGenerator(seed: 11))
    for n in [0, 1, 2, 3, 5, 15, 16, 17, 63, 64, 65, 1000, 32_768, 65_537, 199_999] {
      expectIdentical(draw(n, RandomGenerator(seed: 11)), whole[..<n], "\(Self.draws[kind].name), \(n)")
    }
  }

  @Test("goes on where a draw ended: two draws of whole blocks are one", arguments: draws.indices)
  func chunks(_ kind: Int) {
    let draw = Self.draws[kind].draw
    let (once, twice) = (RandomGenerator(seed: 12), RandomGenerator(seed: 12))
    let whole = draw(40_000, once)
    let halves = Tensor.concatenated([draw(8, twice), draw(32, twice), draw(39_960, twice)])
    expectIdentical(halves, whole, Self.draws[kind].name)
    #expect(once.state == twice.state)
  }

  @Test("never gives the same blocks twice", arguments: draws.indices)
  func progress(_ kind: Int) {
    let generator = RandomGenerator(seed: 13)
    let draw = Self.draws[kind].draw
    let before = generator.state.position
    let first = draw(100, generator)
    #expect(generator.state.position > before)
    #expect(draw(100, generator).doubles != first.doubles)
  }

  @Test("does not depend on the number of threads", arguments: draws.indices)
  func threads(_ kind: Int) {
    let draw = Self.draws[kind].draw
    let one = Runtime.withThreadLimit(1) { draw(300_000, RandomGenerator(seed: 14)) }
    let two = Runtime.withThreadLimit(2) { draw(300_000, RandomGenerator(seed: 14)) }
    expectIdentical(one, two, Self.draws[kind].name)
  }

  @Test("goes on from a saved state as if it had not stopped")
  func resumed() throws {
    let generator = RandomGenerator(seed: 15)
    _ = Tensor.normal([37], using: generator)
    let saved = try JSONEncoder().encode(generator.state)
    let expected = [
      Tensor.normal([5], using: generator), Tensor.permutation(9, using: generator),
      Tensor.uniform([4], using: generator),
    ]

    let restored = RandomGenerator(state: try JSONDecoder().decode(RandomGenerator.State.self, from: saved))
    let found = [
      Tensor.normal([5], using: restored), Tensor.permutation(9, using: restored), Tensor.uniform([4], using: restored),
    ]
    for (x, y) in zip(found, expected) { expectIdentical(x, y, "resumed") }

    generator.state = try JSONDecoder().decode(RandomGenerator.State.self, from: saved)
    expectIdentical(Tensor.normal([5], using: generator), expected[0], "set back")
  }

  @Test("derives others that are fixed by its seed and a number, and differ from it")
  func derived() {
    let generator = RandomGenerator(seed: 16)
    let first = generator.derived(1).state.seed
    _ = Tensor.uniform([100], using: generator)
    #expect(generator.derived(1).state.seed == first)
    let seeds = Set((0..<1000).map { generator.derived($0).state.seed } + [16])
    #expect(seeds.count == 1001)
    #expect(RandomGenerator(seed: 17).derived(1).state.seed != first)
  }

  @Test("can be shared by threads: no two draws overlap")
  func shared() async {
    let generator = RandomGenerator(seed: 18)
    let draws = await withTaskGroup(of: [Double].self) { group in
      for _ in 0..<8 {
        group.addTask { (0..<50).map { _ in Tensor.uniform([1], dtype: .float64, using: generator).item() } }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(draws).count == 400)
  }
}
