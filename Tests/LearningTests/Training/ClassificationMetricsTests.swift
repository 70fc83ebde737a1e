import Learning
import TensorCore
import Testing

@Suite("Classification metrics")
struct ClassificationMetricsTests {
  @Test("loss and accuracy are means over samples, not over batches")
  func means() {
    var metrics = ClassificationMetrics()
    #expect(metrics.loss == 0 && metrics.accuracy == 0)
    metrics.add(loss: 1, logits: Tensor([[1.0, 2.0], [3.0, 0.0], [0.0, 1.0]]), labels: Tensor([1, 0, 0]))
    metrics.add(loss: 3, logits: Tensor([[0.0, 5.0]]), labels: Tensor([1], dtype: .int32))
    #expect(metrics.loss == 1.5)
    #expect(metrics.accuracy == 0.75)
    #expect(metrics.samples == 4)
  }
}
