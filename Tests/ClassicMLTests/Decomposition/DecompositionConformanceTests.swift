import ClassicML
import Testing

@Suite("A decomposition")
struct DecompositionConformanceTests {
  @Test(
    "keeps the contract",
    arguments: [
      checkEstimator(PCA(components: 2)), checkEstimator(PCA()), checkEstimator(PCA(components: .varianceShare(0.9))),
      checkEstimator(PCA(components: 2, whitens: true, solver: .randomized())),
      checkEstimator(PCA(components: 3, whitens: true, solver: .covariance)),
      checkEstimator(IncrementalPCA(components: 2, batchSize: 11)), checkEstimator(TruncatedSVD()),
      checkEstimator(TruncatedSVD(components: 1, solver: .exact)), checkEstimator(ZCAWhitening()),
      checkEstimator(NMF(components: 2), .nonnegative), checkEstimator(NMF(components: 6), .nonnegative),
      checkEstimator(
        NMF(components: 2, solver: .multiplicativeUpdate(.kullbackLeibler)), [.nonnegative, .dependsOnBatch]),
      checkEstimator(FastICA(components: 2)), checkEstimator(FastICA(components: 2, algorithm: .deflation)),
      checkEstimator(DictionaryLearning(atoms: 3, maximumIterations: 50)),
      checkEstimator(
        DictionaryLearning(atoms: 5, maximumIterations: 20, coding: .orthogonalMatchingPursuit(nonzeros: 2))),
    ])
  func contract(_ violations: [String]) {
    #expect(violations == [])
  }
}
