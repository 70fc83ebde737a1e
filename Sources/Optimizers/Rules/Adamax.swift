import NeuralNetworks
import TensorCore

/// Adam with the largest gradient in place of the mean square (Kingma & Ba, 2015, algorithm 2), as PyTorch writes it:
///
/// g' = g + λ·w; m = β₁m + (1 − β₁)g'; u = max(β₂u, |g'| + ε); w −= η·m̂/u with m̂ = m/(1 − β₁ᵗ). One pass over each
/// parameter.
///
/// ```swift
/// let w = Parameter(Tensor([1.0]))
/// let optimizer = Adamax([w], learningRate: 0.25)
/// w.gradient = Tensor([8.0])
/// optimizer.step()
/// abs(w.value.item() - 0.75) < 1e-6  // → true
/// ```
public final class Adamax: GroupedOptimizer<Adamax.Rule> {
  /// Stops when a number is out of its range, and without parameters.
  public convenience init(
    _ parameters: [Parameter], learningRate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, maximize: Bool = false
  ) {
    self.init(
      parameters,
      Rule(
        learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
        maximize: maximize))
  }

  public struct Rule: UpdateRule {
    public static let name = "Adamax"
    /// η
    public var learningRate: Double
    /// β₁: how much of the mean of the gradients is kept at each step.
    public var beta1: Double
    /// β₂: how much of the largest gradient is kept.
    public var beta2: Double
    /// ε
    public var epsilon: Double
    /// λ
    public var weightDecay: Double
    /// Whether the gradient is gone up instead of down.
    public var maximize: Bool

    public init(
      learningRate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
      weightDecay: Double = 0, maximize: Bool = false
    ) {
      self.learningRate = learningRate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.maximize = maximize
    }

    public static var numbers: [HyperparameterNumber<Rule>] {
      [
        .atLeastZero("learning_rate", \.learningRate), .fraction("beta1", \.beta1), .fraction("beta2", \.beta2),
        .atLeastZero("epsilon", \.epsilon), .atLeastZero("weight_decay", \.weightDecay),
      ]
    }

    public var tensorNames: [String?] { ["exp_avg", "exp_inf"] }

    public func update(_ value: inout Tensor, along gradient: Tensor, _ state: inout ParameterState) {
      FusedStep.adamax(
        &value, gradient: gradient, m: &state.first, largest: &state.second, step: state.step,
        learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)
    }
  }
}
