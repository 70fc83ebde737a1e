import NeuralNetworks
import TensorCore
import Testing

/// A layer of any number of inputs, whose numbers PyTorch computed too: see scripts/goldens/layers_attention.py.
struct AttentionLayerCase: Sendable, CustomTestStringConvertible {
  let name: String
  let evaluating: Bool
  let make: @Sendable () -> Module
  let apply: @Sendable (Module, [String: Tensor]) -> Tensor?

  /// A layer of one input.
  init(_ name: String, evaluating: Bool = false, _ make: @escaping @Sendable () -> any Layer) {
    self.name = name
    self.evaluating = evaluating
    self.make = make
    apply = { layer, inputs in
      guard let layer = layer as? any Layer, let x = inputs["x"] else { return nil }
      return layer(x)
    }
  }

  init<M: Module>(
    _ name: String, _ make: @escaping @Sendable () -> M, _ apply: @escaping @Sendable (M, [String: Tensor]) -> Tensor
  ) {
    self.name = name
    evaluating = false
    self.make = make
    self.apply = { module, inputs in (module as? M).map { apply($0, inputs) } }
  }

  var testDescription: String { name }

  static let normalisation: [AttentionLayerCase] = [
    AttentionLayerCase("layer_norm") { LayerNorm(6) },
    AttentionLayerCase("layer_norm_axes") { LayerNorm([3, 4] as Shape, epsilon: 1e-3) },
    AttentionLayerCase("layer_norm_no_bias") { LayerNorm(5, bias: false) },
    AttentionLayerCase("layer_norm_plain") { LayerNorm(5, affine: false) },
    AttentionLayerCase("rms_norm") { RMSNorm(6) },
    AttentionLayerCase("group_norm") { GroupNorm(groups: 2, channels: 4) },
    AttentionLayerCase("instance_norm1d") { InstanceNorm1d(3) },
    AttentionLayerCase("instance_norm2d") { InstanceNorm2d(3, affine: true) },
    AttentionLayerCase("weight_norm_linear") { WeightNorm(Linear(4, 3)) },
    AttentionLayerCase("weight_norm_conv2d") { WeightNorm(Conv2d(2, 3, kernel: 3, padding: 1)) },
    AttentionLayerCase("spectral_norm_linear") { SpectralNorm(Linear(4, 3)) },
    AttentionLayerCase("spectral_norm_conv2d") { SpectralNorm(Conv2d(2, 3, kernel: 2), steps: 3) },
    AttentionLayerCase("spectral_norm_evaluation", evaluating: true) { SpectralNorm(Linear(4, 3)) },
  ]

  static let embeddings: [AttentionLayerCase] = [
    AttentionLayerCase("embedding") { Embedding(5, 3) },
    AttentionLayerCase("embedding_padding") { Embedding(5, 3, paddingIndex: 1) },
    AttentionLayerCase("embedding_bag_sum") { EmbeddingBag(5, 3, mode: .sum) },
    AttentionLayerCase("embedding_bag_mean") { EmbeddingBag(5, 3) },
    AttentionLayerCase("embedding_bag_max") { EmbeddingBag(5, 3, mode: .max) },
    AttentionLayerCase("embedding_bag_padding") { EmbeddingBag(5, 3, paddingIndex: 1) },
    AttentionLayerCase(
      "embedding_bag_offsets", { EmbeddingBag(5, 3, mode: .sum) },
      { layer, inputs in
        layer(inputs["x"] ?? .zeros([]), offsets: inputs["offsets"], weights: inputs["weights"])
      }),
  ]

  static let attention: [AttentionLayerCase] = [
    AttentionLayerCase(
      "multihead_causal", { MultiheadAttention(8, heads: 2) },
      { layer, inputs in
        layer(inputs["x"] ?? .zeros([]), mask: nil, causal: true)
      }),
    AttentionLayerCase(
      "multihead_padding", { MultiheadAttention(8, heads: 2, bias: false) },
      { layer, inputs in
        layer(inputs["x"] ?? .zeros([]), mask: nil, keyMask: inputs["mask"])
      }),
    AttentionLayerCase(
      "multihead_cross", { MultiheadAttention(8, heads: 2) },
      { layer, inputs in
        layer(
          inputs["q"] ?? .zeros([]), inputs["k"] ?? .zeros([]), inputs["v"] ?? .zeros([]), mask: inputs["mask"])
      }),
    AttentionLayerCase(
      "multihead_widths", { MultiheadAttention(8, heads: 2, keyWidth: 5, valueWidth: 6) },
      { layer, inputs in layer(inputs["q"] ?? .zeros([]), inputs["k"] ?? .zeros([]), inputs["v"] ?? .zeros([]))
      }),
    AttentionLayerCase(
      "multihead_weights", { MultiheadAttention(8, heads: 2) },
      { layer, inputs in
        layer.attentionWeights(inputs["q"] ?? .zeros([]), inputs["k"] ?? .zeros([]))
      }),
    AttentionLayerCase(
      "encoder_layer", { encoderLayer() },
      { layer, inputs in
        layer(inputs["x"] ?? .zeros([]), mask: nil, keyMask: inputs["mask"])
      }),
    AttentionLayerCase(
      "encoder_layer_norm_first", { encoderLayer(activation: GELU(), normFirst: true, bias: false) },
      { layer, inputs in layer(inputs["x"] ?? .zeros([]), mask: nil, causal: true) }),
    AttentionLayerCase("encoder") {
      TransformerEncoder(count: 2, norm: LayerNorm(8)) { encoderLayer(normFirst: true) }
    },
    AttentionLayerCase(
      "decoder_layer", { decoderLayer() },
      { layer, inputs in
        layer(
          inputs["x"] ?? .zeros([]), memory: inputs["memory"] ?? .zeros([]),
          DecoderMasks(memoryKeys: inputs["mask"], causal: true))
      }),
    AttentionLayerCase(
      "decoder",
      { TransformerDecoder(count: 2, norm: LayerNorm(8)) { decoderLayer(activation: GELU(), normFirst: true) } },
      { layer, inputs in layer(inputs["x"] ?? .zeros([]), memory: inputs["memory"] ?? .zeros([])) }),
    AttentionLayerCase("sinusoidal") { SinusoidalEncoding(6) },
    AttentionLayerCase("learned") { LearnedEncoding(context: 6, 4) },
  ]

  static func encoderLayer(
    activation: any Layer = ReLU(), normFirst: Bool = false, bias: Bool = true
  ) -> TransformerEncoderLayer {
    TransformerEncoderLayer(
      8, heads: 2, innerWidth: 12, dropout: 0, activation: activation, normFirst: normFirst, bias: bias)
  }

  static func decoderLayer(activation: any Layer = ReLU(), normFirst: Bool = false) -> TransformerDecoderLayer {
    TransformerDecoderLayer(8, heads: 2, innerWidth: 12, dropout: 0, activation: activation, normFirst: normFirst)
  }
}

@Suite("A layer of normalisation, embedding or attention computes what PyTorch's computes:")
struct AttentionLayerGoldenTests {
  @Test(
    "outputs, gradients and buffers, in float64",
    arguments: AttentionLayerCase.normalisation + AttentionLayerCase.embeddings + AttentionLayerCase.attention)
  func equalsPyTorch(_ layerCase: AttentionLayerCase) throws {
    let goldens = try Goldens("layers_attention")
    let module = layerCase.make()
    module.cast(to: .float64)
    // Strict: the names are PyTorch's, all of them.
    try module.load(stateDictionary: StateDictionary(goldens.group("\(layerCase.name).state.")))
    if layerCase.evaluating { module.evaluate() }
    let inputs = goldens.group("\(layerCase.name).in.").mapValues {
      $0.dtype.isFloatingPoint ? $0.requiringGradient() : $0
    }
    let y = try #require(layerCase.apply(module, inputs))
    #expect(difference(y, try goldens("\(layerCase.name).y")) < 1e-12)
    if let layer = module as? any Layer, let x = inputs["x"], layerCase.name != "embedding_bag_offsets" {
      #expect(try layer.outputShape(for: x.shape) == y.shape)
    }
    y.backward(from: try goldens("\(layerCase.name).dy"))
    for (name, expected) in goldens.group("\(layerCase.name).in_gradient.") {
      let gradient = try #require(inputs[name]?.gradient, "gradient of the input \(name)")
      #expect(difference(gradient, expected) < 1e-12, "gradient of the input \(name)")
    }
    for (name, parameter) in module.namedParameters() {
      // A parameter that nothing depends on has no gradient here, and zeros there.
      let gradient = parameter.gradient ?? Tensor.zeros(parameter.shape, dtype: .float64)
      let expected = try goldens("\(layerCase.name).gradient.\(name)")
      #expect(difference(gradient, expected) < 1e-12, "gradient of \(name)")
    }
    let changed = goldens.group("\(layerCase.name).after.")
    for (name, tensor) in module.stateDictionary() {
      let expected = try changed[name] ?? goldens("\(layerCase.name).state.\(name)")
      #expect(difference(tensor, expected) < 1e-12, "\(name) afterwards")
    }
  }
}
