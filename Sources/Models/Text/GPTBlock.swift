import NeuralNetworks
import TensorCore

/// A block of GPT-2: x + attention(norm(x)), then x + mlp(norm(x)), with causal attention (Radford et al., 2019).
///
/// [batch, length, width], same shape out.
public final class GPTBlock: Module, Layer {
  public let ln1: LayerNorm
  public let attention: GPTAttention
  public let ln2: LayerNorm
  public let mlp: GPTFeedForward

  init(_ settings: GPTConfiguration, using generator: RandomGenerator) {
    ln1 = LayerNorm(settings.width, bias: settings.bias)
    attention = GPTAttention(settings, using: generator)
    ln2 = LayerNorm(settings.width, bias: settings.bias)
    mlp = GPTFeedForward(settings, using: generator)
  }

  public override func stateKey(for property: String) -> String {
    switch property {
    case "ln1": "ln_1"
    case "ln2": "ln_2"
    case "attention": "attn"
    default: super.stateKey(for: property)
    }
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    let x = x + attention(ln1(x))
    return x + mlp(ln2(x))
  }

  /// The same for places that follow those whose keys and values are remembered.
  func callAsFunction(_ x: Tensor, after past: inout GPTMemory.Layer) -> Tensor {
    let x = x + attention(ln1(x), after: &past)
    return x + mlp(ln2(x))
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { try mlp.outputShape(for: input) }
}

/// Causal self-attention with one map for queries, keys and values together, `c_attn` [3·width, width].
///
/// [batch, length, width], same shape out.
public final class GPTAttention: Module, Layer {
  public let cAttn: Linear
  public let cProj: Linear
  private let heads: Int
  private let dropping: Dropout
  private let generator: RandomGenerator

  init(_ settings: GPTConfiguration, using generator: RandomGenerator) {
    let (width, heads) = (settings.width, settings.heads)
    guard heads >= 1, width % heads == 0 else {
      stop("GPT", "\(heads) heads for a width of \(width)", fix: "use heads that divide the width")
    }
    cAttn = Linear(width, 3 * width, bias: settings.bias, using: generator)
    cProj = Linear(width, width, bias: settings.bias, using: generator)
    dropping = Dropout(settings.dropout, using: generator)
    self.heads = heads
    self.generator = generator
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    let y = selfAttention(
      cAttn(x), heads: heads, causal: true, dropout: isTraining ? dropping.probability : 0, using: generator)
    return dropping(cProj(y))
  }

  /// The same for places that follow those whose keys and values are remembered; theirs are then, too.
  func callAsFunction(_ x: Tensor, after past: inout GPTMemory.Layer) -> Tensor {
    let (batch, length, width) = (x.shape[0], x.shape[1], x.shape[2])
    let parts = cAttn(x).reshaped([batch, length, 3, heads, width / heads]).transposed(1, 3)
    past.append(keys: parts[.all, .all, 1], values: parts[.all, .all, 2])
    let y = scaledDotProductAttention(
      parts[.all, .all, 0], past.keys, past.values, mask: past.mask(forLast: length))
    return cProj(y.transposed(1, 2).reshaped([batch, length, width]))
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    let inner = try cAttn.outputShape(for: input)
    return Shape(inner.dimensions.dropLast() + [cProj.outputs])
  }

  public override var configuration: String { "\(cProj.inputs), \(heads) heads" }
}

/// Two affine maps, four times as wide between them, with a GELU.
///
/// [..., width], same shape out.
public final class GPTFeedForward: Module, Layer {
  public let cFc: Linear
  public let cProj: Linear
  private let gelu: GELUFormula
  private let dropping: Dropout

  init(_ settings: GPTConfiguration, using generator: RandomGenerator) {
    gelu = settings.gelu
    cFc = Linear(settings.width, 4 * settings.width, bias: settings.bias, using: generator)
    cProj = Linear(4 * settings.width, settings.width, bias: settings.bias, using: generator)
    dropping = Dropout(settings.dropout, using: generator)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { dropping(cProj(cFc(x).gelu(gelu))) }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try cProj.outputShape(for: cFc.outputShape(for: input))
  }

  public override var configuration: String { "\(cFc.inputs) → \(cFc.outputs)" }
}
