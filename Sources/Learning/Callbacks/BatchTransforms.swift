import DataPipelines
import TensorCore

/// Sends every training batch through transforms before it is used: mixup, cutmix, noise. A loader's own transforms do the same on the
/// threads that read; this is for data whose loader can't have any.
///
/// What is random depends on the seed and the step alone.
///
/// ```swift
/// let mixing = BatchTransforms([Mixup(classes: 10, alpha: 0.4)], seed: 1)
/// mixing.name  // → BatchTransforms
/// ```
public final class BatchTransforms: Callback {
  public let transforms: [any BatchTransform]
  public let seed: UInt64

  public init(_ transforms: [any BatchTransform], seed: UInt64) { (self.transforms, self.seed) = (transforms, seed) }

  public override func beforeBatch(_ learner: Learner) {
    learner.batch = learner.batch?.transformed(by: transforms, seed: seed, epoch: learner.position.step)
  }
}
