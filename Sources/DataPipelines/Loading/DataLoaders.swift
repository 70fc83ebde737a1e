import TensorCore

/// What to learn from, and what to measure on after each epoch.
///
/// ```swift
/// let digits = try UCIDigits.load()
/// let data = DataLoaders(
///   digits.train, validation: digits.test, batchSize: 64, seed: 1, augmentations: [RandomCrop(8, padding: 1)],
///   preparation: [Normalize(mean: [0.3], standardDeviation: [0.38])])
/// data.training.batchCount  // → 23
/// data.validation?.exampleCount == 360  // → true
/// ```
public struct DataLoaders: Sendable {
  public var training: DataLoader<any Error>
  /// In the order of its data set. nil where nothing is measured.
  public var validation: DataLoader<any Error>?

  /// Loaders of your own. Stops when that of the validation shuffles.
  public init(training: DataLoader<some Error>, validation: DataLoader<some Error>) {
    if validation.shuffle {
      stop("DataLoaders", "the loader of the validation shuffles", fix: "make it with shuffle: false")
    }
    self.training = training.throwing
    self.validation = validation.throwing
  }

  /// Nothing is measured but the training's loss.
  public init(training: DataLoader<some Error>) { self.training = training.throwing }

  /// - Parameters:
  ///   - batchSize: How many examples a step learns from.
  ///   - seed: Of the training's order, and of the augmentations.
  ///   - augmentations: What the training's batches go through before the preparation.
  ///   - preparation: What all batches go through.
  ///   - prefetch: How many batches are read ahead while the model is at work: worth it where pictures are decoded or augmented.
  ///   - workers: How many threads read ahead.
  public init(
    _ training: some Dataset, validation: some Dataset, batchSize: Int, seed: UInt64 = 0,
    augmentations: [any BatchTransform] = [], preparation: [any BatchTransform] = [], prefetch: Int = 0,
    workers: Int = 1
  ) {
    self.init(
      training: DataLoader(
        training, batchSize: batchSize, shuffle: true, seed: seed, prefetch: prefetch, workers: workers,
        transforms: augmentations + preparation),
      // Without gradients, larger batches fit; the numbers do not depend on their size.
      validation: DataLoader(
        validation, batchSize: max(batchSize, 250), prefetch: prefetch, workers: workers, transforms: preparation))
  }
}
