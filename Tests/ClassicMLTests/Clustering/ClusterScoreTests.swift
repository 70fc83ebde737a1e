import ClassicML
import TensorCore
import Testing

@Suite("Scores of groups")
struct ClusterScoreTests {
  @Test("agree with scikit-learn about known classes", arguments: ["kmeans", "random", "same", "one", "each"])
  func agreement(_ name: String) throws {
    let truth = try ClusteringGoldens.golden("iris.y")
    let labels = try ClusteringGoldens.golden("scores/\(name)/labels")
    let scores = [
      try adjustedRandScore(truth, labels), try mutualInformationScore(truth, labels),
      try normalizedMutualInformationScore(truth, labels), try adjustedMutualInformationScore(truth, labels),
      try homogeneity(truth, labels), try completeness(truth, labels), try vMeasure(truth, labels),
    ]
    let expected = try ClusteringGoldens.golden("scores/\(name)/agreement")
    #expect(relativeGap(Tensor(scores, shape: [7], dtype: .float64), expected) < 1e-10, "\(scores)")
  }

  @Test("agree with scikit-learn about distances", arguments: ["kmeans", "random", "same"])
  func shape(_ name: String) throws {
    let x = try ClusteringGoldens.golden("iris.x")
    let labels = try ClusteringGoldens.golden("scores/\(name)/labels")
    let scores = [
      try silhouetteScore(x, labels: labels), try daviesBouldinScore(x, labels: labels),
      try calinskiHarabaszScore(x, labels: labels),
    ]
    #expect(
      relativeGap(Tensor(scores, shape: [3], dtype: .float64), try ClusteringGoldens.golden("scores/\(name)/shape"))
        < 1e-10)
    #expect(
      relativeGap(try silhouettes(x, labels: labels), try ClusteringGoldens.golden("scores/\(name)/silhouettes")) < 1e-9
    )
  }

  @Test("do not depend on what groups are called")
  func names() throws {
    let labels = try ClusteringGoldens.golden("scores/random/labels")
    let truth = try ClusteringGoldens.golden("iris.y")
    let renamed = labels * -7 + 3
    #expect(
      abs(try adjustedMutualInformationScore(truth, labels) - adjustedMutualInformationScore(truth, renamed)) < 1e-12)
    #expect(abs(try adjustedRandScore(truth, labels) - adjustedRandScore(renamed, truth)) < 1e-12)
  }

  @Test("refuse one group, a group for each sample, and labels of other samples")
  func refusals() {
    let x = Tensor([[1.0], [2], [3]], dtype: .float64)
    #expect(throws: EstimatorError.self) { try silhouetteScore(x, labels: Tensor([0, 0, 0])) }
    #expect(throws: EstimatorError.self) { try daviesBouldinScore(x, labels: Tensor([0, 1, 2])) }
    #expect(throws: EstimatorError.self) { try calinskiHarabaszScore(x, labels: Tensor([0, 1])) }
    #expect(throws: EstimatorError.self) { try adjustedRandScore(Tensor([0, 1, 1]), Tensor([0, 1])) }
  }
}
