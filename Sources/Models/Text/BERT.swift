import NeuralNetworks
import TensorCore

/// The sizes of a BERT.
public struct BERTConfiguration: Sendable, Hashable, Codable {
  public var layers: Int
  public var heads: Int
  /// The length of a place's vector; the heads divide it.
  public var width: Int
  /// The width between a block's two affine maps.
  public var innerWidth: Int
  /// The most places that a sequence can have.
  public var context: Int
  /// How many different tokens there are.
  public var vocabulary: Int
  /// How many segments: BERT's two texts.
  public var segments: Int
  /// The token that fills sequences up, and that nothing attends to; nil where none does.
  public var padding: Int?
  public var dropout: Double
  public var epsilon: Double

  /// BERT's base, of 109 million parameters, unless told otherwise.
  public init(
    layers: Int = 12, heads: Int = 12, width: Int = 768, innerWidth: Int? = nil, context: Int = 512,
    vocabulary: Int = 30_522, segments: Int = 2, padding: Int? = 0, dropout: Double = 0.1, epsilon: Double = 1e-12
  ) {
    (self.layers, self.heads, self.width) = (layers, heads, width)
    self.innerWidth = innerWidth ?? 4 * width
    (self.context, self.vocabulary, self.segments) = (context, vocabulary, segments)
    (self.padding, self.dropout, self.epsilon) = (padding, dropout, epsilon)
  }
}

/// BERT: a stack of transformer blocks in which every place attends to every other (Devlin, Chang, Lee & Toutanova, "BERT: pre-training of deep bidirectional
/// transformers", 2019).
///
/// Tokens [batch, length], integers in 0..<vocabulary → vectors [batch, length, width]. Places that hold ``BERTConfiguration/padding`` are attended to by none.
/// The names are those of Hugging Face's `BertModel`: `embeddings.word_embeddings.weight`, `encoder.layer.0.attention.self.query.weight`,
/// `pooler.dense.weight`.
///
/// ```swift
/// let model = BERT(BERTConfiguration(layers: 1, heads: 2, width: 8, context: 6, vocabulary: 10))
/// model(Tensor([[1, 2, 3, 0]])).shape  // → [1, 4, 8]
/// model.pooled(Tensor([[1, 2, 3, 0]])).shape  // → [1, 8]
/// model.namedParameters().map(\.name)[0]  // → embeddings.word_embeddings.weight
/// ```
public final class BERT: Module, Layer {
  let embeddings: BERTEmbeddings
  let encoder: BERTEncoder
  let pooler: BERTPooler
  public let settings: BERTConfiguration

  /// Stops unless the sizes are at least 1, the heads divide the width and 0 ≤ dropout < 1.
  public init(_ settings: BERTConfiguration, using generator: RandomGenerator = .default) {
    guard settings.layers >= 1, settings.heads >= 1, settings.width % settings.heads == 0 else {
      stop(
        "BERT", "\(settings.layers) layers, \(settings.heads) heads for a width of \(settings.width)",
        fix: "use one layer at least, and heads that divide the width")
    }
    embeddings = BERTEmbeddings(settings, using: generator)
    encoder = BERTEncoder(settings, using: generator)
    pooler = BERTPooler(settings.width, using: generator)
    self.settings = settings
    super.init()
    for (name, parameter) in namedParameters() {
      if parameter.shape.rank == 2 {
        parameter.initialize(.normal(standardDeviation: 0.02), using: generator)
      } else if name.hasSuffix("bias") {
        parameter.initialize(.constant(0))
      }
    }
  }

  /// The vectors of the last layer.
  public func callAsFunction(_ tokens: Tensor) -> Tensor { self(tokens, segments: nil) }

  /// The same with each place's segment, [batch, length]; nil for 0 everywhere.
  public func callAsFunction(_ tokens: Tensor, segments: Tensor?) -> Tensor {
    guard tokens.rank == 2, tokens.shape[1] <= settings.context else {
      stop(
        "BERT", "tokens of shape \(tokens.shape) with a context of \(settings.context)",
        fix: "pass [batch, length] with a length up to the context")
    }
    return encoder(embeddings(tokens, segments: segments), mask: mask(of: tokens))
  }

  /// The first place's vector through an affine map and tanh, [batch, width]: what classifiers start from.
  public func pooled(_ tokens: Tensor, segments: Tensor? = nil) -> Tensor { pooler(self(tokens, segments: segments)) }

  /// The mean of the vectors of all places but the padding, [batch, width], of length 1: a sentence's embedding (Reimers & Gurevych, "Sentence-BERT",
  /// 2019). The cosine of two is their product.
  public func sentenceEmbedding(_ tokens: Tensor, segments: Tensor? = nil) -> Tensor {
    let vectors = self(tokens, segments: segments)
    let weights = isToken(tokens).cast(to: vectors.dtype).unsqueezed(2)
    let mean = (vectors * weights).sum(axis: 1) / weights.sum(axis: 1).clamped(to: 1e-9...)
    return mean / mean.norm(axes: [1], keepingDimensions: true).clamped(to: 1e-12...)
  }

  private func isToken(_ tokens: Tensor) -> Tensor {
    settings.padding.map { tokens .!= Double($0) } ?? Tensor.ones(tokens.shape, dtype: .bool)
  }

  /// True where a key may be attended to, [batch, 1, 1, length]; nil where all may.
  private func mask(of tokens: Tensor) -> Tensor? {
    settings.padding == nil ? nil : isToken(tokens).reshaped([tokens.shape[0], 1, 1, tokens.shape[1]])
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 2, input[1] <= settings.context else {
      throw ShapeError(self, input: input, "expects [batch, length ≤ \(settings.context)]")
    }
    return [input[0], input[1], settings.width]
  }

  public override var configuration: String {
    "\(settings.layers) layers, \(settings.heads) heads, \(settings.width) wide, context \(settings.context), \(settings.vocabulary) tokens"
  }
}

/// The sum of three tables' vectors, of tokens, places and segments, normalised.
final class BERTEmbeddings: Module {
  let wordEmbeddings: Embedding
  let positionEmbeddings: Embedding
  let tokenTypeEmbeddings: Embedding
  let norm: LayerNorm
  private let dropping: Dropout

  init(_ settings: BERTConfiguration, using generator: RandomGenerator) {
    wordEmbeddings = Embedding(settings.vocabulary, settings.width, using: generator)
    positionEmbeddings = Embedding(settings.context, settings.width, using: generator)
    tokenTypeEmbeddings = Embedding(settings.segments, settings.width, using: generator)
    norm = LayerNorm(settings.width, epsilon: settings.epsilon)
    dropping = Dropout(settings.dropout, using: generator)
  }

  override func stateKey(for property: String) -> String {
    property == "norm" ? "LayerNorm" : super.stateKey(for: property)
  }

  func callAsFunction(_ tokens: Tensor, segments: Tensor?) -> Tensor {
    let places = positionEmbeddings(Tensor.range(0, Double(tokens.shape[1]), dtype: .int64))
    let types = segments.map { tokenTypeEmbeddings($0) } ?? tokenTypeEmbeddings.weight.value[0]
    return dropping(norm(wordEmbeddings(tokens) + places + types))
  }
}

final class BERTEncoder: Module {
  let layer: [BERTBlock]

  init(_ settings: BERTConfiguration, using generator: RandomGenerator) {
    layer = (0..<settings.layers).map { _ in BERTBlock(settings, using: generator) }
  }

  func callAsFunction(_ x: Tensor, mask: Tensor?) -> Tensor { layer.reduce(x) { $1($0, mask: mask) } }
}

/// norm(x + attention(x)), then norm(x + mlp(x)).
final class BERTBlock: Module {
  let attention: BERTAttention
  let intermediate: BERTInner
  let output: BERTOutput

  init(_ settings: BERTConfiguration, using generator: RandomGenerator) {
    attention = BERTAttention(settings, using: generator)
    intermediate = BERTInner(settings, using: generator)
    output = BERTOutput(settings.innerWidth, settings, using: generator)
  }

  func callAsFunction(_ x: Tensor, mask: Tensor?) -> Tensor {
    let y = attention(x, mask: mask)
    return output(intermediate(y), beside: y)
  }
}

final class BERTAttention: Module {
  let heads: BERTHeads
  let output: BERTOutput

  init(_ settings: BERTConfiguration, using generator: RandomGenerator) {
    heads = BERTHeads(settings, using: generator)
    output = BERTOutput(settings.width, settings, using: generator)
  }

  override func stateKey(for property: String) -> String {
    property == "heads" ? "self" : super.stateKey(for: property)
  }

  func callAsFunction(_ x: Tensor, mask: Tensor?) -> Tensor { output(heads(x, mask: mask), beside: x) }
}

final class BERTHeads: Module {
  let query: Linear
  let key: Linear
  let value: Linear
  private let count: Int
  private let dropping: Dropout
  private let generator: RandomGenerator

  init(_ settings: BERTConfiguration, using generator: RandomGenerator) {
    query = Linear(settings.width, settings.width, using: generator)
    key = Linear(settings.width, settings.width, using: generator)
    value = Linear(settings.width, settings.width, using: generator)
    count = settings.heads
    dropping = Dropout(settings.dropout, using: generator)
    self.generator = generator
  }

  func callAsFunction(_ x: Tensor, mask: Tensor?) -> Tensor {
    let (batch, length, width) = (x.shape[0], x.shape[1], x.shape[2])
    func split(_ y: Tensor) -> Tensor { y.reshaped([batch, length, count, width / count]).transposed(1, 2) }
    let y = scaledDotProductAttention(
      split(query(x)), split(key(x)), split(value(x)), mask: mask, dropout: isTraining ? dropping.probability : 0,
      using: generator)
    return y.transposed(1, 2).reshaped([batch, length, width])
  }
}

final class BERTInner: Module {
  let dense: Linear

  init(_ settings: BERTConfiguration, using generator: RandomGenerator) {
    dense = Linear(settings.width, settings.innerWidth, using: generator)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { dense(x).gelu() }
}

/// An affine map's result beside what went past it, normalised.
final class BERTOutput: Module {
  let dense: Linear
  let norm: LayerNorm
  private let dropping: Dropout

  init(_ inputs: Int, _ settings: BERTConfiguration, using generator: RandomGenerator) {
    dense = Linear(inputs, settings.width, using: generator)
    norm = LayerNorm(settings.width, epsilon: settings.epsilon)
    dropping = Dropout(settings.dropout, using: generator)
  }

  override func stateKey(for property: String) -> String {
    property == "norm" ? "LayerNorm" : super.stateKey(for: property)
  }

  func callAsFunction(_ x: Tensor, beside residual: Tensor) -> Tensor { norm(dropping(dense(x)) + residual) }
}

final class BERTPooler: Module {
  let dense: Linear

  init(_ width: Int, using generator: RandomGenerator) { dense = Linear(width, width, using: generator) }

  func callAsFunction(_ x: Tensor) -> Tensor { dense(x[.all, 0]).tanh() }
}
