import DataPipelines
import NeuralNetworks
import TensorCore

/// A sample that a classifier is wrong about, or unsure of.
public struct SampleLoss: Sendable, Hashable {
  /// The sample's place in the data set.
  public let index: Int
  /// Its cross entropy.
  public let loss: Double
  public let target: Int
  public let prediction: Int
  /// The probability that the model gives its prediction.
  public let confidence: Double
}

/// The samples with the highest losses, the highest first: wrong labels, odd pictures, and what a model has not learned show up here (Howard &
/// Gugger, "Deep learning for coders with fastai and PyTorch", 2020, ch. 2). In evaluation mode, without gradients; the mode is as before
/// afterwards.
///
/// The inputs are `[samples, …]`, the targets `[samples]` classes; the model gives logits `[batch, classes]`. Of equal losses the earlier sample comes
/// first. A loss that is not a number comes before all others.
///
/// ```swift
/// let set = TensorDataset(inputs: Tensor([[4.0, 0.0], [0.0, 1.0], [9.0, 0.0]]), targets: Tensor([0, 0, 1]))
/// let worst = topLosses(Flatten(), on: set, count: 2)
/// worst.map(\.index)  // → [2, 1]
/// worst[0].prediction  // → 0
/// ```
public func topLosses<Data: Dataset>(
  _ model: any Layer, on data: Data, count: Int = 9, batchSize: Int = 250
) throws(Data.Failure) -> [SampleLoss] {
  var all: [SampleLoss] = []
  try model.withEvaluationMode { () throws(Data.Failure) in
    for places in data.batches(of: batchSize) {
      let batch = try data.batch(at: places)
      let (losses, predictions, confidences) = withoutGradients {
        let logits = model(batch.inputs)
        let losses = crossEntropy(logits, batch.targets, reduction: .none)
        return (losses, logits.argmax(axis: 1), logits.softmax(axis: 1).max(axis: 1))
      }
      let (lossList, confidenceList) = (losses.scalars(as: Double.self), confidences.scalars(as: Double.self))
      let (targets, predicted) = (batch.targets.scalars(as: Int.self), predictions.scalars(as: Int.self))
      for (row, index) in places.enumerated() {
        all.append(
          SampleLoss(
            index: index, loss: lossList[row], target: targets[row], prediction: predicted[row],
            confidence: confidenceList[row]))
      }
    }
  }
  func rank(_ sample: SampleLoss) -> Double { sample.loss.isNaN ? .infinity : sample.loss }
  return Array(all.sorted { (rank($0), $1.index) > (rank($1), $0.index) }.prefix(count))
}
