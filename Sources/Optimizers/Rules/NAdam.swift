import Foundation
import NeuralNetworks
import TensorCore

/// Adam with Nesterov's look-ahead (Dozat, 2016), as PyTorch writes it:
///
/// m = β₁m + (1 − β₁)g'; v = β₂v + (1 − β₂)g'²; w −= η·((1 − μₜ)·g'/(1 − Πₜ) + μₜ₊₁·m/(1 − Πₜ·μₜ₊₁))/(√v̂ + ε), with μₜ
/// = β₁·(1 − 0.96^(t·ψ)/2), Πₜ = μ₁·…·μₜ and v̂ = v/(1 − β₂ᵗ). Weight decay: g' = g + λ·w, or decoupled w −= η·λ·w
/// first. One pass over each parameter.
///
/// ```swift
/// let w = Parameter(Tensor([1.0]))
/// let optimizer = NAdam([w], learningRate: 0.25, momentumDecay: 0)
/// w.gradient = Tensor([8.0])
/// optimizer.step()
/// w.value.item() < 0.75  // → true
/// ```
public final class NAdam: GroupedOptimizer<NAdam.Rule> {
  /// Stops when a number is out of its range, and without parameters.
  public convenience init(
    _ parameters: [Parameter], learningRate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, momentumDecay: Double = 4e-3, decoupled: Bool = false,
    maximize: Bool = false
  ) {
    self.init(
      parameters,
      Rule(
        learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
        momentumDecay: momentumDecay, decoupled: decoupled, maximize: maximize))
  }

  public struct Rule: MomentRule {
    public static let name = "NAdam"
    public var moments: Moments
    /// ψ
    public var momentumDecay: Double

    public init(
      learningRate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
      weightDecay: Double = 0, momentumDecay: Double = 4e-3, decoupled: Bool = false, maximize: Bool = false
    ) {
      moments = Moments(
        learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
        decoupled: decoupled, maximize: maximize)
      self.momentumDecay = momentumDecay
    }

    public static var numbers: [HyperparameterNumber<Rule>] {
      commonNumbers + [.atLeastZero("momentum_decay", \.momentumDecay)]
    }

    public static let numberName: String? = "mu_product"

    public func update(_ value: inout Tensor, along gradient: Tensor, _ state: inout ParameterState) {
      let t = Double(state.step)
      let momentum = beta1 * (1 - 0.5 * pow(0.96, t * momentumDecay))
      let next = beta1 * (1 - 0.5 * pow(0.96, (t + 1) * momentumDecay))
      state.number *= momentum
      FusedStep.nadam(
        &value, gradient: gradient, m: &state.first, v: &state.second, step: state.step, learningRate: learningRate,
        beta1: beta1, beta2: beta2, epsilon: epsilon, momentum: momentum, nextMomentum: next,
        momentumProduct: state.number, weightDecay: weightDecay, decoupled: decoupled)
    }
  }
}
