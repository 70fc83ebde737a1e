import NeuralNetworks
import TensorCore

/// Lion (Chen et al., "Symbolic discovery of optimization algorithms", 2023, program 1): every weight moves by the same
/// amount.
///
/// w −= η·(sign(β₁m + (1 − β₁)g) + λ·w), then m = β₂m + (1 − β₂)g. The authors advise a learning rate three to ten
/// times smaller than AdamW's, and as much more decay. One pass over each parameter.
///
/// ```swift
/// let w = Parameter(Tensor([1.0, 1.0]))
/// let optimizer = Lion([w], learningRate: 0.25)
/// w.gradient = Tensor([8.0, -0.1])
/// optimizer.step()
/// w.value.detached()  // → [0.75, 1.25]
/// ```
public final class Lion: GroupedOptimizer<Lion.Rule> {
  /// Stops when a number is out of its range, and without parameters.
  public convenience init(
    _ parameters: [Parameter], learningRate: Double = 1e-4, beta1: Double = 0.9, beta2: Double = 0.99,
    weightDecay: Double = 0
  ) {
    self.init(parameters, Rule(learningRate: learningRate, beta1: beta1, beta2: beta2, weightDecay: weightDecay))
  }

  public struct Rule: UpdateRule {
    public static let name = "Lion"
    /// η
    public var learningRate: Double
    /// β₁: how much of the mean goes into a step.
    public var beta1: Double
    /// β₂: how much of the mean of the gradients is kept at each step.
    public var beta2: Double
    /// λ
    public var weightDecay: Double

    public init(learningRate: Double = 1e-4, beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: Double = 0) {
      self.learningRate = learningRate
      self.beta1 = beta1
      self.beta2 = beta2
      self.weightDecay = weightDecay
    }

    public static var numbers: [HyperparameterNumber<Rule>] {
      [
        .atLeastZero("learning_rate", \.learningRate), .fraction("beta1", \.beta1), .fraction("beta2", \.beta2),
        .atLeastZero("weight_decay", \.weightDecay),
      ]
    }

    public var tensorNames: [String?] { ["exp_avg"] }

    public func update(_ value: inout Tensor, along gradient: Tensor, _ state: inout ParameterState) {
      FusedStep.lion(
        &value, gradient: gradient, m: &state.first, learningRate: learningRate, beta1: beta1, beta2: beta2,
        weightDecay: weightDecay)
    }
  }
}
