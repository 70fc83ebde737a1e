import NeuralNetworks
import TensorCore

/// Adam that waits with its division until the variance is known (rectified Adam: Liu et al., 2020), as PyTorch writes
/// it:
///
/// m = β₁m + (1 − β₁)g'; v = β₂v + (1 − β₂)g'²; ρ∞ = 2/(1 − β₂) − 1; ρₜ = ρ∞ − 2t·β₂ᵗ/(1 − β₂ᵗ); for ρₜ > 5 w −=
/// η·r·m̂·√(1 − β₂ᵗ)/(√v + ε) with r² = (ρₜ − 4)(ρₜ − 2)ρ∞/((ρ∞ − 4)(ρ∞ − 2)ρₜ), else w −= η·m̂; m̂ = m/(1 − β₁ᵗ).
/// Weight decay: g' = g + λ·w, or decoupled w −= η·λ·w first. One pass over each parameter.
///
/// ```swift
/// let w = Parameter(Tensor([1.0]))
/// let optimizer = RAdam([w], learningRate: 0.25)
/// w.gradient = Tensor([2.0])
/// optimizer.step()
/// w.value.detached()  // → [0.5]
/// ```
public final class RAdam: GroupedOptimizer<RAdam.Rule> {
  /// Stops when a number is out of its range, and without parameters.
  public convenience init(
    _ parameters: [Parameter], learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, decoupled: Bool = false, maximize: Bool = false
  ) {
    self.init(
      parameters,
      Rule(
        learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
        decoupled: decoupled, maximize: maximize))
  }

  public struct Rule: MomentRule {
    public static let name = "RAdam"
    public var moments: Moments

    public init(
      learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
      weightDecay: Double = 0, decoupled: Bool = false, maximize: Bool = false
    ) {
      moments = Moments(
        learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
        decoupled: decoupled, maximize: maximize)
    }

    public func update(_ value: inout Tensor, along gradient: Tensor, _ state: inout ParameterState) {
      FusedStep.radam(
        &value, gradient: gradient, m: &state.first, v: &state.second, step: state.step, learningRate: learningRate,
        beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, decoupled: decoupled
      )
    }
  }
}
