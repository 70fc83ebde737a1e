import TensorCore

/// A function of support vectors: f(x) = Σ βᵢK(xᵢ, x) + b.
public struct SupportVectorMachine: Sendable, Codable {
  /// With γ as a number.
  public let kernel: SupportVectorKernel
  /// xᵢ, [vectors, features]
  public let supportVectors: Tensor
  /// Their rows among the samples of the fit, int64 [vectors].
  public let supportIndices: Tensor
  /// βᵢ, float64 [vectors]
  public let dualCoefficients: Tensor
  /// b
  public let intercept: Double

  /// Of the samples whose βᵢ is not zero.
  init(_ kernel: SupportVectorKernel, _ x: Tensor, _ beta: [Double], _ solution: DualSolution) {
    let kept = beta.indices.filter { beta[$0] != 0 }
    self.kernel = kernel
    supportVectors = x.rows(kept)
    supportIndices = Tensor(kept, shape: [kept.count])
    dualCoefficients = Tensor(kept.map { beta[$0] }, shape: [kept.count], dtype: .float64)
    intercept = solution.bias
  }

  /// f of each row of x, float64 [samples].
  func values(of x: Tensor) -> Tensor {
    let x = x.cast(to: supportVectors.dtype)
    // No vectors: f is constant.
    if dualCoefficients.count == 0 { return Tensor.full([x.shape[0]], intercept, dtype: .float64) }
    let products = KernelProducts(kernel, supportVectors)
    let weights = dualCoefficients.cast(to: x.dtype)
    let parts = stride(from: 0, to: x.shape[0], by: 512).map { first in
      matmul(products.values(of: x[first..<min(first + 512, x.shape[0])]), weights).cast(to: .float64)
    }
    return Tensor.concatenated([Tensor.zeros([0], dtype: .float64)] + parts) + intercept
  }
}

extension SupportVectorMachine {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    kernel = try container.decode(SupportVectorKernel.self, forKey: .kernel)
    supportVectors = try container.decode(Tensor.self, forKey: .supportVectors)
    supportIndices = try container.decode(Tensor.self, forKey: .supportIndices)
    dualCoefficients = try container.decode(Tensor.self, forKey: .dualCoefficients)
    intercept = try container.decode(Double.self, forKey: .intercept)
    let isMatrix = supportVectors.rank == 2 && [.float32, .float64].contains(supportVectors.dtype)
    guard isMatrix, kernel.isSensible, dualCoefficients.shape == [supportVectors.shape[0]] else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "\(dualCoefficients.shape) coefficients of vectors \(supportVectors.shape)"))
    }
  }
}
