import TensorCore

/// Local response normalisation: yᶜ = xᶜ/(k + α/n·Σ xⱼ²)^β, where j runs over the n channels around c, zeros outside
/// (Krizhevsky, Sutskever & Hinton, "ImageNet classification with deep convolutional neural networks", 2012, §3.3; α/n
/// is PyTorch's).
///
/// x [batch, channels, ...], same shape out. Stops when the rank does not fit, and unless n ≥ 1.
///
/// ```swift
/// localResponseNorm(Tensor([[[1.0], [2.0]]]), size: 1, alpha: 1, beta: 1)[0]  // → [[0.5], [0.4]]
/// ```
public func localResponseNorm(
  _ x: Tensor, size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1
) -> Tensor {
  guard x.rank >= 3, size >= 1 else {
    stop(
      "localResponseNorm", "x \(x.shape), size \(size)",
      fix: "pass [batch, channels, ...] with an axis of space, and n ≥ 1")
  }
  let rows = x.square().reshaped([x.shape[0], 1, x.shape[1], x.shape.dimensions[2...].reduce(1, *)])
  let around = rows.padded([(0, 0), (0, 0), (size / 2, (size - 1) / 2), (0, 0)])
  let means = averagePool2d(around, kernel: [size, 1], stride: 1).reshaped(x.shape)
  return x / (means * alpha + k).power(beta)
}

/// Local response normalisation: see the function `localResponseNorm`.
///
/// [batch, channels, ...], same shape out.
///
/// ```swift
/// LocalResponseNorm(5)(Tensor.ones([2, 8, 4, 4])).shape  // → [2, 8, 4, 4]
/// ```
public final class LocalResponseNorm: Module, ShapePreserving {
  public let size: Int
  public let alpha: Double
  public let beta: Double
  public let k: Double

  /// Stops unless the size is at least 1.
  public init(_ size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1) {
    if size < 1 { stop("LocalResponseNorm", "a size of \(size)", fix: "use at least 1") }
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.k = k
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    localResponseNorm(x, size: size, alpha: alpha, beta: beta, k: k)
  }

  public override var configuration: String { "\(size)" }
}
