import TensorCore

/// One layer of a transformer's encoder: self-attention and a feed-forward network, each joined to the residual stream
/// (Vaswani et al., 2017, §3.1).
///
/// [batch, length, width], same shape out. Parameters have the names of PyTorch's `TransformerEncoderLayer`. Stops when
/// the shapes do not fit.
///
/// ```swift
/// let layer = TransformerEncoderLayer(16, heads: 4, innerWidth: 32)
/// layer(Tensor.ones([2, 5, 16])).shape  // → [2, 5, 16]
/// layer.namedParameters()[0].name  // → self_attn.in_proj_weight
/// ```
public final class TransformerEncoderLayer: TransformerLayer, Layer {
  /// Stops unless the heads divide the width and 0 ≤ dropout < 1.
  public override init(
    _ width: Int, heads: Int, innerWidth: Int = 2048, dropout: Double = 0.1, activation: any Layer = ReLU(),
    normFirst: Bool = false, epsilon: Double = 1e-5, bias: Bool = true, using generator: RandomGenerator = .default
  ) {
    super.init(
      width, heads: heads, innerWidth: innerWidth, dropout: dropout, activation: activation, normFirst: normFirst,
      epsilon: epsilon, bias: bias, using: generator)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { self(x, mask: nil) }

  /// Masks as in `MultiheadAttention`: true where a query may attend.
  public func callAsFunction(
    _ x: Tensor, mask: Tensor? = nil, keyMask: Tensor? = nil, causal: Bool = false
  ) -> Tensor {
    let x = joined(x, norm1) { selfAttention($0, mask: mask, keyMask: keyMask, causal: causal) }
    return joined(x, norm2, fedForward)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { try sequence(input) }
}

/// Layers of an encoder one after the other, and a last normalisation if there is one.
///
/// [batch, length, width], same shape out. Parameters have the names of PyTorch's `TransformerEncoder`.
///
/// ```swift
/// let encoder = TransformerEncoder(count: 2, norm: LayerNorm(8)) { TransformerEncoderLayer(8, heads: 2, innerWidth: 16) }
/// encoder(Tensor.ones([1, 3, 8])).shape  // → [1, 3, 8]
/// encoder.children.map(\.name)  // → ["layers.0", "layers.1", "norm"]
/// ```
public final class TransformerEncoder: Module, LayerChain {
  public let layers: [TransformerEncoderLayer]
  public let norm: LayerNorm?

  /// Calls `layer` for each of `count` layers.
  public init(count: Int, norm: LayerNorm? = nil, layer: () -> TransformerEncoderLayer) {
    guard count >= 1 else { stop("TransformerEncoder", "\(count) layers", fix: "use at least one") }
    layers = (0..<count).map { _ in layer() }
    self.norm = norm
  }

  public var chain: [any Layer] { layers + (norm.map { [$0] } ?? []) }

  /// Masks as in `MultiheadAttention`: true where a query may attend.
  public func callAsFunction(
    _ x: Tensor, mask: Tensor? = nil, keyMask: Tensor? = nil, causal: Bool = false
  ) -> Tensor {
    let y = layers.reduce(x) { $1($0, mask: mask, keyMask: keyMask, causal: causal) }
    return norm.map { $0(y) } ?? y
  }
}
