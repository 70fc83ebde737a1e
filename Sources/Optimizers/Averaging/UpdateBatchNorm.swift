import NeuralNetworks
import TensorCore

/// Measures the running statistics of all batch-normalisation layers anew: they become the plain mean of those of the
/// given batches. After weights have been averaged the old ones belong to other weights (Izmailov et al., 2018, section
/// 3.2).
///
/// The model runs in training mode on every batch, without gradients; its mode is as before afterwards. Without such
/// layers nothing runs. Stops when a layer's momentum is 0, so that it can't measure.
///
/// ```swift
/// let norm = BatchNorm1d(1)
/// updateBatchNorm(of: norm, over: [Tensor([[1.0], [3.0]]), Tensor([[5.0], [7.0]])])
/// norm.runningMean.map { abs($0.value.item() - 4) < 1e-6 } ?? false  // → true
/// ```
public func updateBatchNorm(of model: any Layer, over batches: some Sequence<Tensor>) {
  updateBatchNorm(of: model, over: batches) { _ = model($0) }
}

/// The same for a model that is called in another way: `run` gives it one batch.
public func updateBatchNorm<Batch>(
  of model: Module, over batches: some Sequence<Batch>, _ run: (Batch) throws -> Void
) rethrows {
  var means = model.namedModules().compactMap { BatchNormMeans($0.module) }
  if means.isEmpty { return }
  let modes = model.namedModules().map { ($0.module, $0.module.isTraining) }
  model.train()
  defer { for (module, wasTraining) in modes { module.isTraining = wasTraining } }
  try withoutGradients {
    for batch in batches {
      for index in means.indices { means[index].prepare() }
      try run(batch)
      for index in means.indices { means[index].add() }
    }
  }
  for mean in means { mean.finish() }
}

/// The mean of one layer's statistics over batches.
private struct BatchNormMeans {
  private let momentum: Double?
  private let runningMean: Buffer
  private let runningVariance: Buffer
  private let numBatchesTracked: Buffer
  private var mean: Tensor
  private var variance: Tensor
  private var batches = 0

  /// nil unless the module is such a layer, and tracks statistics.
  init?(_ module: Module) {
    guard let layer = module as? BatchNorm, let runningMean = layer.runningMean,
      let runningVariance = layer.runningVariance, let numBatchesTracked = layer.numBatchesTracked
    else { return nil }
    if layer.momentum == 0 {
      stop("updateBatchNorm", "a layer's momentum is 0", fix: "give it a momentum above 0, or nil")
    }
    momentum = layer.momentum
    self.runningMean = runningMean
    self.runningVariance = runningVariance
    self.numBatchesTracked = numBatchesTracked
    mean = Tensor.zeros(like: runningMean.value)
    variance = mean
  }

  /// From 0, one batch moves the running statistics to momentum times its own.
  func prepare() {
    runningMean.update { $0 = Tensor.zeros(like: $0) }
    runningVariance.update { $0 = Tensor.zeros(like: $0) }
    numBatchesTracked.update { $0 = Tensor(0) }
  }

  mutating func add() {
    // A layer that the batch did not reach has measured nothing.
    guard numBatchesTracked.value.item(Int.self) > 0 else { return }
    batches += 1
    let share = momentum ?? 1
    mean = mean + (runningMean.value / share - mean) / Double(batches)
    variance = variance + (runningVariance.value / share - variance) / Double(batches)
  }

  func finish() {
    let isMeasured = batches > 0
    runningMean.update { $0 = isMeasured ? mean : Tensor.zeros(like: $0) }
    runningVariance.update { $0 = isMeasured ? variance : Tensor.ones(like: $0) }
    numBatchesTracked.update { $0 = Tensor(batches) }
  }
}
