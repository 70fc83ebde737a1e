import NeuralNetworks
import TensorCore

/// LAMB (You et al., "Large batch optimization for deep learning", 2020, algorithm 2): Adam's direction, with a length in
/// proportion to each parameter's own, for large batches.
///
/// m = β₁m + (1 − β₁)g; v = β₂v + (1 − β₂)g²; u = m̂/(√v̂ + ε) + λ·w, with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ);
/// w −= η·‖w‖/‖u‖·u, where ‖w‖/‖u‖ is 1 if one of them is 0.
///
/// ```swift
/// let w = Parameter(Tensor([2.0]))
/// let optimizer = LAMB([w], learningRate: 0.25, weightDecay: 0)
/// w.gradient = Tensor([8.0])
/// optimizer.step()
/// abs(w.value.item() - 1.5) < 1e-5  // → true
/// ```
public final class LAMB: GroupedOptimizer<LAMB.Rule> {
  /// Stops when a number is out of its range, and without parameters.
  public convenience init(
    _ parameters: [Parameter], learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-6, weightDecay: Double = 1e-2
  ) {
    self.init(
      parameters,
      Rule(learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay))
  }

  public struct Rule: UpdateRule {
    public static let name = "LAMB"
    /// η
    public var learningRate: Double
    /// β₁: how much of the mean of the gradients is kept at each step.
    public var beta1: Double
    /// β₂: how much of the mean of their squares is kept.
    public var beta2: Double
    /// ε
    public var epsilon: Double
    /// λ
    public var weightDecay: Double

    public init(
      learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-6,
      weightDecay: Double = 1e-2
    ) {
      self.learningRate = learningRate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
    }

    public static var numbers: [HyperparameterNumber<Rule>] {
      [
        .atLeastZero("learning_rate", \.learningRate), .fraction("beta1", \.beta1), .fraction("beta2", \.beta2),
        .atLeastZero("epsilon", \.epsilon), .atLeastZero("weight_decay", \.weightDecay),
      ]
    }

    public var tensorNames: [String?] { ["exp_avg", "exp_avg_sq"] }

    public func update(_ value: inout Tensor, along gradient: Tensor, _ state: inout ParameterState) {
      // Adam's step of length −1 from 0 is its direction, m̂/(√v̂ + ε).
      var (direction, none) = (Tensor.zeros(like: value), Tensor?.none)
      FusedStep.adam(
        &direction, gradient: gradient, m: &state.first, v: &state.second, largest: &none, step: state.step,
        learningRate: -1, beta1: beta1, beta2: beta2, epsilon: epsilon)
      direction = direction + value * weightDecay
      let (length, change) = (norm(value), norm(direction))
      let trust = length > 0 && change > 0 ? length / change : 1
      value = value - direction * (learningRate * trust)
    }

    /// √Σx²
    private func norm(_ x: Tensor) -> Double { x.square().sum().item().squareRoot() }
  }
}
