import TensorCore

/// ŷ = X·w + b with the smallest mean squared error, by the normal equation.
public struct LinearRegression {
  public let w: Tensor
  public let b: Tensor

  /// - Parameters:
  ///   - x: [samples, features]
  ///   - y: [samples]
  public init(fitting x: Tensor, _ y: Tensor) throws {
    // A column of ones makes the intercept one more weight.
    let ones = Tensor.concatenated([x, Tensor.ones([x.shape[0], 1], dtype: x.dtype)], axis: 1)
    let transposed = ones.transposed(0, 1)
    let weights = try solve(matmul(transposed, ones), matmul(transposed, y))
    (w, b) = (weights[0..<x.shape[1]], weights[-1])
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { matmul(x, w) + b }
}
