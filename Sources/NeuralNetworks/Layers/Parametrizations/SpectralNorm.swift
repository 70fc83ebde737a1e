import TensorCore

/// A layer whose weight is divided by its largest singular value: W/σ(W), with σ = uᵀ·W·v, so that the map is at most
/// as steep as 1 (Miyato, Kataoka, Koyama & Yoshida, "Spectral normalization for generative adversarial networks",
/// 2018).
///
/// A weight [out, ...] is seen as the matrix [out, rest]. u and v come from the power method, which takes a step at
/// each call in training, and 15 at first; gradients take them as constants. Shapes are those of the layer inside.
/// Names are those of PyTorch's `parametrizations.spectral_norm`: `parametrizations.weight.original`,
/// `parametrizations.weight.0._u` and `_v`.
///
/// ```swift
/// let layer = SpectralNorm(Linear(3, 2))
/// layer(Tensor.ones([5, 3])).shape  // → [5, 2]
/// layer.namedBuffers().map(\.name)[0]  // → parametrizations.weight.0._u
/// ```
public final class SpectralNorm: Module, Layer {
  public let bias: Parameter?
  /// W before the division.
  public let original: Parameter
  /// The left singular vector, [out].
  public let left: Buffer
  /// The right singular vector, [rest].
  public let right: Buffer
  public let steps: Int
  public let epsilon: Double
  // A property would be searched for parameters, and the weight of the layer inside is none any more.
  private let inside: () -> any WeightedLayer

  /// Takes `steps` of the power method at each call in training. Stops unless there is at least one.
  public init(
    _ layer: any WeightedLayer, steps: Int = 1, epsilon: Double = 1e-12, using generator: RandomGenerator = .default
  ) {
    guard steps >= 1, epsilon > 0 else {
      stop("SpectralNorm", "\(steps) steps and an epsilon of \(epsilon)", fix: "use at least one step, and ε > 0")
    }
    bias = layer.bias
    original = Parameter(layer.weight.value.detached())
    let (rows, columns) = (original.shape[0], original.count / original.shape[0])
    left = Buffer(Tensor.normal([rows], dtype: original.dtype, using: generator))
    right = Buffer(Tensor.normal([columns], dtype: original.dtype, using: generator))
    self.steps = steps
    self.epsilon = epsilon
    inside = { layer }
    super.init()
    for buffer in [left, right] { buffer.value = normalised(buffer.value) }
    iterate(15)
  }

  /// W/σ(W), after the power method's steps in training.
  public var weight: Tensor {
    if isTraining { iterate(steps) }
    let matrix = original.value.reshaped([left.shape[0], right.shape[0]])
    return original.value / (left.value * matmul(matrix, right.value)).sum()
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { inside().output(for: x, weight: weight) }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { try inside().outputShape(for: input) }

  public override func stateKey(for property: String) -> String {
    switch property {
    case "original": "parametrizations.weight.original"
    case "left": "parametrizations.weight.0._u"
    case "right": "parametrizations.weight.0._v"
    default: super.stateKey(for: property)
    }
  }

  public override var configuration: String { inside().title }

  private func iterate(_ count: Int) {
    withoutGradients {
      let matrix = original.value.detached().reshaped([left.shape[0], right.shape[0]])
      for _ in 0..<count {
        left.value = normalised(matmul(matrix, right.value))
        right.value = normalised(matmul(matrix.transposed(), left.value))
      }
    }
  }

  private func normalised(_ x: Tensor) -> Tensor { x / Swift.max(x.square().sum().sqrt().item(), epsilon) }
}
