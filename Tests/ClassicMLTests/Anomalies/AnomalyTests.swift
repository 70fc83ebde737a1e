import ClassicML
import Foundation
import TensorCore
import Testing

@Suite("Anomalies by density")
struct AnomalyTests {
  @Test(
    "have SciPy's densities, and the best F1 of any threshold",
    arguments: [("multivariate", GaussianAnomalyDetector.Model.multivariate), ("features", .perFeature)])
  func densities(_ name: String, _ model: GaussianAnomalyDetector.Model) throws {
    let fitted = try GaussianAnomalyDetector(model: model).fit(try ClusteringGoldens.golden("anomalies.x"))
    let check = try ClusteringGoldens.golden("anomalies.check")
    #expect(
      relativeGap(try fitted.logDensities(check), try ClusteringGoldens.golden("anomalies/\(name)/densities")) < 1e-11)
    let y = try ClusteringGoldens.golden("anomalies.y")
    let found = try fitted.threshold(check, anomalies: y)
    // scikit-learn's F1 at the densities themselves: one more threshold is tried here, above all of them.
    #expect(abs(found.f1 - (try ClusteringGoldens.golden("anomalies/\(name)/best").item())) < 1e-12)
    let flagged = try fitted.anomalies(check, below: found.logDensity).cast(to: .float64)
    let truth = y.cast(to: .float64)
    #expect(abs(2 * (flagged * truth).sum().item() / (flagged.sum() + truth.sum()).item() - found.f1) < 1e-12)
  }

  @Test("are unusual combinations for a multivariate Gaussian alone")
  func combinations() throws {
    let generator = RandomGenerator(seed: 2)
    let common = Tensor.normal([500, 1], dtype: .float64, using: generator)
    let x =
      Tensor.concatenated([common, common], axis: 1) + Tensor.normal([500, 2], dtype: .float64, using: generator) * 0.1
    let check = Tensor.concatenated([x[0..<50], Tensor([[1.5, -1.5], [-1.4, 1.4]], dtype: .float64)])
    let y = Tensor((0..<52).map { $0 < 50 ? 0 : 1 }, shape: [52])
    #expect(try GaussianAnomalyDetector().fit(x).threshold(check, anomalies: y).f1 == 1)
    #expect(try GaussianAnomalyDetector(model: .perFeature).fit(x).threshold(check, anomalies: y).f1 < 0.7)
  }

  @Test("with equal densities are on the same side of a threshold")
  func ties() throws {
    let fitted = try GaussianAnomalyDetector().fit(Tensor([[-1.0], [1.0]], dtype: .float64))
    // ln N(x; 0, 1) at 3 and −3 is the same; one of the two is an anomaly.
    let found = try fitted.threshold(Tensor([[0.0], [3], [-3]], dtype: .float64), anomalies: Tensor([0, 1, 0]))
    #expect(abs(found.f1 - 2.0 / 3) < 1e-12)
    let density = try fitted.logDensities(Tensor([[0.0]], dtype: .float64)).item()
    #expect(abs(density + 0.5 * log(2 * Double.pi)) < 1e-12)
  }

  @Test("are refused without an example, and of features without a density")
  func refusals() throws {
    let x = Tensor([[1.0, 1], [2, 1], [3, 1]], dtype: .float64)
    #expect(throws: EstimatorError.self) { try GaussianAnomalyDetector().fit(x) }
    #expect(throws: EstimatorError.self) { try GaussianAnomalyDetector(model: .perFeature).fit(x) }
    let fitted = try GaussianAnomalyDetector().fit(x[.all, 0..<1])
    #expect(throws: EstimatorError.self) { try fitted.threshold(x[.all, 0..<1], anomalies: Tensor([0, 0, 0])) }
    #expect(throws: EstimatorError.self) { try fitted.threshold(x[.all, 0..<1], anomalies: Tensor([0, 2, 1])) }
  }
}
