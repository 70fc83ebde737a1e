import TensorCore

/// What the layers of an encoder and of a decoder share: the same two affine maps at every place (Vaswani et al., 2017,
/// §3.3), and how a part is joined to the residual stream.
public class TransformerLayer: Module {
  public let selfAttention: MultiheadAttention
  /// [inner width, width]
  public let linear1: Linear
  /// [width, inner width]
  public let linear2: Linear
  public let norm1: LayerNorm
  public let norm2: LayerNorm
  public let activation: any Layer
  /// Whether each part's input is normalised, rather than its sum with the residual stream (Xiong et al., 2020).
  public let normFirst: Bool
  let dropping: Dropout

  init(
    _ width: Int, heads: Int, innerWidth: Int, dropout: Double, activation: any Layer, normFirst: Bool,
    epsilon: Double, bias: Bool, using generator: RandomGenerator
  ) {
    selfAttention = MultiheadAttention(width, heads: heads, dropout: dropout, bias: bias, using: generator)
    linear1 = Linear(width, innerWidth, bias: bias, using: generator)
    linear2 = Linear(innerWidth, width, bias: bias, using: generator)
    norm1 = LayerNorm(width, epsilon: epsilon, bias: bias)
    norm2 = LayerNorm(width, epsilon: epsilon, bias: bias)
    self.activation = activation
    self.normFirst = normFirst
    dropping = Dropout(dropout, using: generator)
  }

  public var width: Int { linear1.inputs }

  public override func stateKey(for property: String) -> String {
    property == "selfAttention" ? "self_attn" : super.stateKey(for: property)
  }

  public override var configuration: String { "\(width), \(selfAttention.heads) heads, \(linear1.outputs) inside" }

  /// x + dropout(part(norm(x))), or norm(x + dropout(part(x))).
  func joined(_ x: Tensor, _ norm: LayerNorm, _ part: (Tensor) -> Tensor) -> Tensor {
    normFirst ? x + dropping(part(norm(x))) : norm(x + dropping(part(x)))
  }

  func fedForward(_ x: Tensor) -> Tensor { linear2(dropping(activation(linear1(x)))) }

  func sequence(_ input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 3, input[2] == width else {
      throw ShapeError(self, input: input, "expects [batch, length, \(width)]")
    }
    return input
  }
}
