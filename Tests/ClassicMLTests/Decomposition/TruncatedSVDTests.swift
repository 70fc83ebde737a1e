import ClassicML
import TensorCore
import Testing

@Suite("A truncated singular value decomposition")
struct TruncatedSVDTests {
  let golden = PreparationGoldens.decomposition

  @Test(
    "is scikit-learn's, of dense and sparse samples",
    arguments: [TruncatedSVD.Solver.exact, .randomized(iterations: 40)], [false, true])
  func goldens(_ solver: TruncatedSVD.Solver, _ isSparse: Bool) throws {
    let dense = try golden("sparse.x")
    let x: any FeatureMatrix = isSparse ? SparseMatrix(dense) : dense
    let fitted = try TruncatedSVD(components: 4, solver: solver).fit(x)
    let tolerance = solver == .exact ? 1e-10 : 1e-6
    expectClose(fitted.components, try golden("svd/components"), tolerance, "components")
    expectClose(fitted.singularValues, try golden("svd/singular"), tolerance, "singular values")
    expectClose(fitted.explainedVariance, try golden("svd/variance"), tolerance, "variance")
    expectClose(fitted.explainedVarianceRatio, try golden("svd/ratio"), tolerance, "ratio")
    expectClose(try fitted.transform(x.rows(Array(0..<7))), try golden("svd/transformed"), tolerance, "coordinates")
  }

  @Test("finds a matrix of low rank again")
  func lowRank() throws {
    let generator = RandomGenerator(seed: 3)
    let x = matmul(
      Tensor.normal([300, 3], dtype: .float64, using: generator),
      Tensor.normal([3, 80], dtype: .float64, using: generator))
    for samples in [x, x.transposed()] {
      let fitted = try TruncatedSVD(components: 3).fit(samples)
      expectClose(try fitted.inverseTransform(fitted.transform(samples)), samples, 1e-12)
      expectClose(
        matmul(fitted.components, fitted.components.transposed()), Tensor.eye(3, dtype: .float64), 1e-13)
    }
  }

  @Test("keeps its vectors orthonormal where the samples hardly span them")
  func degenerate() throws {
    let generator = RandomGenerator(seed: 4)
    let one = matmul(
      Tensor.normal([90, 1], dtype: .float64, using: generator),
      Tensor.normal([1, 40], dtype: .float64, using: generator))
    let noise = Tensor.normal([90, 40], dtype: .float64, using: generator) * 1e-9
    let fitted = try TruncatedSVD(components: 3).fit(one + noise)
    expectClose(matmul(fitted.components, fitted.components.transposed()), Tensor.eye(3, dtype: .float64), 1e-9)
    let exact = try TruncatedSVD(components: 3, solver: .exact).fit(one + noise)
    #expect((fitted.singularValues / exact.singularValues - 1).abs().max().item() < 0.05)
  }
}
