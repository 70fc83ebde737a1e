import NeuralNetworks
import TensorCore

/// Adam (Kingma & Ba, 2015, algorithm 1), with weight decay λ as an L2 term in the gradient, as PyTorch writes it:
///
/// g' = g + λ·w; m = β₁m + (1 − β₁)g'; v = β₂v + (1 − β₂)g'²; w −= η·m̂/(√v̂ + ε), with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 −
/// β₂ᵗ) and the parameter's own step count t. One pass over each parameter.
///
/// ```swift
/// let w = Parameter(Tensor([1.0]))
/// let optimizer = Adam([w], learningRate: 0.25)
/// w.gradient = Tensor([8.0])
/// optimizer.step()
/// abs(w.value.item() - 0.75) < 1e-6  // → true
/// ```
public final class Adam: GroupedOptimizer<Adam.Rule> {
  /// Stops when a number is out of its range, and without parameters.
  public convenience init(
    _ parameters: [Parameter], learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, amsgrad: Bool = false, maximize: Bool = false
  ) {
    self.init(
      parameters,
      Rule(
        learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
        amsgrad: amsgrad, maximize: maximize))
  }

  public struct Rule: MomentRule {
    public static let name = "Adam"
    public var moments: Moments
    /// Whether the largest v so far stands in for v (Reddi, Kale & Kumar, 2018).
    public var amsgrad: Bool

    public init(
      learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
      weightDecay: Double = 0, amsgrad: Bool = false, maximize: Bool = false
    ) {
      moments = Moments(
        learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
        decoupled: false, maximize: maximize)
      self.amsgrad = amsgrad
    }

    public var tensorNames: [String?] { ["exp_avg", "exp_avg_sq"] + (amsgrad ? ["max_exp_avg_sq"] : []) }

    public func update(_ value: inout Tensor, along gradient: Tensor, _ state: inout ParameterState) {
      adamStep(&value, along: gradient, &state, amsgrad: amsgrad)
    }
  }
}
