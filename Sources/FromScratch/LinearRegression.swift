import TensorCore

/// ŷ = X·w + b with the smallest mean squared error, by the normal equation: where the gradient 2·Xᵀ(X·w − y)/n is zero, Xᵀ·X·w = Xᵀ·y
/// (Legendre, 1805).
///
/// ```swift
/// let x = Tensor([[0.0], [1.0], [3.0]], dtype: .float64)
/// let line = try FromScratch.LinearRegression(fitting: x, Tensor([1.0, 3.0, 7.0], dtype: .float64))
/// line.w  // ≈ [2]
/// line(Tensor([[10.0]], dtype: .float64))  // ≈ [21]
/// ```
public struct LinearRegression {
  /// [features]
  public let w: Tensor
  /// []
  public let b: Tensor

  /// - Parameters:
  ///   - x: [samples, features]
  ///   - y: [samples]
  ///
  /// Throws when features depend on each other.
  public init(fitting x: Tensor, _ y: Tensor) throws {
    // A column of ones makes the intercept one more weight.
    let ones = Tensor.concatenated([x, Tensor.ones([x.shape[0], 1], dtype: x.dtype)], axis: 1)
    let transposed = ones.transposed(0, 1)
    let weights = try solve(matmul(transposed, ones), matmul(transposed, y))
    (w, b) = (weights[0..<x.shape[1]], weights[-1])
  }

  /// [samples, features] → [samples].
  public func callAsFunction(_ x: Tensor) -> Tensor { matmul(x, w) + b }
}
