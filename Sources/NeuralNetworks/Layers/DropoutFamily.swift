import TensorCore

/// Sets whole channels of each sample to 0 with probability p and multiplies the rest by 1/(1 − p): neighbouring places
/// of a channel are so alike that dropping single ones would change little (Tompson et al., "Efficient object
/// localization using convolutional networks", 2015).
///
/// [batch, channels, ...], same shape out. Stops unless 0 ≤ p < 1, and without channels.
///
/// ```swift
/// let y = channelDropout(Tensor.ones([1, 1000, 2, 2]), 0.5, using: RandomGenerator(seed: 1))
/// (y.min(axes: [2, 3]) .== y.max(axes: [2, 3])).all()  // → true
/// ```
public func channelDropout(_ x: Tensor, _ p: Double, using generator: RandomGenerator = .default) -> Tensor {
  x * dropout(Tensor.ones(channelMask("channelDropout", x.shape), dtype: x.dtype), p, using: generator)
}

/// [batch, channels, 1, …]
private func channelMask(_ op: String, _ shape: Shape) -> Shape {
  if shape.rank < 2 { stop(op, "x is \(shape)", fix: "pass [batch, channels, ...]") }
  return Shape([shape[0], shape[1]] + [Int](repeating: 1, count: shape.rank - 2))
}

/// Dropout for networks of SELUs: an element is set to α' = −1.7581, SELU's lower bound, with probability p, then
/// everything is scaled and shifted so that mean 0 and variance 1 stay: y = a·(x·m + α'·(1 − m)) + b with a² = 1/((1 −
/// p)·(1 + p·α'²)) and b = −a·p·α' (Klambauer et al., "Self-normalizing neural networks", 2017). The shape stays; with
/// `channels`, whole channels of [batch, channels, ...] are dropped. Stops unless 0 ≤ p < 1.
///
/// ```swift
/// let x = Tensor.normal([10_000], using: RandomGenerator(seed: 1))
/// let y = alphaDropout(x, 0.2, using: RandomGenerator(seed: 2))
/// abs(y.mean().item()) < 0.05 && abs(y.variance().item() - 1) < 0.05  // → true
/// ```
public func alphaDropout(
  _ x: Tensor, _ p: Double, channels: Bool = false, using generator: RandomGenerator = .default
) -> Tensor {
  guard (0..<1).contains(p) else { stop("alphaDropout", "a probability of \(p)", fix: "use one in 0..<1") }
  let lowest = -1.7580993408473766
  let a = 1 / ((1 - p) * (1 + p * lowest * lowest)).squareRoot()
  let shape = channels ? channelMask("alphaDropout", x.shape) : x.shape
  let kept = Tensor.bernoulli(shape, probability: 1 - p, dtype: .bool, using: generator)
  let y = Tensor.where(kept, x, Tensor.full([], lowest, dtype: x.dtype))
  return y * a - a * p * lowest
}

/// What `Dropout1d`, `Dropout2d` and `Dropout3d` have in common: see the function `channelDropout`.
public class ChannelDropping<Size: WindowSize>: RandomDropping {
  public final func callAsFunction(_ x: Tensor) -> Tensor {
    if x.rank != Size.axes.count + 2 { stop(title, "x is \(x.shape)", fix: "pass \(Size.inputAxes())") }
    return isTraining ? channelDropout(x, probability, using: generator) : x
  }

  public final func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == Size.axes.count + 2 else { throw ShapeError(self, input: input, "expects \(Size.inputAxes())") }
    return input
  }
}

/// In training, sets whole channels of sequences to 0 with probability p and multiplies the rest by 1/(1 − p); in
/// evaluation mode, does nothing (Tompson et al., 2015). [batch, channels, length], same shape out.
///
/// ```swift
/// let layer = Dropout1d(0.5)
/// layer.evaluate()
/// layer(Tensor.ones([1, 2, 2])).sum()  // → 4.0
/// ```
public final class Dropout1d: ChannelDropping<Int>, Layer {}

/// In training, sets whole channels of pictures to 0 with probability p and multiplies the rest by 1/(1 − p); in
/// evaluation mode, does nothing (Tompson et al., 2015). [batch, channels, height, width], same shape out.
///
/// ```swift
/// let layer = Dropout2d(0.5)
/// layer.evaluate()
/// layer(Tensor.ones([1, 2, 2, 2])).sum()  // → 8.0
/// ```
public final class Dropout2d: ChannelDropping<Size2D>, Layer {}

/// In training, sets whole channels of volumes to 0 with probability p and multiplies the rest by 1/(1 − p); in
/// evaluation mode, does nothing (Tompson et al., 2015). [batch, channels, depth, height, width], same shape out.
///
/// ```swift
/// let layer = Dropout3d(0.5)
/// layer.evaluate()
/// layer(Tensor.ones([1, 2, 2, 2, 2])).sum()  // → 16.0
/// ```
public final class Dropout3d: ChannelDropping<Size3D>, Layer {}

/// Dropout for networks of SELUs: see the function `alphaDropout`. The shape stays; in evaluation mode it does nothing.
///
/// ```swift
/// AlphaDropout(0.2)(Tensor.zeros([3, 4])).shape  // → [3, 4]
/// ```
public final class AlphaDropout: RandomDropping, ShapePreserving {
  public func callAsFunction(_ x: Tensor) -> Tensor {
    isTraining ? alphaDropout(x, probability, using: generator) : x
  }
}

/// Dropout of whole channels for networks of SELUs: see the function `alphaDropout`. [batch, channels, ...], same shape
/// out; in evaluation mode it does nothing.
///
/// ```swift
/// FeatureAlphaDropout(0.2)(Tensor.zeros([3, 4, 5])).shape  // → [3, 4, 5]
/// ```
public final class FeatureAlphaDropout: RandomDropping, ShapePreserving {
  public func callAsFunction(_ x: Tensor) -> Tensor {
    isTraining ? alphaDropout(x, probability, channels: true, using: generator) : x
  }
}
