import TensorCore

/// Multi-head attention (Vaswani et al., 2017, §3.2.2): queries, keys and values are projected, attention runs in each
/// of `heads` slices of the width by itself, and a last projection mixes the heads.
///
/// query [batch, length, width], key [batch, keys, key width], value [batch, keys, value width] → [batch, length,
/// width]. The parameters have PyTorch's names: `in_proj_weight` [3·width, width] and `in_proj_bias`, or, for keys and
/// values of other widths, `q_proj_weight`, `k_proj_weight`, `v_proj_weight`; and `out_proj`.
///
/// A bool mask is true where a query may attend, here as everywhere in this library; in PyTorch's
/// `torch.nn.MultiheadAttention` it is the other way round. In training, attention weights are dropped with the
/// probability `dropout`. Stops when the shapes do not fit.
///
/// ```swift
/// let layer = MultiheadAttention(8, heads: 2)
/// let x = Tensor.ones([3, 5, 8])
/// layer(x, causal: true).shape  // → [3, 5, 8]
/// layer(x, Tensor.ones([3, 7, 8]), Tensor.ones([3, 7, 8])).shape  // → [3, 5, 8]
/// ```
public final class MultiheadAttention: Module, Layer {
  /// [3·width, width]: the projections of queries, keys and values, where all have the same width.
  public let inProjectionWeight: Parameter?
  /// [width, width], for keys or values of another width.
  public let queryWeight: Parameter?
  /// [width, key width], likewise.
  public let keyWeight: Parameter?
  /// [width, value width], likewise.
  public let valueWeight: Parameter?
  /// [3·width]
  public let inProjectionBias: Parameter?
  public let outProjection: Linear
  public let heads: Int
  public let dropout: Double
  private let generator: RandomGenerator

  /// Stops unless the heads divide the width and 0 ≤ dropout < 1.
  public init(
    _ width: Int, heads: Int, dropout: Double = 0, bias: Bool = true, keyWidth: Int? = nil, valueWidth: Int? = nil,
    using generator: RandomGenerator = .default
  ) {
    let (keyWidth, valueWidth) = (keyWidth ?? width, valueWidth ?? width)
    guard width >= 1, heads >= 1, width % heads == 0, keyWidth >= 1, valueWidth >= 1, (0..<1).contains(dropout) else {
      stop(
        "MultiheadAttention",
        "a width of \(width), keys of \(keyWidth), values of \(valueWidth), \(heads) heads, dropout \(dropout)",
        fix: "use heads that divide the width, widths of at least 1, and a probability in 0..<1")
    }
    let xavier = Initializer.xavierUniform()
    let isUniform = keyWidth == width && valueWidth == width
    func weight(_ shape: Shape, _ needed: Bool) -> Parameter? {
      needed ? Parameter(xavier(shape, using: generator)) : nil
    }
    inProjectionWeight = weight([3 * width, width], isUniform)
    queryWeight = weight([width, width], !isUniform)
    keyWeight = weight([width, keyWidth], !isUniform)
    valueWeight = weight([width, valueWidth], !isUniform)
    inProjectionBias = bias ? Parameter(Tensor.zeros([3 * width])) : nil
    outProjection = Linear(width, width, bias: bias, using: generator)
    outProjection.bias?.value = Tensor.zeros([width])
    self.heads = heads
    self.dropout = dropout
    self.generator = generator
  }

  public var width: Int { outProjection.inputs }

  public override func stateKey(for property: String) -> String {
    switch property {
    case "inProjectionWeight": "in_proj_weight"
    case "inProjectionBias": "in_proj_bias"
    case "queryWeight": "q_proj_weight"
    case "keyWeight": "k_proj_weight"
    case "valueWeight": "v_proj_weight"
    case "outProjection": "out_proj"
    default: super.stateKey(for: property)
    }
  }

  /// A sequence attends to itself: [batch, length, width], same shape out.
  public func callAsFunction(_ x: Tensor) -> Tensor { self(x, mask: nil) }

  /// The same with a mask; see below.
  public func callAsFunction(
    _ x: Tensor, mask: Tensor? = nil, keyMask: Tensor? = nil, causal: Bool = false
  ) -> Tensor {
    guard let inProjectionWeight else { return self(x, x, x, mask: mask, keyMask: keyMask, causal: causal) }
    let projected = linear(x, inProjectionWeight.value, inProjectionBias?.value)
    return outProjection(
      selfAttention(
        projected, heads: heads, mask: joined(mask, keyMask, x.dtype), causal: causal, dropout: droppedShare,
        using: generator))
  }

  /// `mask` broadcasts to [batch, heads, length, keys]: bool, true where a query may attend, or a number to add to the
  /// score. `keyMask` [batch, keys] is bool, true where there is something to attend to: false for padding. With
  /// `causal`, query i sees the keys 0...i.
  public func callAsFunction(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, mask: Tensor? = nil, keyMask: Tensor? = nil, causal: Bool = false
  ) -> Tensor {
    let y = scaledDotProductAttention(
      projected(query, 0), projected(key, 1), projected(value, 2), mask: joined(mask, keyMask, query.dtype),
      causal: causal, dropout: droppedShare, using: generator)
    return outProjection(y.transposed(1, 2).reshaped([query.shape[0], query.shape[1], width]))
  }

  /// How much each query attends to each key: the softmax' values [batch, heads, length, keys], for a look at what a
  /// model does. Nothing is dropped.
  ///
  /// ```swift
  /// let layer = MultiheadAttention(8, heads: 2)
  /// layer.attentionWeights(Tensor.ones([1, 3, 8]), Tensor.ones([1, 4, 8])).shape  // → [1, 2, 3, 4]
  /// ```
  public func attentionWeights(
    _ query: Tensor, _ key: Tensor, mask: Tensor? = nil, keyMask: Tensor? = nil, causal: Bool = false
  ) -> Tensor {
    // Attention to the unit vectors as values gives the weights themselves.
    let (q, k) = (projected(query, 0), projected(key, 1))
    let units = Tensor.eye(key.shape[1], dtype: query.dtype).expanded(
      to: [k.shape[0], k.shape[1], key.shape[1], key.shape[1]])
    return scaledDotProductAttention(q, k, units, mask: joined(mask, keyMask, query.dtype), causal: causal)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 3, input[2] == width else {
      throw ShapeError(self, input: input, "expects [batch, length, \(width)]")
    }
    return input
  }

  public override var configuration: String { "\(width), \(heads) heads" }

  private var droppedShare: Double { isTraining ? dropout : 0 }

  /// The queries (part 0), keys (1) or values (2) in heads: [batch, heads, length, width/heads].
  private func projected(_ x: Tensor, _ part: Int) -> Tensor {
    if x.rank != 3 { stop("MultiheadAttention", "an input of shape \(x.shape)", fix: "pass [batch, length, width]") }
    let rows = (part * width)..<((part + 1) * width)
    let own = [queryWeight, keyWeight, valueWeight][part]?.value
    guard let weight = own ?? inProjectionWeight?.value[rows] else { return x }
    let y = linear(x, weight, inProjectionBias?.value[rows])
    return y.reshaped([x.shape[0], x.shape[1], heads, width / heads]).transposed(1, 2)
  }

  private func joined(_ mask: Tensor?, _ keyMask: Tensor?, _ dtype: DType) -> Tensor? {
    guard let keyMask else { return mask }
    guard keyMask.rank == 2, keyMask.dtype == .bool else {
      stop(
        "MultiheadAttention", "a key mask \(keyMask.dtype) \(keyMask.shape)",
        fix: "pass bools [batch, keys], true where there is something to attend to")
    }
    let visible = keyMask.reshaped([keyMask.shape[0], 1, 1, keyMask.shape[1]])
    guard let mask else { return visible }
    return mask.dtype == .bool ? mask .& visible : Tensor.where(visible, mask, Tensor(-Double.infinity, dtype: dtype))
  }
}
