import NeuralNetworks
import TensorCore

/// The sizes of a GPT.
public struct GPTConfiguration: Sendable, Hashable {
  public var layers: Int
  public var heads: Int
  /// The length of a place's vector; the heads divide it.
  public var width: Int
  /// The most places that a sequence can have.
  public var context: Int
  /// How many different tokens there are.
  public var vocabulary: Int
  /// The probability of dropping an element of the embeddings, of each part's result and of the attention weights.
  public var dropout: Double
  /// Whether affine maps and normalisations add a bias.
  public var bias: Bool
  /// Which GELU: nanoGPT's is exact, GPT-2's own weights were trained with the approximation by tanh.
  public var gelu: GELUFormula

  /// GPT-2's smallest, of 124 million parameters, unless told otherwise.
  public init(
    layers: Int = 12, heads: Int = 12, width: Int = 768, context: Int = 1024, vocabulary: Int = 50_257,
    dropout: Double = 0, bias: Bool = true, gelu: GELUFormula = .exact
  ) {
    self.layers = layers
    self.heads = heads
    self.width = width
    self.context = context
    self.vocabulary = vocabulary
    self.dropout = dropout
    self.bias = bias
    self.gelu = gelu
  }
}

/// GPT-2: a stack of causal transformer blocks that predicts the next token (Radford, Wu, Child, Luan, Amodei &
/// Sutskever, "Language models are unsupervised multitask learners", 2019).
///
/// Tokens [batch, length], integers in 0..<vocabulary → logits [batch, length, vocabulary]: those at place i are for the
/// token at place i + 1. The names are those of nanoGPT (Karpathy, 2022), with weights [outputs, inputs] as `Linear` has
/// them: `transformer.wte.weight`, `transformer.h.0.attn.c_attn.weight`. (Hugging Face's checkpoints have the same names
/// with the weights of `c_attn`, `c_proj` and `c_fc` transposed.) The table of tokens is also the last map's weight,
/// under the second name `lm_head.weight`.
///
/// Weights start as GPT-2's: normal with a standard deviation of 0.02, divided by √(2·layers) for the maps that lead back
/// into the residual stream; biases at 0.
///
/// ```swift
/// let model = GPT(GPTConfiguration(layers: 2, heads: 2, width: 16, context: 8, vocabulary: 10))
/// model(Tensor([[1, 2, 3]])).shape  // → [1, 3, 10]
/// model.namedParameters().map(\.name)[0]  // → transformer.wte.weight
/// GPTConfiguration(layers: 1).parameterCount  // → 46473216
/// ```
public final class GPT: Module, Layer, NamesArchitecture, ParameterGrouping {
  public let transformer: GPTTransformer
  let lmHead: TiedHead
  public let settings: GPTConfiguration

  /// Stops unless the sizes are at least 1, the heads divide the width and 0 ≤ dropout < 1.
  public init(_ settings: GPTConfiguration, using generator: RandomGenerator = .default) {
    transformer = GPTTransformer(settings, using: generator)
    lmHead = TiedHead(transformer.wte.weight)
    self.settings = settings
  }

  public var architecture: Architecture? { .gpt(settings) }

  /// The tables, each block, and the last normalisation.
  public var parameterGroups: [[Parameter]] {
    [transformer.wte.parameters + transformer.wpe.parameters] + transformer.h.map(\.parameters)
      + [transformer.lnF.parameters]
  }

  public func callAsFunction(_ tokens: Tensor) -> Tensor { linear(transformer(tokens), lmHead.weight.value) }

  /// The mean cross entropy of the next tokens, [batch, length], which stand one place further than `tokens`.
  public func loss(_ tokens: Tensor, next: Tensor) -> Tensor {
    crossEntropy(self(tokens).reshaped([tokens.count, settings.vocabulary]), next.reshaped([next.count]))
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 2, input[1] <= settings.context else {
      throw ShapeError(self, input: input, "expects [batch, length ≤ \(settings.context)]")
    }
    return [input[0], input[1], settings.vocabulary]
  }

  public override var configuration: String {
    "\(settings.layers) layers, \(settings.heads) heads, \(settings.width) wide, context \(settings.context), \(settings.vocabulary) tokens"
  }
}

extension GPTConfiguration {
  /// How many numbers such a model learns, the shared table once.
  public var parameterCount: Int {
    let biases = bias ? 1 : 0
    let block = 12 * width * width + 2 * width + biases * 11 * width
    return (vocabulary + context) * width + layers * block + width * (1 + biases)
  }
}

/// What turns tokens into the vectors that the last map reads: embeddings, blocks, a normalisation.
public final class GPTTransformer: Module, Layer {
  /// The table of tokens, [vocabulary, width].
  public let wte: Embedding
  /// The table of places, [context, width].
  public let wpe: Embedding
  public let h: [GPTBlock]
  public let lnF: LayerNorm
  private let dropping: Dropout

  init(_ settings: GPTConfiguration, using generator: RandomGenerator) {
    guard settings.layers >= 1 else { stop("GPT", "\(settings.layers) layers", fix: "use at least one") }
    wte = Embedding(settings.vocabulary, settings.width, using: generator)
    wpe = Embedding(settings.context, settings.width, using: generator)
    h = (0..<settings.layers).map { _ in GPTBlock(settings, using: generator) }
    lnF = LayerNorm(settings.width, bias: settings.bias)
    dropping = Dropout(settings.dropout, using: generator)
    super.init()
    for (name, parameter) in namedParameters() where parameter.shape.rank == 2 {
      let isLast = name.hasSuffix("c_proj.weight")
      let deviation = isLast ? 0.02 / Double(2 * settings.layers).squareRoot() : 0.02
      parameter.initialize(.normal(standardDeviation: deviation), using: generator)
    }
    for (name, parameter) in namedParameters() where name.hasSuffix("bias") { parameter.initialize(.constant(0)) }
  }

  /// Tokens [batch, length] → [batch, length, width]. Stops when the sequence is longer than the context.
  public func callAsFunction(_ tokens: Tensor) -> Tensor {
    guard tokens.rank == 2, tokens.shape[1] <= wpe.symbols else {
      stop(
        "GPT", "tokens of shape \(tokens.shape) with a context of \(wpe.symbols)",
        fix: "pass [batch, length] with a length up to the context")
    }
    let places = wpe(Tensor.range(0, Double(tokens.shape[1]), dtype: .int64))
    let x = dropping(wte(tokens) + places)
    return lnF(h.reduce(x) { $1($0) })
  }

  /// The same for places that follow remembered ones.
  func callAsFunction(_ tokens: Tensor, after memory: inout GPTMemory) -> Tensor {
    let (start, length) = (memory.length, tokens.shape[1])
    let places = wpe(Tensor.range(Double(start), Double(start + length), dtype: .int64))
    var x = wte(tokens) + places
    for (number, block) in h.enumerated() { x = block(x, after: &memory.layers[number]) }
    return lnF(x)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 2, input[1] <= wpe.symbols else {
      throw ShapeError(self, input: input, "expects [batch, length ≤ \(wpe.symbols)]")
    }
    return [input[0], input[1], wte.width]
  }
}

/// The last map, which has no weight of its own.
final class TiedHead: Module {
  let weight: Parameter

  init(_ weight: Parameter) { self.weight = weight }
}
