import TensorCore

/// Each element back to where `MaxPool3d` found it, zeros elsewhere (Zeiler, Taylor & Fergus, 2011).
///
/// x and indices [batch, channels, depth, height, width] → [batch, channels, out depth, out height, out width] with
/// out = (size − 1)·stride − 2·padding + kernel, unless another size is asked for: several sizes are pooled to one.
/// Stops when the shapes do not fit or an index is outside.
///
/// ```swift
/// let pool = MaxPool3d(kernel: 2).withIndices(Tensor.ones([1, 1, 4, 4, 4]))
/// MaxUnpool3d(kernel: 2)(pool.values, indices: pool.indices).sum()  // → 8.0
/// ```
public final class MaxUnpool3d: MaxUnpooling<Size3D> {}
