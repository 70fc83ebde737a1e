import NeuralNetworks
import TensorCore
import Testing

@Suite("An initialiser")
struct InitializerTests {
  struct Spread: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let initializer: Initializer
    let shape: Shape
    let deviation: Double
    /// Bound of all values, if there is one.
    var bound = Double.infinity
  }

  /// The closed forms of PyTorch's torch.nn.init, worked out by hand.
  static let spreads: [Spread] = [
    // fan in 300, fan out 500: √(6/800), and √(2/800)
    Spread(
      testDescription: "xavier uniform", initializer: .xavierUniform(), shape: [500, 300], deviation: 0.05,
      bound: 0.0866025403784),
    Spread(testDescription: "xavier normal", initializer: .xavierNormal(gain: 2), shape: [500, 300], deviation: 0.1),
    // √2/√300, and √2/√500
    Spread(
      testDescription: "kaiming uniform", initializer: .kaimingUniform(), shape: [500, 300], deviation: 0.0816496580928,
      bound: 0.1414213562373),
    Spread(
      testDescription: "kaiming normal, fan out", initializer: .kaimingNormal(.fanOut), shape: [500, 300],
      deviation: 0.0632455532034),
    Spread(
      testDescription: "kaiming uniform, a = √5", shape: [500, 300]
    ) { .kaimingUniform(nonlinearity: .leakyRelu(slope: 5.0.squareRoot())) },
    // fan in 8·3·3 = 72: 5/3/√72; fan out 64·3·3 = 576: 1/√576
    Spread(
      testDescription: "kaiming normal of a convolution", initializer: .kaimingNormal(nonlinearity: .tanh),
      shape: [64, 8, 3, 3], deviation: 0.1964185503296),
    Spread(
      testDescription: "kaiming normal of a convolution, fan out",
      initializer: .kaimingNormal(.fanOut, nonlinearity: .linear), shape: [64, 8, 3, 3], deviation: 0.0416666666667),
    // The standard deviation of a normal variable cut at ±2 is √(1 − 4φ(2)/(2Φ(2) − 1)) = 0.8796256610342.
    Spread(
      testDescription: "truncated normal", initializer: .truncatedNormal(standardDeviation: 0.5), shape: [500, 300],
      deviation: 0.4398128305171, bound: 1),
    Spread(
      testDescription: "uniform", initializer: .uniform(from: -3, to: 3), shape: [500, 300], deviation: 1.7320508075689,
      bound: 3),
    Spread(
      testDescription: "normal", initializer: .normal(standardDeviation: 0.3), shape: [500, 300], deviation: 0.3),
  ]

  @Test("has the spread of its formula around 0", arguments: spreads)
  func spread(_ spread: Spread) {
    let x = spread.initializer(spread.shape, dtype: .float64, using: RandomGenerator(seed: 9))
    let n = Double(x.count)
    #expect(x.shape == spread.shape)
    #expect(x.dtype == .float64)
    // Five standard deviations: of the mean σ/√n, of the sample's σ at most σ/√(2n).
    #expect(abs(x.mean().item()) < 5 * spread.deviation / n.squareRoot())
    #expect(abs(x.standardDeviation().item() / spread.deviation - 1) < 5 / (2 * n).squareRoot())
    #expect(x.abs().max().item() <= spread.bound)
    if spread.bound.isFinite { #expect(x.abs().max().item() > 0.99 * spread.bound) }
  }

  @Test("computes fans of linear and convolution weights as PyTorch does")
  func fans() {
    #expect(Fans(of: [10, 20]) == Fans(of: [10, 20, 1, 1]))
    #expect(Fans(of: [10, 20]).in == 20)
    #expect(Fans(of: [10, 20]).out == 10)
    #expect(Fans(of: [16, 6, 5, 3]).in == 90)
    #expect(Fans(of: [16, 6, 5, 3]).out == 240)
  }

  @Test("knows PyTorch's gains")
  func gains() {
    #expect(Nonlinearity.linear.gain == 1)
    #expect(Nonlinearity.sigmoid.gain == 1)
    #expect(Nonlinearity.tanh.gain == 5.0 / 3)
    #expect(Nonlinearity.relu.gain == 2.0.squareRoot())
    #expect(Nonlinearity.leakyRelu(slope: 0.2).gain == (2 / 1.04).squareRoot())
    #expect(Nonlinearity.selu.gain == 0.75)
  }

  @Test(
    "makes orthonormal rows or columns, whichever there are fewer of",
    arguments: [
      [6, 6], [4, 9], [9, 4], [1, 5], [5, 1], [1, 1], [3, 2, 2, 2], [120, 100],
    ])
  func orthogonal(_ sizes: [Int]) {
    let w = Initializer.orthogonal(gain: 2)(Shape(sizes), dtype: .float64, using: RandomGenerator(seed: 4))
    #expect(w.shape == Shape(sizes))
    let matrix = w.flattened(from: 1)
    let few = min(matrix.shape[0], matrix.shape[1])
    let gram =
      matrix.shape[0] <= matrix.shape[1] ? matrix.matmul(matrix.transposed()) : matrix.transposed().matmul(matrix)
    #expect(difference(gram, Tensor.eye(few, dtype: .float64) * 4) < 1e-13)
  }

  @Test("makes orthogonal matrices that favour no direction")
  func haar() {
    // For a uniform orthogonal 3×3 matrix each entry has mean 0 and variance 1/3, and the trace has mean 0 and
    // variance 1.
    let generator = RandomGenerator(seed: 6)
    let draws = (0..<2000).map { _ in Initializer.orthogonal()([3, 3], dtype: .float64, using: generator) }
    let all = Tensor.stacked(draws)
    #expect(all.mean(axis: 0).abs().max().item() < 5 * (1.0 / 3 / 2000).squareRoot())
    let traces = (all * Tensor.eye(3, dtype: .float64)).sum(axes: [1, 2])
    #expect(abs(traces.square().mean().item() - 1) < 0.2)
  }

  @Test("fills a parameter in its own shape and dtype, and the same for the same seed")
  func parameter() {
    let layer = Linear(5, 4)
    layer.cast(to: .float64)
    layer.weight.initialize(.xavierUniform(), using: RandomGenerator(seed: 2))
    let first = layer.weight.value.detached()
    #expect(first.dtype == .float64)
    layer.weight.initialize(.xavierUniform(), using: RandomGenerator(seed: 2))
    #expect(difference(layer.weight.value, first) == 0)
    layer.bias?.initialize(.constant(0.25))
    #expect(layer.bias?.value.sum().item() == 1)
  }

  @Test("of ones on a diagonal lets a layer pass its input")
  func passing() {
    let generator = RandomGenerator(seed: 8)
    let linear = Linear(4, 4, bias: false)
    linear.weight.initialize(.identity)
    let rows = Tensor.normal([3, 4], using: generator)
    #expect(difference(linear(rows), rows) == 0)
    let convolution = Conv2d(4, 4, kernel: [3, 4], padding: .same, groups: 2, bias: false)
    convolution.weight.initialize(.dirac(groups: 2))
    let x = Tensor.normal([2, 4, 5, 6], using: generator)
    // An even kernel's middle is the one after: the padding's odd element comes after, too.
    #expect(difference(convolution(x)[.all, .all, .all, 0..<5], x[.all, .all, .all, 1...]) == 0)
    let more = Conv1d(2, 3, kernel: 3, padding: 1, bias: false)
    more.weight.initialize(.dirac())
    let y = more(x[.all, 0..<2, 0])
    #expect(difference(y[.all, 0..<2], x[.all, 0..<2, 0]) == 0 && y[.all, 2].abs().max().item() == 0)
  }

  @Test("of mostly zeros has so many in each column, at other places in each, and the deviation elsewhere")
  func sparse() {
    let w = Initializer.sparse(0.9, standardDeviation: 2)([101, 200], dtype: .float64, using: RandomGenerator(seed: 3))
    let zeros = w .== 0
    #expect((zeros.sum(axis: 0) .== 91).all().item(Bool.self))
    // Each row is zero with a probability of 91/101: of 200 columns in 180 ± 4.2.
    let counts = zeros.sum(axis: 1).cast(to: .float64)
    #expect(counts.min().item() > 159 && counts.max().item() < 200)
    #expect(abs(w.square().sum().item() / 2000 - 4) < 0.65)
  }

  @Test("with fans stops for a vector")
  func vector() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Parameter(Tensor.zeros([3])).initialize(.xavierNormal())
    }
    expectMessage(result, "Fans", "[3]", "[out, in, ...]")
  }
}

extension InitializerTests.Spread {
  /// He's formula with a = √5 is what PyTorch's layers start with: uniform in ±1/√(fan in).
  init(testDescription: String, shape: Shape, _ initializer: () -> Initializer) {
    let bound = 1 / Double(shape[1]).squareRoot()
    self.init(
      testDescription: testDescription, initializer: initializer(), shape: shape, deviation: bound / 3.0.squareRoot(),
      bound: bound * (1 + 1e-12))
  }
}
