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

  @Test("goes by t-SNE where scikit-learn's exact one goes from the same start")
  func neighbours() throws {
    let golden = InterpretationGoldens.self
    let (x, start) = (try golden.tensor("neighbours.x"), try golden.tensor("neighbours.start"))
    // scikit-learn has the distances in float32; what that does grows with exaggeration, as groups draw together.
    for (exaggeration, steps, tolerance) in [(1.0, 500, 1e-4), (4, 250, 1e-2)] {
      let found = try tSNE(x, perplexity: 12, steps: steps, exaggeration: exaggeration, learningRate: 2, start: start)
      let expected = try golden.tensor("neighbours.places.\(exaggeration)")
      let error = (found - expected).abs().max().item() / expected.abs().max().item()
      #expect(error < tolerance, "exaggeration \(exaggeration): \(error)")
    }
  }

  @Test("has neighbours of its own group alone by t-SNE, from the principal components, and the same again")
  func groups() throws {
    let x = try InterpretationGoldens.tensor("neighbours.x").cast(to: .float32)
    let places = try tSNE(x, perplexity: 8, steps: 500)
    #expect(places.shape == [60, 2] && places.dtype == .float32)
    #expect((places .== (try tSNE(x, perplexity: 8, steps: 500))).all().item(Bool.self))
    for sample in 0..<60 {
      let distances = (places - places[sample]).square().sum(axis: 1).scalars(as: Double.self)
      let nearest = (0..<60).sorted { distances[$0] < distances[$1] }[1...5]
      #expect(nearest.allSatisfy { $0 / 20 == sample / 20 }, "\(sample)")
    }
  }
}
