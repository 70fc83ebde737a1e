import TensorCore

/// In training, sets each element to 0 with probability p and multiplies the rest by 1/(1 − p), so that the mean
/// stays; in evaluation mode, does nothing (Srivastava et al., 2014). The shape stays.
///
/// ```swift
/// let layer = Dropout(0.5, using: RandomGenerator(seed: 1))
/// layer(Tensor.ones([1000])).max().item()  // → 2.0
/// layer.evaluate()
/// layer(Tensor.ones([3]))  // → [1.0, 1.0, 1.0]
/// ```
public final class Dropout: RandomDropping, ShapePreserving {
  public func callAsFunction(_ x: Tensor) -> Tensor { isTraining ? dropout(x, probability, using: generator) : x }
}

/// What the layers of dropout have in common: a probability, and where they draw from.
public class RandomDropping: Module {
  /// The probability of dropping an element, or a channel.
  public final let probability: Double
  final let generator: RandomGenerator

  /// Draws from `generator` at each call in training mode. Stops unless 0 ≤ p < 1.
  public init(_ probability: Double = 0.5, using generator: RandomGenerator = .default) {
    guard (0..<1).contains(probability) else {
      stop("\(type(of: self))", "a probability of \(probability)", fix: "use one in 0..<1")
    }
    self.probability = probability
    self.generator = generator
  }

  public final override var configuration: String { "\(probability)" }
}
