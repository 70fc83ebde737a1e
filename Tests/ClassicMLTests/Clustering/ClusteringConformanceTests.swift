import ClassicML
import Testing

@Suite("An estimator of groups")
struct ClusteringConformanceTests {
  @Test(
    "keeps the contract",
    arguments: [
      checkEstimator(KMeans()), checkEstimator(KMeans(clusters: 3, start: .random)),
      checkEstimator(MiniBatchKMeans(clusters: 3)), checkEstimator(DBSCAN()),
      checkEstimator(AgglomerativeClustering()),
      checkEstimator(AgglomerativeClustering(cut: .height(2), linkage: .single)),
      checkEstimator(GaussianMixture()), checkEstimator(GaussianMixture(components: 3, covariance: .diagonal)),
      checkEstimator(GaussianMixture(components: 3, covariance: .tied)),
      checkEstimator(GaussianMixture(components: 2, covariance: .spherical)),
      checkEstimator(StandardScaler().then(KMeans(clusters: 3))),
    ])
  func contract(_ violations: [String]) {
    #expect(violations == [])
  }
}
