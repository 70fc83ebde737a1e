import DataPipelines
import EvaluationMetrics
import Learning
import Models
import NeuralNetworks
import Optimizers
import TensorCore

extension Recipe {
  /// A learner of pictures, with a network that is fresh.
  ///
  /// - Parameter seed: Decides all that is random: first weights, the order of the samples, augmentations.
  public func learner(for data: PictureData, network: PictureNetwork, seed: UInt64) -> Learner {
    let generator = RandomGenerator(seed: seed).derived(1)
    let architecture = network.architecture(
      size: data.preparation.size, channels: data.preparation.channels, classes: data.classNames.count, recipe: self)
    return learner(
      for: data, model: architecture.makeModel(using: generator), generators: ["model": generator], seed: seed)
  }

  /// A learner of pictures, with a model of one's own.
  ///
  /// - Parameter generators: What the model draws from while it is trained, as dropout does.
  public func learner(
    for data: PictureData, model: any Layer, generators: [String: RandomGenerator] = [:], seed: UInt64
  ) -> Learner {
    let smoothing = labelSmoothing
    return learner(
      model, loaders(for: data, seed: seed), loss: { classificationLoss($0, $1, labelSmoothing: smoothing) },
      metrics: [Accuracy()], generators: generators)
  }

  /// The batches to learn from, augmented, and those to test on.
  public func loaders(for data: PictureData, seed: UInt64) -> DataLoaders {
    let size = data.preparation.size
    var transforms: [any BatchTransform] = []
    if cropPadding > 0 { transforms.append(RandomCrop(size, padding: cropPadding)) }
    if flips { transforms.append(RandomFlip(.horizontal)) }
    transforms.append(data.preparation.normalization)
    if let mixup { transforms.append(Mixup(classes: data.classNames.count, alpha: mixup)) }
    if let cutmix { transforms.append(Cutmix(classes: data.classNames.count, alpha: cutmix)) }
    // What takes long is done ahead, beside the network's work; pictures that are there already are not worth a thread.
    let isDecoded = data.training.decoded != nil
    let (ahead, workers) = isDecoded ? (transforms.count > 1 ? 4 : 0, 1) : (4, Runtime.threads)
    return DataLoaders(
      training: DataLoader(
        data.training, batchSize: batchSize, shuffle: true, seed: RandomGenerator(seed: seed).derived(2).state.seed,
        prefetch: ahead, workers: workers, transforms: transforms),
      validation: DataLoader(
        data.test, batchSize: 250, prefetch: isDecoded ? 0 : 4, workers: workers,
        transforms: [data.preparation.normalization]))
  }
}
