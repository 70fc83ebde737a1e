import TensorCore

/// A layer whose weight is orthogonal: W = B·exp(A), or B times the Cayley transform (I − A/2)⁻¹(I + A/2), of a
/// skew-symmetric A that is learned (Lezcano-Casado & Martínez-Rubio, "Cheap orthogonal constraints in neural
/// networks", 2019; Helfrich, Willmott & Ye, 2018). B is the orthogonal matrix that training starts from.
///
/// The shorter side of the weight [outputs, inputs] becomes orthonormal. Shapes are those of the layer inside. Names are
/// those of PyTorch's `parametrizations.orthogonal` with that `orthogonal_map`: `parametrizations.weight.original`,
/// whose triangle below the diagonal A is made of, and `parametrizations.weight.0.base`, B.
///
/// ```swift
/// let layer = OrthogonalWeight(Linear(3, 3, using: RandomGenerator(seed: 1)))
/// let w = layer.weight
/// (matmul(w, w.transposed()) - Tensor.eye(3)).abs().max().item() < 1e-5  // → true
/// ```
public final class OrthogonalWeight: Module, Layer {
  /// How a skew-symmetric matrix becomes an orthogonal one.
  public enum Map: Sendable { case matrixExponential, cayley }

  public let bias: Parameter?
  public let original: Parameter
  public let base: Buffer
  public let map: Map
  // A property would be searched for parameters, and the weight of the layer inside is none any more.
  private let inside: () -> any WeightedLayer

  /// Starts from the orthogonal matrix of the weight's QR decomposition. Stops unless the weight is a matrix.
  public init(_ layer: any WeightedLayer, map: Map = .matrixExponential, using generator: RandomGenerator = .default) {
    let weight = layer.weight.value.detached()
    if weight.rank != 2 {
      stop("OrthogonalWeight", "a weight of shape \(weight.shape)", fix: "wrap a layer with a matrix")
    }
    bias = layer.bias
    self.map = map
    inside = { layer }
    let isWide = weight.shape[0] < weight.shape[1]
    let tall = isWide ? weight.transposed() : weight
    let (n, k) = (tall.shape[0], tall.shape[1])
    let full =
      k == n
      ? tall : Tensor.concatenated([tall, Tensor.normal([n, n - k], dtype: tall.dtype, using: generator)], axis: 1)
    let (q, r) = full.qr()
    // Of all decompositions, the one with a positive diagonal.
    let signs = Tensor.where(
      r.diagonal() .< 0, Tensor.full([], -1, dtype: q.dtype), Tensor.ones([], dtype: q.dtype))
    base = Buffer(q * signs.unsqueezed(0))
    let start = Tensor.eye(n, columns: k, dtype: tall.dtype) * -1
    original = Parameter(isWide ? start.transposed() : start)
  }

  /// W, computed from its parts.
  public var weight: Tensor {
    let isWide = original.shape[0] < original.shape[1]
    let tall = isWide ? original.value.transposed() : original.value
    let (n, k) = (tall.shape[0], tall.shape[1])
    let below = tall.lowerTriangle().padded([(0, 0), (0, n - k)])
    let a = below - below.transposed()
    let q = matmul(base.value, turned(a)).split(sizes: [k, n - k], axis: 1)[0]
    return isWide ? q.transposed() : q
  }

  private func turned(_ a: Tensor) -> Tensor {
    if map == .matrixExponential { return a.matrixExponential() }
    let identity = Tensor.eye(a.shape[0], dtype: a.dtype)
    do {
      return try solve(identity - a * 0.5, identity + a * 0.5)
    } catch {
      stop(
        title, "\(error)", fix: "I − A/2 is never singular: look for numbers that are not finite in \(original.name)")
    }
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { inside().output(for: x, weight: weight) }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { try inside().outputShape(for: input) }

  public override func stateKey(for property: String) -> String {
    switch property {
    case "original": "parametrizations.weight.original"
    case "base": "parametrizations.weight.0.base"
    default: super.stateKey(for: property)
    }
  }

  public override var configuration: String { inside().title }
}
