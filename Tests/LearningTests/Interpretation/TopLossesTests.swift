import DataPipelines
import Learning
import NeuralNetworks
import TensorCore
import Testing

@Suite("Top losses")
struct TopLossesTests {
  private let data = TensorDataset(
    inputs: Tensor([[0.0, 0.0], [5.0, 0.0], [0.0, 2.0], [1.0, 1.0], [0.0, 9.0]]), targets: Tensor([0, 1, 1, 1, 0]))

  @Test("come with their places, the highest first and of equal ones the earlier, whatever the batches are")
  func order() {
    for batchSize in [1, 2, 250] {
      let top = topLosses(Flatten(), on: data, count: 4, batchSize: batchSize)
      #expect(top.map(\.index) == [4, 1, 0, 3])
      #expect(top.map(\.target) == [0, 1, 0, 1])
      #expect(top.map(\.prediction) == [1, 0, 0, 0])
      #expect(abs(top[1].loss - 5.006715348489118) < 1e-5)
      #expect(abs(top[1].confidence - 0.9933071490757153) < 1e-6)
    }
    #expect(topLosses(Flatten(), on: data, count: 100).count == 5)
  }

  @Test("put what is no number first")
  func notANumber() {
    let broken = TensorDataset(inputs: Tensor([[9.0, 0.0], [.nan, 0.0]]), targets: Tensor([1, 0]))
    #expect(topLosses(Flatten(), on: broken, count: 1).map(\.index) == [1])
  }
}
