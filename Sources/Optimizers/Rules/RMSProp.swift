import NeuralNetworks
import TensorCore

/// RMSProp (Tieleman & Hinton, "Lecture 6.5", 2012), as PyTorch writes it:
///
/// g' = g + λ·w; s = αs + (1 − α)g'²; d = g'/(√s + ε); w −= η·d. Centred (Graves, 2013), s − a² stands in for s, with
/// the mean a = αa + (1 − α)g'. With momentum μ, v = μ·v + d stands in for d. One pass over each parameter.
///
/// ```swift
/// let w = Parameter(Tensor([1.0]))
/// let optimizer = RMSProp([w], learningRate: 0.25, alpha: 0.75)
/// w.gradient = Tensor([8.0])
/// optimizer.step()
/// w.value.detached()  // → [0.5]
/// ```
public final class RMSProp: GroupedOptimizer<RMSProp.Rule> {
  /// Stops when a number is out of its range, and without parameters.
  public convenience init(
    _ parameters: [Parameter], learningRate: Double = 1e-2, alpha: Double = 0.99, epsilon: Double = 1e-8,
    weightDecay: Double = 0, momentum: Double = 0, centred: Bool = false, maximize: Bool = false
  ) {
    self.init(
      parameters,
      Rule(
        learningRate: learningRate, alpha: alpha, epsilon: epsilon, weightDecay: weightDecay, momentum: momentum,
        centred: centred, maximize: maximize))
  }

  public struct Rule: UpdateRule {
    public static let name = "RMSProp"
    /// η
    public var learningRate: Double
    /// α: how much of the means is kept at each step.
    public var alpha: Double
    /// ε
    public var epsilon: Double
    /// λ
    public var weightDecay: Double
    /// μ
    public var momentum: Double
    /// Whether the variance of the gradients, rather than the mean of their squares, divides.
    public var centred: Bool
    /// Whether the gradient is gone up instead of down.
    public var maximize: Bool

    public init(
      learningRate: Double = 1e-2, alpha: Double = 0.99, epsilon: Double = 1e-8, weightDecay: Double = 0,
      momentum: Double = 0, centred: Bool = false, maximize: Bool = false
    ) {
      self.learningRate = learningRate
      self.alpha = alpha
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.momentum = momentum
      self.centred = centred
      self.maximize = maximize
    }

    public static var numbers: [HyperparameterNumber<Rule>] {
      [
        .atLeastZero("learning_rate", \.learningRate), .fraction("alpha", \.alpha), .atLeastZero("epsilon", \.epsilon),
        .atLeastZero("weight_decay", \.weightDecay), .atLeastZero("momentum", \.momentum),
      ]
    }

    public var tensorNames: [String?] {
      ["square_avg", centred ? "grad_avg" : nil, momentum == 0 ? nil : "momentum_buffer"]
    }

    public func update(_ value: inout Tensor, along gradient: Tensor, _ state: inout ParameterState) {
      FusedStep.rmsProp(
        &value, gradient: gradient, squares: &state.first, mean: &state.second, velocity: &state.third,
        learningRate: learningRate, alpha: alpha, epsilon: epsilon, momentum: momentum, weightDecay: weightDecay,
        centred: centred)
    }
  }
}
