import DataPipelines
import NeuralNetworks
import TensorCore

/// What a layer of a model makes of each sample: what a network sees alike lies close there.
///
/// Of inputs [samples, …], what the layer gives, [samples, …]: of a ResNet's `avgpool`, say, [samples, features, 1, 1]. `layer` is one of the
/// model's chain; where it stands there several times, the last one counts. In evaluation mode, without gradients; the mode is as before afterwards.
/// Stops when the layer is not in the chain, and without samples.
///
/// ```swift
/// let hidden = Linear(3, 2)
/// let model = Sequential([hidden, ReLU(), Linear(2, 10)])
/// let set = TensorDataset(inputs: Tensor.eye(3), targets: Tensor([0, 1, 1]))
/// let features = embeddings(of: model, at: hidden, on: set)
/// features.shape  // → [3, 2]
/// try PrincipalComponents(fitting: features).projected(features).shape  // → [3, 2]
/// ```
public func embeddings<Data: Dataset>(
  of model: any LayerChain, at layer: any Layer, on data: Data, batchSize: Int = 250
) throws(Data.Failure) -> Tensor {
  let layers = model.chain[...model.place(of: layer, for: "embeddings")]
  if data.count == 0 { stop("embeddings", "there are no samples", fix: "pass a data set with samples") }
  return try model.withEvaluationMode { () throws(Data.Failure) in
    var parts: [Tensor] = []
    for places in data.batches(of: batchSize) {
      let batch = try data.batch(at: places)
      parts.append(withoutGradients { layers.reduce(batch.inputs) { $1($0) } })
    }
    return Tensor.concatenated(parts)
  }
}
