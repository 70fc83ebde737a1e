import NeuralNetworks
import TensorCore
import Testing

@Suite("A layer of normalisation, embedding or attention")
struct AttentionLayerTests {
  struct Misfit: Sendable, CustomTestStringConvertible {
    let name: String
    let input: Shape
    let says: String
    let make: @Sendable () -> any Layer
    var testDescription: String { name }
  }

  static let misfits = [
    Misfit(name: "layer norm", input: [3, 5], says: "LayerNorm(4) expects [..., 4]") { LayerNorm(4) },
    Misfit(name: "layer norm over two axes", input: [4], says: "expects [..., 3, 4]") { LayerNorm([3, 4] as Shape) },
    Misfit(name: "RMS norm", input: [5], says: "RMSNorm(4) expects [..., 4]") { RMSNorm(4) },
    Misfit(name: "group norm", input: [2, 3, 4], says: "expects [batch, 4, ...]") { GroupNorm(groups: 2, channels: 4) },
    Misfit(name: "instance norm 1d", input: [2, 3, 1], says: "[batch, 3, length] with two places") {
      InstanceNorm1d(3)
    },
    Misfit(name: "instance norm 2d", input: [2, 3, 4], says: "[batch, 3, height, width]") { InstanceNorm2d(3) },
    Misfit(name: "bags", input: [4], says: "EmbeddingBag(5 → 3, mean) expects [bags, size]") { EmbeddingBag(5, 3) },
    Misfit(name: "attention", input: [2, 5, 7], says: "MultiheadAttention(8, 2 heads) expects [batch, length, 8]") {
      MultiheadAttention(8, heads: 2)
    },
    Misfit(name: "encoder", input: [5, 8], says: "TransformerEncoderLayer(8, 2 heads, 16 inside) expects") {
      TransformerEncoder(count: 2) { TransformerEncoderLayer(8, heads: 2, innerWidth: 16) }
    },
    Misfit(name: "waves", input: [1, 3, 5], says: "SinusoidalEncoding(6) expects [batch, length, 6]") {
      SinusoidalEncoding(6)
    },
    Misfit(name: "learned places", input: [1, 9, 4], says: "expects [batch, length ≤ 8, 4]") {
      LearnedEncoding(context: 8, 4)
    },
    Misfit(name: "turned places", input: [4], says: "RotaryEncoding(4) expects [..., length, 4]") { RotaryEncoding(4) },
    Misfit(name: "weight norm", input: [4], says: "Linear(3 → 2) expects [..., 3]") { WeightNorm(Linear(3, 2)) },
    Misfit(name: "spectral norm", input: [4], says: "Linear(3 → 2) expects [..., 3]") { SpectralNorm(Linear(3, 2)) },
  ]

  @Test("refuses a shape that does not fit, with what is expected", arguments: misfits)
  func refused(_ misfit: Misfit) {
    let layer = misfit.make()
    let error = #expect(throws: ShapeError.self) { try layer.outputShape(for: misfit.input) }
    #expect(error?.description.contains(misfit.says) == true, "\(error?.description ?? "no error")")
  }

  @Test("stands in a summary with its own shapes")
  func summary() {
    let model = Sequential {
      Embedding(10, 8)
      SinusoidalEncoding(8)
      TransformerEncoder(count: 2, norm: LayerNorm(8)) { TransformerEncoderLayer(8, heads: 2, innerWidth: 16) }
      MultiheadAttention(8, heads: 4)
      Linear(8, 3)
    }
    let summary = model.summary(inputShape: [2, 5])
    #expect(summary.rows.map(\.path) == ["0", "1", "2.layers.0", "2.layers.1", "2.norm", "3", "4"])
    #expect(summary.rows[2].outputShape == [2, 5, 8])
    #expect(summary.rows[2].parameterCount == 4 * 64 + 32 + 2 * 8 * 16 + 16 + 8 + 4 * 8)
    #expect(summary.rows.last?.outputShape == [2, 5, 3])
    #expect(model(Tensor.zeros([2, 5], dtype: .int64)).shape == [2, 5, 3])
  }

  @Test("starts as PyTorch's: ones, zeros, normal tables, and Xavier's bounds")
  func initial() throws {
    let table = Embedding(200, 50, paddingIndex: 3, using: RandomGenerator(seed: 1)).weight.value.detached()
    #expect(abs(table.square().mean().item() - 1) < 0.05)
    #expect(table[3].abs().max().item() == 0)
    let attention = MultiheadAttention(64, heads: 4, using: RandomGenerator(seed: 1))
    let projection = try #require(attention.inProjectionWeight).value.detached().abs().max().item()
    let bound = (6 / 256.0).squareRoot()
    #expect(projection <= bound && projection > 0.98 * bound)
    #expect(try #require(attention.inProjectionBias).value.abs().max().item() == 0)
    #expect(try #require(attention.outProjection.bias).value.abs().max().item() == 0)
  }

  @Test("keeps the steepness of a map at 1 once the power method has settled")
  func spectral() {
    let layer = SpectralNorm(Linear(6, 4, bias: false), using: RandomGenerator(seed: 2))
    for _ in 0..<200 { _ = layer(Tensor.ones([1, 6])) }
    let weight = layer.weight.detached().cast(to: .float64)
    // The largest eigenvalue of W·Wᵀ, by the traces of its powers.
    var gram = matmul(weight, weight.transposed())
    for _ in 0..<6 { gram = matmul(gram, gram) }
    let trace = (gram * Tensor.eye(4, dtype: .float64)).sum().log().item() / 64
    #expect(abs(trace) < 0.03)
  }

  @Test("drops attention weights in training alone")
  func dropout() {
    let layer = MultiheadAttention(8, heads: 2, dropout: 0.5, using: RandomGenerator(seed: 3))
    let x = Tensor.normal([2, 6, 8], using: RandomGenerator(seed: 4))
    #expect(difference(layer(x), layer(x)) > 1e-3)
    layer.evaluate()
    #expect(difference(layer(x), layer(x)) == 0)
  }

  @Test(
    "makes products depend on distances alone where places are turned", arguments: [RotaryPairing.neighbours, .halves])
  func rotary(_ pairing: RotaryPairing) {
    let layer = RotaryEncoding(8, pairing: pairing)
    let q = Tensor.normal([1, 8], dtype: .float64, using: RandomGenerator(seed: 5))
    let k = Tensor.normal([1, 8], dtype: .float64, using: RandomGenerator(seed: 6))
    let near = (layer(q, from: 3) * layer(k, from: 1)).sum()
    let far = (layer(q, from: 1003) * layer(k, from: 1001)).sum()
    #expect(difference(near, far) < 1e-12)
  }

  @Test("stops where its sizes can't be")
  func impossible() async {
    let heads = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MultiheadAttention(8, heads: 3)
    }
    expectMessage(heads, "MultiheadAttention", "a width of 8", "3 heads", "divide the width")
    let padding = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Embedding(4, 2, paddingIndex: 4)
    }
    expectMessage(padding, "Embedding", "padding 4", "0..<symbols")
    let groups = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GroupNorm(groups: 3, channels: 4)
    }
    expectMessage(groups, "GroupNorm", "3 groups of 4 channels", "divide")
  }
}
