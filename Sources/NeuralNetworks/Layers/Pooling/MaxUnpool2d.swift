import TensorCore

/// Each element back to where `MaxPool2d` found it, zeros elsewhere (Zeiler, Taylor & Fergus, 2011).
///
/// x and indices [batch, channels, height, width] → [batch, channels, out height, out width] with out = (size −
/// 1)·stride − 2·padding + kernel, unless another size is asked for: several sizes are pooled to one. Stops when the
/// shapes do not fit or an index is outside.
///
/// ```swift
/// let pool = MaxPool2d(kernel: 2).withIndices(Tensor([[[[1.0, 2.0], [3.0, 4.0]]]]))
/// MaxUnpool2d(kernel: 2)(pool.values, indices: pool.indices)[0, 0]  // → [[0.0, 0.0], [0.0, 4.0]]
/// ```
public final class MaxUnpool2d: MaxUnpooling<Size2D> {}
