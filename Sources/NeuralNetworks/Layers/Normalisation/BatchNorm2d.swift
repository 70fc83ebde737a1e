import TensorCore

/// Batch normalisation of pictures: y = weight·(x − μ)/√(σ² + ε) + bias, with each channel's mean μ and variance σ²
/// over the batch and the picture in training, and running ones in evaluation mode (Ioffe & Szegedy, 2015).
///
/// [batch, channels, height, width], same shape out; weight, bias, running mean and variance [channels]. Stops when
/// the shapes do not fit, and in training when a channel has fewer than two values.
///
/// ```swift
/// let layer = BatchNorm2d(3)
/// layer(Tensor.ones([2, 3, 4, 4])).shape  // → [2, 3, 4, 4]
/// layer.numBatchesTracked?.value.item() ?? 0  // → 1.0
/// layer.stateDictionary().names  // → ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"]
/// ```
public final class BatchNorm2d: SpatialBatchNorm<Size2D>, Layer {}
