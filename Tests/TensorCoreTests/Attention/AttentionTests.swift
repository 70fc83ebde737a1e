import TensorCore
import Testing

@Suite("Attention by blocks")
struct AttentionTests {
  /// Sizes on both sides of the blocks' ends, 64 queries and 128 keys.
  struct Sizes: Sendable, CustomTestStringConvertible {
    let heads: Int
    let keyHeads: Int
    let length: Int
    let keys: Int
    let width: Int
    let valueWidth: Int
    var testDescription: String { "\(length) queries, \(keys) keys, \(heads) heads of \(keyHeads)" }

    static let all = [
      Sizes(heads: 2, keyHeads: 2, length: 150, keys: 300, width: 20, valueWidth: 7),
      Sizes(heads: 4, keyHeads: 2, length: 65, keys: 129, width: 3, valueWidth: 33),
      Sizes(heads: 1, keyHeads: 1, length: 270, keys: 128, width: 64, valueWidth: 64),
      Sizes(heads: 3, keyHeads: 1, length: 1, keys: 200, width: 8, valueWidth: 8),
      Sizes(heads: 1, keyHeads: 1, length: 128, keys: 1, width: 5, valueWidth: 2),
    ]

    func inputs(_ dtype: DType = .float64) -> [Tensor] {
      let generator = RandomGenerator(seed: 31)
      return [[2, heads, length, width], [2, keyHeads, keys, width], [2, keyHeads, keys, valueWidth]].map {
        Tensor.normal(Shape($0), dtype: dtype, using: generator)
      }
    }

    func mask(_ probability: Double) -> Tensor {
      Tensor.bernoulli(
        [2, 1, length, keys], probability: probability, dtype: .bool, using: RandomGenerator(seed: 32))
    }
  }

  /// The formula with all scores in memory.
  private func composed(_ inputs: [Tensor], visible: Tensor) -> Tensor {
    let repeats = inputs[0].shape[1] / inputs[1].shape[1]
    func spread(_ x: Tensor) -> Tensor {
      let heads = (0..<x.shape[1]).flatMap { head in [Tensor](repeating: x[.all, head], count: repeats) }
      return Tensor.stacked(heads, axis: 1)
    }
    let scores = matmul(inputs[0], spread(inputs[1]).transposed()) / Double(inputs[0].shape[3]).squareRoot()
    let hidden = Tensor.where(visible, scores, Tensor(-Double.infinity, dtype: scores.dtype))
    return matmul(hidden.softmax(), spread(inputs[2]))
  }

  private func lowerTriangle(_ sizes: Sizes) -> Tensor {
    Tensor.range(0, Double(sizes.length)).reshaped([sizes.length, 1]) .>= Tensor.range(0, Double(sizes.keys))
  }

  private func expectSame(_ sizes: Sizes, visible: Tensor, _ fused: ([Tensor]) -> Tensor) {
    let leaves = sizes.inputs().map { $0.requiringGradient() }
    let (y, z) = (fused(leaves), composed(leaves, visible: visible))
    expectClose(y, z, within: 1e-13, "value")
    let seed = Tensor.normal(z.shape, dtype: .float64, using: RandomGenerator(seed: 33))
    let found = gradients(of: y, withRespectTo: leaves, from: seed)
    let recorded = gradients(of: y, withRespectTo: leaves, from: seed, differentiable: true)
    for (index, expected) in gradients(of: z, withRespectTo: leaves, from: seed).enumerated() {
      expectClose(found[index], expected, within: 1e-12, "gradient \(index)")
      expectClose(recorded[index], expected, within: 1e-12, "recorded gradient \(index)")
    }
  }

  @Test("equals the formula", arguments: Sizes.all)
  func plain(_ sizes: Sizes) {
    let all = Tensor.full([sizes.length, sizes.keys], 1, dtype: .bool)
    expectSame(sizes, visible: all) { scaledDotProductAttention($0[0], $0[1], $0[2]) }
  }

  @Test("equals the formula where the future is hidden", arguments: Sizes.all)
  func causal(_ sizes: Sizes) {
    expectSame(sizes, visible: lowerTriangle(sizes)) {
      scaledDotProductAttention($0[0], $0[1], $0[2], causal: true)
    }
  }

  @Test("equals the formula behind masks of bools and of numbers", arguments: Sizes.all)
  func masks(_ sizes: Sizes) {
    // The first key is seen by all, so that the formula has something to divide by.
    let visible = sizes.mask(0.5) .| (Tensor.range(0, Double(sizes.keys)) .< 1)
    expectSame(sizes, visible: visible) { scaledDotProductAttention($0[0], $0[1], $0[2], mask: visible) }
    expectSame(sizes, visible: visible .& lowerTriangle(sizes)) {
      scaledDotProductAttention($0[0], $0[1], $0[2], mask: visible, causal: true)
    }
    let numbers = Tensor.where(visible, Tensor(0.0, dtype: .float64), Tensor(-Double.infinity, dtype: .float64))
    expectSame(sizes, visible: visible) { scaledDotProductAttention($0[0], $0[1], $0[2], mask: numbers) }
  }

  @Test("gives zeros, and takes no gradient, where a query sees nothing")
  func nothingSeen() {
    let leaves = Sizes.all[0].inputs().map { $0.requiringGradient() }
    let mask = Tensor.range(0, 150).reshaped([150, 1]) .>= 140
    let y = scaledDotProductAttention(leaves[0], leaves[1], leaves[2], mask: mask)
    #expect(y[.all, .all, 0..<140].abs().max().item() == 0)
    let found = gradients(of: y.sum(), withRespectTo: leaves)
    #expect(found.allSatisfy { $0.isFinite().all().item(Bool.self) })
    #expect(found[0][.all, .all, 0..<140].abs().max().item() == 0)
  }

  @Test("drops weights with the probability asked for, the same ones on the way back", arguments: Sizes.all.prefix(3))
  func dropout(_ sizes: Sizes) {
    let inputs = sizes.inputs().map { $0.requiringGradient() }
    func attended(_ values: Tensor, dropout: Double) -> Tensor {
      scaledDotProductAttention(
        inputs[0], inputs[1], values, causal: true, dropout: dropout, using: RandomGenerator(seed: 34))
    }
    // The unit vectors as values show the weights themselves.
    let units = Tensor.eye(sizes.keys, dtype: .float64).expanded(to: [2, sizes.keyHeads, sizes.keys, sizes.keys])
    let (weights, kept) = (attended(units, dropout: 0).detached(), attended(units, dropout: 0.25).detached())
    let dropped = (kept .== 0) .& (weights .> 0)
    let share = dropped.cast(to: .float64).sum().item() / (weights .> 0).cast(to: .float64).sum().item()
    #expect(abs(share - 0.25) < 0.02)
    expectClose(
      kept, Tensor.where(dropped, Tensor(0.0, dtype: .float64), weights / 0.75), within: 1e-13, "weights")

    let y = attended(inputs[2], dropout: 0.25)
    let seed = Tensor.normal(y.shape, dtype: .float64, using: RandomGenerator(seed: 35))
    let found = gradients(of: y, withRespectTo: inputs, from: seed)
    let recorded = gradients(of: y, withRespectTo: inputs, from: seed, differentiable: true)
    for index in 0..<3 { expectClose(found[index], recorded[index], within: 1e-12, "gradient \(index)") }
    let heads = matmul(kept.transposed(), seed)
    let shape: Shape = [2, sizes.keyHeads, sizes.heads / sizes.keyHeads, sizes.keys, sizes.valueWidth]
    expectClose(found[2], heads.reshaped(shape).sum(axis: 2), within: 1e-12, "gradient of the values")
  }

  @Test("gives the same bits whatever the number of threads")
  func threads() {
    Runtime.threads = max(Runtime.threads, 3)
    let leaves = Sizes.all[1].inputs(.float32).map { $0.requiringGradient() }
    func compute() -> [Tensor] {
      let y = scaledDotProductAttention(
        leaves[0], leaves[1], leaves[2], causal: true, dropout: 0.1, using: RandomGenerator(seed: 36))
      return [y.detached()] + gradients(of: y.square().sum(), withRespectTo: leaves)
    }
    let results = [1, 2, 3].map { threads in Runtime.withThreadLimit(threads, compute) }
    for other in results.dropFirst() {
      for (a, b) in zip(results[0], other) { expectIdentical(a, b, "threads") }
    }
  }

  // In a process of its own, where nothing else takes memory meanwhile.
  @Test("needs memory for the sequence, not for all pairs of its places")
  func memory() async {
    await #expect(processExitsWith: .success) {
      let x = Tensor.normal([1, 2, 2048, 16]).requiringGradient()
      MemoryStatistics.resetPeak()
      let before = MemoryStatistics.current.inUse
      let y = scaledDotProductAttention(x, x, x, causal: true)
      let slope = gradients(of: y.sum(), withRespectTo: [x])[0]
      // All scores would be 32 MiB; an operand is a quarter of one.
      let most = MemoryStatistics.current.peak - before
      guard slope.shape == x.shape, most < 4 << 20 else { fatalError("\(most) bytes") }
    }
  }

  @Test("from one projection equals cutting it apart", arguments: [DType.float64, .bfloat16])
  func packed(_ dtype: DType) {
    let x = Tensor.normal([2, 70, 3 * 24], dtype: dtype, using: RandomGenerator(seed: 37)).requiringGradient()
    let parts = x.split(every: 24, axis: 2).map { $0.reshaped([2, 70, 3, 8]).transposed(1, 2) }
    let z = scaledDotProductAttention(parts[0], parts[1], parts[2], causal: true).transposed(1, 2)
      .reshaped([2, 70, 24])
    let y = selfAttention(x, heads: 3, causal: true)
    expectClose(y, z, within: 1e-13, "value")
    let seed = Tensor.normal([2, 70, 24], dtype: dtype, using: RandomGenerator(seed: 38))
    let expected = gradients(of: z, withRespectTo: [x], from: seed)[0]
    expectClose(
      gradients(of: y, withRespectTo: [x], from: seed)[0], expected, within: dtype == .float64 ? 1e-13 : 0.01,
      "gradient")
  }
}
