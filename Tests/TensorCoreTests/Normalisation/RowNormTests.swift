import TensorCore
import Testing

@Suite("Rows to mean 0 and variance 1")
struct RowNormTests {
  /// Rows shorter and longer than vectors and blocks, and few and many of them.
  static let sizes = [[3, 1], [7, 15], [200, 16], [5, 65], [2, 9001], [1000, 100]]

  @Test("equal the formula, and so do their gradients", arguments: sizes)
  func formula(_ size: [Int]) {
    let generator = RandomGenerator(seed: 41)
    let n = size[1]
    let x = Tensor.normal(Shape(size), dtype: .float64, using: generator).requiringGradient()
    let weight = Tensor.normal([n], mean: 1, dtype: .float64, using: generator).requiringGradient()
    let bias = Tensor.normal([n], dtype: .float64, using: generator).requiringGradient()
    let centred = x - x.mean(axis: 1, keepingDimensions: true)
    let squares = { (y: Tensor) in (y.square().mean(axis: 1, keepingDimensions: true) + 1e-3).rsqrt() }
    let expected = [centred * squares(centred) * weight + bias, x * squares(x) * weight]
    let found = [
      layerNorm(x, over: [n], weight: weight, bias: bias, epsilon: 1e-3),
      rmsNorm(x, over: [n], weight: weight, epsilon: 1e-3),
    ]
    let seed = Tensor.normal(Shape(size), dtype: .float64, using: generator)
    for (y, z) in zip(found, expected) {
      expectClose(y, z, within: 1e-13, "value")
      let leaves = [x, weight, bias]
      let slopes = gradients(of: z, withRespectTo: leaves, from: seed)
      for (a, b) in zip(gradients(of: y, withRespectTo: leaves, from: seed), slopes) {
        expectClose(a, b, within: 1e-12, "gradient")
      }
    }
  }

  @Test("are as exact in float32 far from 0")
  func offset() {
    let x = Tensor.normal([4, 1000], mean: 1000, dtype: .float64, using: RandomGenerator(seed: 42))
    let found = layerNorm(x.cast(to: .float32), over: [1000]).cast(to: .float64)
    expectClose(found, layerNorm(x.cast(to: .float32).cast(to: .float64), over: [1000]), within: 2e-5, "value")
  }

  @Test("have the same bits whatever the number of threads, written past the caches too")
  func threads() {
    Runtime.threads = max(Runtime.threads, 3)
    let x = Tensor.normal([2100, 1024], using: RandomGenerator(seed: 43)).requiringGradient()
    let weight = Tensor.normal([1024], using: RandomGenerator(seed: 44)).requiringGradient()
    func compute() -> [Tensor] {
      let y = layerNorm(x, over: [1024], weight: weight)
      return [y.detached()] + gradients(of: y.square().sum(), withRespectTo: [x, weight])
    }
    let results = [1, 2, 3].map { threads in Runtime.withThreadLimit(threads, compute) }
    for other in results.dropFirst() {
      for (a, b) in zip(results[0], other) { expectIdentical(a, b, "threads") }
    }
    // A single row is never streamed.
    expectIdentical(
      layerNorm(x.detached()[5..<6], over: [1024], weight: weight.detached()), results[0][0][5..<6], "row")
  }
}

@Suite("An embedding's gradient")
struct EmbeddingGradientTests {
  @Test("adds what was read several times, and leaves the padding at 0", arguments: [3, 64, 257])
  func repeated(_ width: Int) {
    let generator = RandomGenerator(seed: 45)
    let table = Tensor.normal([50, width], dtype: .float64, using: generator).requiringGradient()
    let ids = Tensor.randomIntegers([4, 300], in: 0..<40, using: generator)
    let seed = Tensor.normal([4, 300, width], dtype: .float64, using: generator)
    let y = embedding(table, ids, paddingIndex: 7)
    let found = gradients(of: y, withRespectTo: [table], from: seed)[0]
    let counts = (ids.reshaped([1200, 1]) .== Tensor.range(0, 50, dtype: .int64)) .& (ids.reshaped([1200, 1]) .!= 7)
    let expected = matmul(counts.cast(to: .float64).transposed(), seed.reshaped([1200, width]))
    expectClose(found, expected, within: 1e-13, "gradient")
    #expect(found[7].abs().max().item() == 0)
  }
}

@Suite("Groups of channels to mean 0 and variance 1")
struct GroupNormTests {
  @Test(
    "equal the formula, and so do their gradients", arguments: [[2, 6, 5000], [3, 4, 3, 7], [40, 12], [5, 8, 1]])
  func formula(_ size: [Int]) {
    let generator = RandomGenerator(seed: 46)
    let x = Tensor.normal(Shape(size), mean: 3, dtype: .float64, using: generator).requiringGradient()
    let weight = Tensor.normal([size[1]], dtype: .float64, using: generator).requiringGradient()
    let bias = Tensor.normal([size[1]], dtype: .float64, using: generator).requiringGradient()
    let rows = x.reshaped([size[0], 2, -1])
    let centred = rows - rows.mean(axis: 2, keepingDimensions: true)
    let normal = centred * (centred.square().mean(axis: 2, keepingDimensions: true) + 1e-5).rsqrt()
    let z =
      normal.reshaped([size[0], size[1], -1]) * weight.reshaped([size[1], 1]) + bias.reshaped([size[1], 1])
    let y = groupNorm(x, groups: 2, weight: weight, bias: bias)
    expectClose(y, z.reshaped(Shape(size)), within: 1e-12, "value")
    let leaves = [x, weight, bias]
    let seed = Tensor.normal(Shape(size), dtype: .float64, using: generator)
    let expected = gradients(of: z.reshaped(Shape(size)), withRespectTo: leaves, from: seed)
    for (a, b) in zip(gradients(of: y, withRespectTo: leaves, from: seed), expected) {
      expectClose(a, b, within: 1e-12, "gradient")
    }
  }
}
