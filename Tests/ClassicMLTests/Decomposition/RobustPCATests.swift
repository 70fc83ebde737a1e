import ClassicML
import TensorCore
import Testing

@Suite("Robust principal components")
struct RobustPCATests {
  /// Inside of the region of Candès et al. (2011), figure 1: rank 5 of 100 and 5 % wrong elements.
  @Test("recover rank and wrong elements exactly inside of the phase diagram", arguments: [(5, 0.05), (3, 0.1)])
  func recovery(_ rank: Int, _ share: Double) throws {
    let generator = RandomGenerator(seed: 2)
    let (low, sparse) = problem(100, rank, share, generator)
    let parts = try RobustPCA().decompose(low + sparse)
    #expect(parts.hasConverged)
    #expect(parts.rank == rank)
    #expect(((parts.lowRank - low).square().sum() / low.square().sum()).sqrt().item() < 1e-5)
    expectClose(parts.sparse, sparse, 1e-3)
    expectClose(parts.lowRank + parts.sparse, low + sparse, 1e-4)
  }

  @Test("do not outside of it: rank 40 of 60 and 40 % wrong")
  func failure() throws {
    let (low, sparse) = problem(60, 40, 0.4, RandomGenerator(seed: 2))
    let parts = try RobustPCA(maximumIterations: 200).decompose(low + sparse)
    #expect(((parts.lowRank - low).square().sum() / low.square().sum()).sqrt().item() > 0.1)
  }

  @Test("split zeros into zeros, and refuse what is no matrix of numbers")
  func edges() throws {
    let parts = try RobustPCA().decompose(Tensor.zeros([3, 4], dtype: .float64))
    #expect(parts.rank == 0 && parts.lowRank.shape == [3, 4])
    #expect(throws: EstimatorError.self) { try RobustPCA().decompose(Tensor([1.0, 2.0])) }
    #expect(throws: EstimatorError.self) { try RobustPCA(sparsity: 0).decompose(Tensor([[1.0, 2.0]])) }
  }

  /// As in the paper's section 4.1: X·Yᵀ of normal elements with variance 1/n, and ±1 at random places.
  func problem(_ size: Int, _ rank: Int, _ share: Double, _ generator: RandomGenerator) -> (Tensor, Tensor) {
    let deviation = 1 / Double(size).squareRoot()
    let factors = (0..<2).map { _ in
      Tensor.normal([size, rank], standardDeviation: deviation, dtype: .float64, using: generator)
    }
    let places = Tensor.uniform([size, size], dtype: .float64, using: generator) .< share
    let signs = Tensor.normal([size, size], dtype: .float64, using: generator).sign()
    return (matmul(factors[0], factors[1].transposed()), signs * places.cast(to: .float64))
  }
}

@Suite("ZCA whitening")
struct ZCAWhiteningTests {
  let golden = PreparationGoldens.decomposition

  @Test("is NumPy's, and can be taken back")
  func whitening() throws {
    let x = try golden("iris.x")
    let fitted = try ZCAWhitening(epsilon: 0.01).fit(x)
    expectClose(try fitted.transform(x[0..<9]), try golden("zca/transformed"), 1e-10)
    expectClose(try fitted.inverseTransform(fitted.transform(x)), x, 1e-11)
    let white = try ZCAWhitening(epsilon: 0).fit(x).transform(x)
    expectClose(white.transposed().matmul(white) / 150, Tensor.eye(4, dtype: .float64), 1e-10)
  }

  @Test("without epsilon is refused where features depend on each other")
  func dependence() throws {
    let x = try golden("iris.x")
    let doubled = Tensor.concatenated([x, x[.all, 0..<1]], axis: 1)
    #expect(throws: EstimatorError.self) { try ZCAWhitening(epsilon: 0).fit(doubled) }
  }
}
