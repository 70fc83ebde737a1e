import DataPipelines
import EvaluationMetrics
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
  var lossSum = 0.0
  var confusion = ConfusionMatrix()
  try model.withEvaluationMode { () throws(Data.Failure) in
    for places in data.batches(of: batchSize) {
      let batch = try data.batch(at: places)
      let logits = withoutGradients { model(batch.inputs) }
      lossSum += withoutGradients { crossEntropy(logits, batch.targets, reduction: .sum).item() }
      if confusion.classes == 0 { confusion = ConfusionMatrix(classes: logits.shape[1]) }
      do throws(MetricError) {
        // Classes, so that logits that are no numbers any more count as mistakes and are not refused.
        try confusion.add(predictions: logits.argmax(axis: 1), targets: batch.targets)
      } catch {
        stop("evaluate", error.description, fix: "use labels in 0..<\(logits.shape[1])")
      }
    }
  }
  return Evaluation(loss: lossSum / Double(data.count), confusion: confusion)
}

/// Measures a model on a whole data set by any metrics, in evaluation mode, without gradients. The model's mode is as before afterwards.
///
/// Each batch's outputs and targets go to every metric; those of an empty data set are as they were.
///
/// ```swift
/// let set = TensorDataset(inputs: Tensor([[0.0, 1.0], [3.0, 2.0]]), targets: Tensor([1, 1]))
/// let metrics = try measure(Flatten(), on: set, by: [Accuracy(), ROCAUC(), LogLoss()])
/// metrics[0].value  // → 0.5
/// ```
///
/// - Throws: What reading the data throws, and ``MetricError`` for an output that a metric can't count, such as NaN.
public func measure(
  _ model: any Layer, on data: some Dataset, by metrics: [any Metric<Double>], batchSize: Int = 250
) throws -> [any Metric<Double>] {
  var metrics = metrics
  try model.withEvaluationMode {
    for places in data.batches(of: batchSize) {
      let batch = try data.batch(at: places)
      let outputs = withoutGradients { model(batch.inputs) }
      for index in metrics.indices { try metrics[index].add(predictions: outputs, targets: batch.targets) }
    }
  }
  return metrics
}

extension Dataset {
  /// The places of all samples in order, a batch after the other.
  func batches(of size: Int) -> [[Int]] {
    stride(from: 0, to: count, by: size).map { Array($0..<min($0 + size, count)) }
  }
}
