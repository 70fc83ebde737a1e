import DataPipelines
import EvaluationMetrics
import NeuralNetworks
import TensorCore

/// What a model makes of a data set.
public struct Predictions: Sendable {
  /// [samples, …], in the order of the data set.
  public var outputs: Tensor
  /// [samples, …]
  public var targets: Tensor

  /// The classes of the greatest outputs [samples].
  public var classes: Tensor { withoutGradients { outputs.argmax(axis: 1) } }
}

extension Learner {
  /// The mean loss and the metrics on the validation's data, by name, in evaluation mode without gradients.
  ///
  /// Where a loss is no finite number, metrics that can't count such outputs are NaN. Stops without data.
  ///
  /// - Throws: What reading the data or a metric throws.
  @discardableResult
  public func validate() throws -> [String: Double] {
    guard let validation = data.validation else {
      stop("validate", "there is no data for the validation", fix: "give DataLoaders some, or pass a loader")
    }
    return try validate(on: validation)
  }

  /// The same on other data.
  @discardableResult
  public func validate(on loader: DataLoader<some Error>) throws -> [String: Double] {
    var metrics: [any Metric<Double>] = self.metrics
    var (lossSum, samples) = (0.0, 0)
    try inEvaluation { [self] in
      try eachBatch(of: loader, epoch: 0) { batch in
        let value = loss.item()
        lossSum += value * Double(batch.count)
        samples += batch.count
        for index in metrics.indices {
          do {
            try metrics[index].add(predictions: outputs, targets: batch.targets)
          } catch let error where value.isFinite {
            throw error
          } catch {}
        }
      }
    }
    let isFinite = lossSum.isFinite
    var values = ["loss": samples == 0 ? .nan : lossSum / Double(samples)]
    for metric in metrics { values[metric.name] = isFinite ? metric.value : .nan }
    return values
  }

  /// The model's outputs for a loader's data, in the order of its data set, whatever the order of its batches.
  ///
  /// - Throws: What reading the data throws.
  public func predictions(on loader: DataLoader<some Error>, epoch: Int = 0) throws -> Predictions {
    var (outputs, targets): ([Tensor], [Tensor]) = ([], [])
    try inEvaluation { [self] in
      try eachBatch(of: loader, epoch: epoch) { batch in
        outputs.append(self.outputs.detached())
        targets.append(batch.targets)
      }
    }
    if outputs.isEmpty { stop("predictions", "there is no batch", fix: "pass a loader with samples") }
    let joined = Predictions(outputs: .concatenated(outputs, axis: 0), targets: .concatenated(targets, axis: 0))
    guard loader.shuffle else { return joined }
    let order = Tensor(loader.order(epoch: epoch).prefix(joined.outputs.shape[0]).map { $0 })
    let places = order.argsort()
    return Predictions(outputs: joined.outputs[places], targets: joined.targets[places])
  }

  /// Predictions that several augmented views of each sample agree on (test-time augmentation; Krizhevsky, Sutskever & Hinton, "ImageNet
  /// classification", 2012, §4.1): share·p(plain) + (1 − share)·mean p(augmented), with p = softmax of the outputs unless `activation` says otherwise.
  ///
  /// - Parameters:
  ///   - loader: Of the samples as they are.
  ///   - augmented: Of the same samples with random transforms, as in training; each of `times` epochs draws others.
  /// - Throws: What reading the data throws.
  public func predictions(
    on loader: DataLoader<some Error>, augmentedBy augmented: DataLoader<some Error>, times: Int = 4,
    plainShare share: Double = 0.25, activation: (Tensor) -> Tensor = { $0.softmax(axis: -1) }
  ) throws -> Predictions {
    guard times > 0, (0...1).contains(share), augmented.exampleCount == loader.exampleCount, !augmented.dropLast else {
      stop(
        "predictions", "\(times) views of \(augmented.exampleCount) samples, \(loader.exampleCount) as they are",
        fix: "use 1 or more views of the same samples, all of them, and a share in 0...1")
    }
    var result = try predictions(on: loader)
    var sum = Tensor(0.0)
    for epoch in 0..<times {
      let raw = try predictions(on: augmented, epoch: epoch).outputs
      let view = withoutGradients { activation(raw) }
      sum = epoch == 0 ? view : sum + view
    }
    result.outputs = activation(result.outputs) * share + sum * ((1 - share) / Double(times))
    return result
  }

  /// The model's outputs for inputs [batch, …], in evaluation mode, without gradients.
  public func predict(_ inputs: Tensor) -> Tensor {
    model.withEvaluationMode { withoutGradients { model(inputs) } }
  }

  private func inEvaluation(_ body: @escaping () throws -> Void) throws {
    try model.withEvaluationMode {
      try surround("aroundValidation", { try $0.aroundValidation(self, $1) }, body)
    }
  }

  private func eachBatch(
    of loader: DataLoader<some Error>, epoch: Int, _ body: (Batch) throws -> Void
  ) throws {
    var batches = loader.epoch(epoch)
    while let batch = try batches.next() {
      try withoutGradients { try forward(batch) }
      try body(batch)
    }
  }
}
