import TensorCore

/// What a decoder may see of its own sequence and of the encoder's.
///
/// Masks are as in `MultiheadAttention`: bool, true where a query may attend, or numbers to add to the scores.
///
/// ```swift
/// DecoderMasks(causal: true).causal  // → true
/// ```
public struct DecoderMasks: Sendable {
  /// Between the places of the decoder's own sequence, [length, length] or broadcast to [batch, heads, length, length].
  public var own: Tensor?
  /// From the decoder's places to the memory's, [length, memory length] or broadcast likewise.
  public var memory: Tensor?
  /// Which places of the decoder's sequence are no padding: bools [batch, length].
  public var ownKeys: Tensor?
  /// Which places of the memory are no padding: bools [batch, memory length].
  public var memoryKeys: Tensor?
  /// Whether place i sees the places 0...i of its own sequence.
  public var causal: Bool

  public init(
    own: Tensor? = nil, memory: Tensor? = nil, ownKeys: Tensor? = nil, memoryKeys: Tensor? = nil, causal: Bool = false
  ) {
    self.own = own
    self.memory = memory
    self.ownKeys = ownKeys
    self.memoryKeys = memoryKeys
    self.causal = causal
  }
}

/// One layer of a transformer's decoder: self-attention, attention to an encoder's output, and a feed-forward network,
/// each joined to the residual stream (Vaswani et al., 2017, §3.1).
///
/// x [batch, length, width], memory [batch, memory length, width] → [batch, length, width]. Parameters have the names
/// of PyTorch's `TransformerDecoderLayer`. Stops when the shapes do not fit.
///
/// ```swift
/// let layer = TransformerDecoderLayer(16, heads: 4, innerWidth: 32)
/// layer(Tensor.ones([2, 5, 16]), memory: Tensor.ones([2, 7, 16]), DecoderMasks(causal: true)).shape  // → [2, 5, 16]
/// ```
public final class TransformerDecoderLayer: TransformerLayer {
  public let memoryAttention: MultiheadAttention
  public let norm3: LayerNorm

  /// Stops unless the heads divide the width and 0 ≤ dropout < 1.
  public override init(
    _ width: Int, heads: Int, innerWidth: Int = 2048, dropout: Double = 0.1, activation: any Layer = ReLU(),
    normFirst: Bool = false, epsilon: Double = 1e-5, bias: Bool = true, using generator: RandomGenerator = .default
  ) {
    memoryAttention = MultiheadAttention(width, heads: heads, dropout: dropout, bias: bias, using: generator)
    norm3 = LayerNorm(width, epsilon: epsilon, bias: bias)
    super.init(
      width, heads: heads, innerWidth: innerWidth, dropout: dropout, activation: activation, normFirst: normFirst,
      epsilon: epsilon, bias: bias, using: generator)
  }

  public override func stateKey(for property: String) -> String {
    property == "memoryAttention" ? "multihead_attn" : super.stateKey(for: property)
  }

  public func callAsFunction(_ x: Tensor, memory: Tensor, _ masks: DecoderMasks = DecoderMasks()) -> Tensor {
    var x = joined(x, norm1) {
      selfAttention($0, mask: masks.own, keyMask: masks.ownKeys, causal: masks.causal)
    }
    x = joined(x, norm2) { memoryAttention($0, memory, memory, mask: masks.memory, keyMask: masks.memoryKeys) }
    return joined(x, norm3, fedForward)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { try sequence(input) }
}

/// Layers of a decoder one after the other, and a last normalisation if there is one.
///
/// x [batch, length, width], memory [batch, memory length, width] → [batch, length, width]. Parameters have the names
/// of PyTorch's `TransformerDecoder`.
///
/// ```swift
/// let decoder = TransformerDecoder(count: 2) { TransformerDecoderLayer(8, heads: 2, innerWidth: 16) }
/// decoder(Tensor.ones([1, 3, 8]), memory: Tensor.ones([1, 4, 8])).shape  // → [1, 3, 8]
/// ```
public final class TransformerDecoder: Module {
  public let layers: [TransformerDecoderLayer]
  public let norm: LayerNorm?

  /// Calls `layer` for each of `count` layers.
  public init(count: Int, norm: LayerNorm? = nil, layer: () -> TransformerDecoderLayer) {
    guard count >= 1 else { stop("TransformerDecoder", "\(count) layers", fix: "use at least one") }
    layers = (0..<count).map { _ in layer() }
    self.norm = norm
  }

  public func callAsFunction(_ x: Tensor, memory: Tensor, _ masks: DecoderMasks = DecoderMasks()) -> Tensor {
    let y = layers.reduce(x) { $1($0, memory: memory, masks) }
    return norm.map { $0(y) } ?? y
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { try layers[0].outputShape(for: input) }
}
