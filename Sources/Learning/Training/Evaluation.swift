import DataPipelines
import NeuralNetworks
import TensorCore

/// How a classifier does on data that it was not trained on.
public struct Evaluation: Sendable, Hashable {
  /// The mean cross entropy of a sample.
  public var loss: Double
  public var confusion: ConfusionMatrix

  /// The share of samples that was classified right.
  public var accuracy: Double { confusion.accuracy }
}

/// Measures a classifier on a whole data set, in evaluation mode, without gradients. The model's mode is as before
/// afterwards.
///
/// The inputs are `[samples, …]`, the targets `[samples]` classes; the model gives logits `[batch, classes]`. Stops
/// when there are no samples.
///
/// ```swift
/// let set = TensorDataset(inputs: Tensor.eye(3), targets: Tensor([0, 1, 1]))
/// let result = evaluate(Flatten(), on: set)
/// result.confusion.counts  // → [[1, 0, 0], [0, 1, 1], [0, 0, 0]]
/// ```
public func evaluate<Data: Dataset>(
  _ model: any Layer, on data: Data, batchSize: Int = 250
) throws(Data.Failure) -> Evaluation {
  if data.count == 0 { stop("evaluate", "there are no samples", fix: "pass a data set with samples") }
  let wasTraining = model.isTraining
  model.evaluate()
  defer { if wasTraining { model.train() } }
  var lossSum = 0.0
  var confusion: ConfusionMatrix?
  for start in stride(from: 0, to: data.count, by: batchSize) {
    let batch = try data.batch(at: Array(start..<min(start + batchSize, data.count)))
    withoutGradients {
      let logits = model(batch.inputs)
      lossSum += crossEntropy(logits, batch.targets, reduction: .sum).item()
      var matrix = confusion ?? ConfusionMatrix(classes: logits.shape[1])
      matrix.add(predictions: logits.argmax(axis: 1), labels: batch.targets)
      confusion = matrix
    }
  }
  return Evaluation(loss: lossSum / Double(data.count), confusion: confusion ?? ConfusionMatrix(classes: 1))
}
