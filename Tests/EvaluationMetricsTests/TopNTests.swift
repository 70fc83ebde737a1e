import EvaluationMetrics
import Foundation
import TensorCore
import TensorIO
import Testing

@Suite("Metrics of ranked lists")
struct TopNTests {
  private func goldens() throws -> [String: Tensor] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try SafeTensors(contentsOf: folder.appending(path: "Goldens/recommendation.safetensors")).tensors()
  }

  @Test("NDCG is scikit-learn's", arguments: [1, 3, 5, 10])
  func ndcg(_ k: Int) throws {
    let goldens = try goldens()
    var metrics = TopNMetrics(count: k)
    for user in 0..<4 {
      let (ranked, relevant) = (try #require(goldens["ranked.\(user)"]), try #require(goldens["relevant.\(user)"]))
      metrics.add(ranked: ranked.scalars(as: Int.self), relevant: Set(relevant.scalars(as: Int.self)))
    }
    #expect(try abs(metrics.ndcg - #require(goldens["ndcg.\(k)"]).item()) < 1e-12)
  }

  @Test("recall, precision, hit rate, MAP and NDCG are counted by hand; users without a right item are left out")
  func counted() {
    var metrics = TopNMetrics(count: 4)
    #expect(metrics.recall.isNaN)
    metrics.add(ranked: [3, 1, 4, 5, 9], relevant: [3, 4, 9, 8, 7])
    metrics.add(ranked: [1, 2], relevant: [5])
    metrics.add(ranked: [1, 2], relevant: [])
    #expect(metrics.users == 2)
    #expect(metrics.recall == (2.0 / 5 + 0) / 2 && metrics.precision == (2.0 / 4 + 0) / 2 && metrics.hitRate == 0.5)
    #expect(abs(metrics.meanAveragePrecision - ((1 + 2.0 / 3) / 4 + 0) / 2) < 1e-15)
    let ideal = 1 + 1 / log2(3.0) + 0.5 + 1 / log2(5.0)
    #expect(abs(metrics.ndcg - ((1 + 0.5) / ideal + 0) / 2) < 1e-15)
  }
}
