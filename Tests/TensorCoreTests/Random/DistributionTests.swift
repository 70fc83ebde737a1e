import Foundation
import TensorCore
import Testing

// Fixed seeds: each figure is the same on every run, so a bound that a right generator misses once in a thousand seeds is no flake.
@Suite("Random numbers")
struct DistributionTests {
  /// Kolmogorov–Smirnov: √n·sup|Fₙ − F|, above 1.95 once in a thousand (Knuth, vol. 2, 1997, §3.3.1).
  private func kolmogorovSmirnov(_ x: Tensor, _ cumulative: (Double) -> Double) -> Double {
    let sorted = x.doubles.sorted()
    let n = Double(sorted.count)
    var largest = 0.0
    for (index, value) in sorted.enumerated() {
      let f = cumulative(value)
      largest = max(largest, f - Double(index) / n, Double(index + 1) / n - f)
    }
    return largest * n.squareRoot()
  }

  /// χ² of counts against probabilities.
  private func chiSquare(_ counts: [Int], _ probabilities: [Double]) -> Double {
    let n = Double(counts.reduce(0, +))
    return zip(counts, probabilities).map { count, p in (Double(count) - n * p) * (Double(count) - n * p) / (n * p) }
      .reduce(0, +)
  }

  private func counts(_ x: Tensor, _ categories: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: categories)
    for value in x.scalars(as: Int.self) { counts[value] += 1 }
    return counts
  }

  @Test("are uniform in [low, high)", arguments: [DType.float32, .float64])
  func uniform(_ dtype: DType) {
    let x = Tensor.uniform([200_000], from: -3, to: 5, dtype: dtype, using: RandomGenerator(seed: 1))
    #expect(kolmogorovSmirnov(x) { ($0 + 3) / 8 } < 1.95)
    #expect(abs(x.mean().item() - 1) < 0.02 && abs(x.variance().item() - 64.0 / 12) < 0.05)
    #expect(x.min().item() >= -3 && x.max().item() < 5)
    // Neighbours know nothing of each other: the correlation of n pairs is about 1/√n.
    let deviations = x.cast(to: .float64) - 1
    #expect(abs((deviations[1...] * deviations[..<(-1)]).mean().item() / (64.0 / 12)) < 0.007)
  }

  @Test("stay below high even in bfloat16, and in a range without width stay at low")
  func narrow() {
    let x = Tensor.uniform([50_000], dtype: .bfloat16, using: RandomGenerator(seed: 2))
    #expect(x.max().item() < 1 && x.min().item() >= 0 && abs(x.cast(to: .float64).mean().item() - 0.5) < 0.01)
    #expect(Tensor.uniform([3], from: 2, to: 2, using: RandomGenerator(seed: 2)).doubles == [2, 2, 2])
  }

  @Test("are normal", arguments: [DType.float32, .float64])
  func normal(_ dtype: DType) {
    let x = Tensor.normal([200_000], mean: 2, standardDeviation: 3, dtype: dtype, using: RandomGenerator(seed: 3))
    #expect(kolmogorovSmirnov(x) { 0.5 * erfc(-($0 - 2) / 3 / 2.0.squareRoot()) } < 1.95)
    let z = (x.cast(to: .float64) - 2) / 3
    #expect(abs(z.mean().item()) < 0.01 && abs(z.variance().item() - 1) < 0.02)
    #expect(abs(z.power(3).mean().item()) < 0.03 && abs(z.power(4).mean().item() - 3) < 0.1)
    #expect(z.abs().max().item() > 4 && z.doubles.allSatisfy(\.isFinite))
  }

  @Test("are normal between bounds")
  func truncated() {
    let x = Tensor.truncatedNormal(
      [50_000], mean: 1, standardDeviation: 2, dtype: .float64, using: RandomGenerator(seed: 4))
    func cumulative(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }
    let inside = cumulative(2) - cumulative(-2)
    #expect(kolmogorovSmirnov(x) { (cumulative(($0 - 1) / 2) - cumulative(-2)) / inside } < 1.95)
    #expect(x.min().item() >= -3 && x.max().item() <= 5)
  }

  @Test("are whole, each equally often", arguments: [DType.int64, .int32, .uint8])
  func integers(_ dtype: DType) {
    let x = Tensor.randomIntegers([100_000], in: 0..<10, dtype: dtype, using: RandomGenerator(seed: 5))
    // Nine degrees of freedom: above 27.9 once in a thousand.
    #expect(chiSquare(counts(x, 10), [Double](repeating: 0.1, count: 10)) < 27.9)
    #expect(Tensor.randomIntegers([4], in: -7 ..< -6, using: RandomGenerator(seed: 5)).doubles == [-7, -7, -7, -7])
    let wide = Tensor.randomIntegers([1000], in: Int.min..<Int.max, using: RandomGenerator(seed: 5)).scalars(
      as: Int.self)
    #expect(wide.contains { $0 < -(1 << 62) } && wide.contains { $0 > 1 << 62 })
  }

  @Test("are one with a given probability")
  func bernoulli() {
    let n = 100_000
    for p in [0.0, 0.25, 0.9, 1.0] {
      let share = Tensor.bernoulli([n], probability: p, using: RandomGenerator(seed: 6)).mean().item()
      #expect(abs(share - p) <= 3.3 * (p * (1 - p) / Double(n)).squareRoot())
    }
    let each = Tensor.bernoulli(
      probabilities: Tensor([[0.0], [1.0], [0.5]]).expanded(to: [3, 10_000]), using: RandomGenerator(seed: 6))
    let shares = each.mean(axis: 1).doubles
    #expect(shares[0] == 0 && shares[1] == 1 && abs(shares[2] - 0.5) < 0.02)
  }

  @Test("permute: every order of four is equally likely")
  func permutation() {
    let generator = RandomGenerator(seed: 7)
    var found: [[Int]: Int] = [:]
    for _ in 0..<24_000 { found[Tensor.permutation(4, using: generator).scalars(as: Int.self), default: 0] += 1 }
    #expect(found.count == 24)
    // 23 degrees of freedom: above 49.7 once in a thousand.
    #expect(chiSquare(Array(found.values), [Double](repeating: 1 / 24.0, count: 24)) < 49.7)
    let large = Tensor.permutation(10_000, using: generator).scalars(as: Int.self)
    #expect(large.sorted() == Array(0..<10_000) && large != Array(0..<10_000))
    #expect(Tensor.permutation(0).count == 0 && Tensor.permutation(1).doubles == [0])
  }

  @Test("choose categories by weight, with and without replacement")
  func multinomial() {
    let weights = Tensor([[1.0, 2.0, 0.0, 5.0]], dtype: .float64)
    let x = Tensor.multinomial(weights: weights, samples: 40_000, using: RandomGenerator(seed: 8))
    let found = counts(x, 4)
    #expect(found[2] == 0)
    // Two degrees of freedom: above 13.8 once in a thousand.
    #expect(chiSquare([found[0], found[1], found[3]], [0.125, 0.25, 0.625]) < 13.8)

    let pairs = Tensor.multinomial(
      weights: weights.expanded(to: [20_000, 4]), samples: 2, replacement: false, using: RandomGenerator(seed: 9)
    ).scalars(as: Int.self)
    var ordered: [Int: Int] = [:]
    for row in stride(from: 0, to: pairs.count, by: 2) { ordered[10 * pairs[row] + pairs[row + 1], default: 0] += 1 }
    // P(a, then b) = wₐ/8 · w_b/(8 − wₐ). Five degrees of freedom: above 20.5 once in a thousand.
    let w = [1.0, 2, 0, 5]
    let keys = [1, 3, 10, 13, 30, 31]
    let expected = keys.map { w[$0 / 10] / 8 * w[$0 % 10] / (8 - w[$0 / 10]) }
    #expect(Set(ordered.keys).isSubset(of: Set(keys)))
    #expect(chiSquare(keys.map { ordered[$0] ?? 0 }, expected) < 20.5)
  }
}
