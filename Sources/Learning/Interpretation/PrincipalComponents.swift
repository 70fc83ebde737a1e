import TensorCore

/// The directions in which data spreads most, each at right angles to those before: the way to look at many numbers in two (Pearson, "On lines and
/// planes of closest fit to systems of points in space", 1901; Hotelling, 1933).
///
/// By the singular value decomposition of the centred data, X − mean = U·S·Vᵀ: the first rows of Vᵀ are the components, and S²/(n − 1) the
/// variances along them. A component's sign is its own choice; here, as in scikit-learn, its number of the largest size is positive.
///
/// ```swift
/// let x = Tensor([[1.0, 1.0], [3.0, 3.0], [5.0, 5.0]])
/// let components = try PrincipalComponents(1, fitting: x)
/// components.mean  // → [3.0, 3.0]
/// abs(components.explainedShares.item() - 1) < 1e-6  // → true
/// abs(components.projected(x)[2, 0].item() - 8.0.squareRoot()) < 1e-5  // → true
/// ```
public struct PrincipalComponents: Sendable {
  /// [features].
  public let mean: Tensor
  /// [components, features]: of length 1, at right angles to each other; the first has the largest variance.
  public let components: Tensor
  /// [components]: the variances of the data along them, ÷ (n − 1).
  public let variances: Tensor
  /// [components]: the variances' shares in the sum over all features.
  public let explainedShares: Tensor

  /// Of data [n, features]. Stops unless there are at least two rows, and as many rows and features as components.
  ///
  /// - Throws: `LinearAlgebraError` where the data have a number that is not finite.
  public init(_ count: Int = 2, fitting x: Tensor) throws(LinearAlgebraError) {
    guard x.rank == 2, x.dtype.isFloatingPoint, x.shape[0] >= 2,
      (1...max(1, min(x.shape[0], x.shape[1]))).contains(count)
    else {
      stop(
        "PrincipalComponents", "\(count) components of \(x.dtype) \(x.shape)",
        fix:
          "pass floating-point data [n, features], with n and features at least the number of components, and n at least 2"
      )
    }
    let x = x.detached()
    mean = x.mean(axis: 0)
    let (_, s, vt) = try (x - mean).svd()
    let largest = vt.gathered(axis: 1, indices: vt.abs().argmax(axis: 1).unsqueezed(1))
    let all = s.square() / Double(x.shape[0] - 1)
    components = (vt * largest.sign())[0..<count]
    variances = all[0..<count]
    explainedShares = variances / all.sum()
  }

  /// (x − mean)·componentsᵀ: data [n, features] as [n, components].
  public func projected(_ x: Tensor) -> Tensor { (x.detached() - mean).matmul(components.transposed()) }
}
