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
  static let goldens = Result { try Goldens("layers_attention") }

  @Test(
    "outputs, gradients and buffers",
    arguments: AttentionLayerCase.normalisation + AttentionLayerCase.embeddings + AttentionLayerCase.attention,
    Goldens.dtypes)
  func equalsPyTorch(_ layerCase: AttentionLayerCase, _ dtype: DType) throws {
    let goldens = try Self.goldens.get()
    let results = goldens.group(layerCase.name + Goldens.suffix(dtype) + ".")
    let tolerance = Goldens.tolerance(dtype)
    let module = layerCase.make()
    module.cast(to: dtype)
    // Strict: the names are PyTorch's, all of them.
    let state = goldens.group("\(layerCase.name).state.", in: dtype)
    try module.load(stateDictionary: StateDictionary(state))
    if layerCase.evaluating { module.evaluate() }
    let inputs = goldens.group("\(layerCase.name).in.", in: dtype).mapValues {
      $0.dtype.isFloatingPoint ? $0.requiringGradient() : $0
    }
    let y = try #require(layerCase.apply(module, inputs))
    #expect(difference(y, try #require(results["y"])) < tolerance)
    if let layer = module as? any Layer, let x = inputs["x"], layerCase.name != "embedding_bag_offsets" {
      #expect(try layer.outputShape(for: x.shape) == y.shape)
    }
    y.backward(from: try goldens("\(layerCase.name).dy").cast(to: dtype))
    for (name, input) in inputs where input.requiresGradient {
      let gradient = try #require(input.gradient, "gradient of the input \(name)")
      let expected = try #require(results["in_gradient.\(name)"])
      #expect(difference(gradient, expected) < tolerance, "gradient of the input \(name)")
    }
    for (name, parameter) in module.namedParameters() {
      // A parameter that nothing depends on has no gradient here, and zeros there.
      let gradient = parameter.gradient ?? Tensor.zeros(parameter.shape, dtype: dtype)
      let expected = try #require(results["gradient.\(name)"])
      #expect(difference(gradient, expected) < tolerance, "gradient of \(name)")
    }
    for (name, tensor) in module.stateDictionary() {
      let expected = try #require(results["after.\(name)"] ?? state[name])
      #expect(difference(tensor, expected) < tolerance, "\(name) afterwards")
    }
  }
}
