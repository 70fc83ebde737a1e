import NeuralNetworks
import Optimizers
import TensorCore

/// What a picture that is looked for by its gradient is made of. Both reach the same pictures; the way there, and so where it ends, differs.
public enum PictureParametrization: Sendable, Hashable {
  /// The numbers themselves.
  case pixels
  /// The amplitudes of waves, each weighted by 1/frequency, as in photographs: low frequencies go ahead, so that high ones, which networks
  /// answer to and eyes do not, take no part (Olah, Mordvintsev & Schubert, "Feature visualization", 2017, "preconditioning").
  case waves
}

/// An input that a channel of a network answers to as strongly as it can: noise that climbs the gradient of the channel's mean activation (Erhan,
/// Bengio, Courville & Vincent, "Visualizing higher-layer features of a deep network", 2009; Olah et al., 2017).
///
/// Maximised is a(x) − decay·‖x‖²/2 − variation·Σ |differences of neighbouring pixels|, by Adam, with a(x) the mean over places of channel
/// `channel` of what the layer gives, [1, channels, …]: before the softmax, a logit where it is the last one. The picture is [channels, height,
/// width], the vector [features]: `shape`, less the batch. `layer` is one of the model's chain; without one, the model's output counts. Where it
/// stands in the chain several times, the last one counts. In evaluation mode; parameters' gradients and the mode stay as they are. The same seed
/// gives the same picture. A channel behind a rectifier may be 0 for the first noise and all around it, and then has no slope to climb: look at the
/// layer before. Stops when the layer is not in the chain, or has no such channel.
///
/// ```swift
/// let model = Sequential([Linear(2, 2, bias: false)])
/// model[0].parameters[0].value = Tensor([[3.0, -4.0], [1.0, 1.0]])
/// let best = visualizeFeature(of: model, channel: 0, shape: [2], steps: 500, decay: 5)
/// (best * 10).round() / 10  // → [0.6, -0.8]
/// ```
///
/// - Parameters:
///   - jitter: At every step the picture is moved by up to so many pixels, down and across, what leaves it coming in opposite: what only works at
///     one place, such as the grids of strided convolutions, does not add up.
///   - noise: The standard deviation of the first pixels, or of the first amplitudes.
///   - range: Bounds the pixels: low + (high − low)·sigmoid(x). Pass the range that the model's inputs have.
public func visualizeFeature(
  of model: any LayerChain, at layer: (any Layer)? = nil, channel: Int, shape: Shape,
  parametrization: PictureParametrization = .pixels, steps: Int = 256, learningRate: Double = 0.05, jitter: Int = 0,
  decay: Double = 0, variation: Double = 0, noise: Double = 0.01, range: ClosedRange<Double>? = nil, seed: UInt64 = 0
) -> Tensor {
  let op = "visualizeFeature"
  if parametrization == .waves || jitter > 0 || variation > 0, shape.rank != 3 {
    stop(op, "\(shape) is no picture", fix: "pass [channels, height, width], or neither waves, jitter nor variation")
  }
  let layers = layer.map { model.chain[...model.place(of: $0, for: op)] } ?? model.chain[...]
  let generator = RandomGenerator(seed: seed)
  let picture = SoughtPicture(shape, parametrization, range, model.parameters.first?.value.dtype ?? .float32)
  let sought = Parameter(picture.start(noise, using: generator))
  let optimizer = Adam([sought], learningRate: learningRate, maximize: true)
  model.withEvaluationMode {
    for _ in 0..<steps {
      let x = picture(sought.value)
      var seen = x
      if jitter > 0 {
        let moves = Tensor.randomIntegers([2], in: -jitter..<(jitter + 1), using: generator).scalars(as: Int.self)
        seen = x.rolled(moves[0], axis: 1).rolled(moves[1], axis: 2)
      }
      let maps = layers.reduce(seen.unsqueezed(0)) { $1($0) }
      guard maps.rank >= 2, (0..<maps.shape[1]).contains(channel) else {
        stop(
          op, "channel \(channel) of \(maps.shape)",
          fix: "use a layer that gives [batch, channels, …], and one of these")
      }
      var gain = maps[.all, channel].mean()
      if decay != 0 { gain = gain - x.square().sum() * (decay / 2) }
      if variation != 0 { gain = gain - totalVariation(x) * variation }
      sought.gradient = gradients(of: gain, withRespectTo: [sought.value])[0]
      optimizer.step()
    }
  }
  return picture(sought.value).detached()
}

/// Σ |differences| of pixels and those below and to the right of them (Rudin, Osher & Fatemi, 1992, in its form by axes).
private func totalVariation(_ x: Tensor) -> Tensor {
  let (height, width) = (x.shape[1], x.shape[2])
  let (down, across) = (
    x[.all, 1..<height] - x[.all, 0..<(height - 1)], x[.all, .all, 1..<width] - x[.all, .all, 0..<(width - 1)]
  )
  return down.abs().sum() + across.abs().sum()
}

/// How a picture is made of the numbers that are changed.
private struct SoughtPicture {
  let shape: Shape
  let range: ClosedRange<Double>?
  let dtype: DType
  /// 1/frequency, [height, width/2 + 1, 1]; nil for pixels.
  let weights: Tensor?

  init(_ shape: Shape, _ parametrization: PictureParametrization, _ range: ClosedRange<Double>?, _ dtype: DType) {
    (self.shape, self.range, self.dtype) = (shape, range, dtype)
    weights = parametrization == .waves ? Self.weights(shape[1], shape[2]).cast(to: dtype) : nil
  }

  /// 1/√(fy² + fx²), in cycles a pixel; of the constant, as of the longest wave.
  private static func weights(_ height: Int, _ width: Int) -> Tensor {
    let (longest, columns) = (1 / Double(max(height, width)), width / 2 + 1)
    let list = (0..<(height * columns)).map { index in
      let (row, column) = (index / columns, index % columns)
      let (down, across) = (Double(min(row, height - row)) / Double(height), Double(column) / Double(width))
      return 1 / max((down * down + across * across).squareRoot(), longest)
    }
    return Tensor(list, shape: [height, columns, 1], dtype: .float64)
  }

  func start(_ deviation: Double, using generator: RandomGenerator) -> Tensor {
    let numbers = weights.map { Shape([shape[0], $0.shape[0], $0.shape[1], 2]) } ?? shape
    return Tensor.normal(numbers, dtype: dtype, using: generator) * deviation
  }

  func callAsFunction(_ numbers: Tensor) -> Tensor {
    let x = weights.map { (numbers * $0).irfft2(width: shape[2], normalization: .orthonormal) } ?? numbers
    return range.map { $0.lowerBound + x.sigmoid() * ($0.upperBound - $0.lowerBound) } ?? x
  }
}
