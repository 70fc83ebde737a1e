import DataPipelines
import Learning
import NeuralNetworks
import TensorCore
import Testing

@Suite("What a layer makes of samples")
struct ProjectionTests {
  @Test("is projected to scikit-learn's principal components, signs included")
  func components() throws {
    let golden = InterpretationGoldens.self
    let x = try golden.tensor("components.x")
    let found = try PrincipalComponents(3, fitting: x)
    for (value, name) in [
      (found.components, "vectors"), (found.mean, "mean"), (found.variances, "variances"),
      (found.explainedShares, "shares"), (found.projected(x), "projected"),
    ] {
      let expected = try golden.tensor("components.\(name)")
      #expect(value.shape == expected.shape && (value - expected).abs().max().item() < 1e-11, "\(name)")
    }
    // Fewer rows than features, and one feature.
    #expect(try PrincipalComponents(2, fitting: x[0..<3]).projected(x).shape == [30, 2])
    #expect(try PrincipalComponents(1, fitting: x[.all, 0..<1]).components.item() == 1)
  }

  @Test("comes in the samples' order, from the layer that was asked for, in evaluation mode, whatever the batches are")
  func embedded() throws {
    let (hidden, half) = (Linear(4, 3, using: RandomGenerator(seed: 1)), Dropout(0.9))
    let model = Sequential([half, hidden, ReLU(), Linear(3, 2)])
    let x = Tensor.normal([7, 4], using: RandomGenerator(seed: 2))
    let data = TensorDataset(inputs: x, targets: Tensor.zeros([7], dtype: .int64))
    for batchSize in [1, 3, 250] {
      let found = embeddings(of: model, at: hidden, on: data, batchSize: batchSize)
      #expect(found.shape == [7, 3] && (found - hidden(x).detached()).abs().max().item() < 1e-6)
      #expect(embeddings(of: model, at: half, on: data).shape == [7, 4] && model.isTraining && !found.requiresGradient)
    }
  }
}
