import NeuralNetworks
import TensorCore

/// LAMB (You et al., "Large batch optimization for deep learning", 2020, algorithm 2): Adam's direction, with a length
/// in proportion to each parameter's own, for large batches.
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

  public struct Rule: MomentRule {
    public static let name = "LAMB"
    public var moments: Moments

    public init(
      learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-6,
      weightDecay: Double = 1e-2
    ) {
      moments = Moments(
        learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
        decoupled: false, maximize: false)
    }

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
