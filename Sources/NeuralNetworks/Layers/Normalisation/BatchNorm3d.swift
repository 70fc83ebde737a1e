import TensorCore

/// Batch normalisation of volumes: y = weight·(x − μ)/√(σ² + ε) + bias, with each channel's mean μ and variance σ²
/// over the batch and the volume in training, and running ones in evaluation mode (Ioffe & Szegedy, 2015).
///
/// [batch, channels, depth, height, width], same shape out; weight, bias, running mean and variance [channels]. Stops
/// when the shapes do not fit, and in training when a channel has fewer than two values.
///
/// ```swift
/// BatchNorm3d(2)(Tensor.ones([1, 2, 3, 4, 4])).shape  // → [1, 2, 3, 4, 4]
/// ```
public final class BatchNorm3d: SpatialBatchNorm<Size3D>, Layer {}
