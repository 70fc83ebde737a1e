import NeuralNetworks
import TensorCore

/// Adadelta (Zeiler, 2012), as PyTorch writes it: steps have the size of earlier steps, so that no learning rate need
/// be found.
///
/// g' = g + λ·w; s = ρs + (1 − ρ)g'²; d = g'·√(u + ε)/√(s + ε); u = ρu + (1 − ρ)d²; w −= η·d. One pass over each
/// parameter.
///
/// ```swift
/// let w = Parameter(Tensor([1.0]))
/// let optimizer = Adadelta([w], epsilon: 1e-2)
/// w.gradient = Tensor([1.0])
/// optimizer.step()
/// abs(w.value.item() - 0.6985) < 1e-3  // → true
/// ```
public final class Adadelta: GroupedOptimizer<Adadelta.Rule> {
  /// Stops when a number is out of its range, and without parameters.
  public convenience init(
    _ parameters: [Parameter], learningRate: Double = 1, rho: Double = 0.9, epsilon: Double = 1e-6,
    weightDecay: Double = 0, maximize: Bool = false
  ) {
    self.init(
      parameters,
      Rule(learningRate: learningRate, rho: rho, epsilon: epsilon, weightDecay: weightDecay, maximize: maximize))
  }

  public struct Rule: UpdateRule {
    public static let name = "Adadelta"
    /// η
    public var learningRate: Double
    /// ρ: how much of both means of squares is kept at each step.
    public var rho: Double
    /// ε
    public var epsilon: Double
    /// λ
    public var weightDecay: Double
    /// Whether the gradient is gone up instead of down.
    public var maximize: Bool

    public init(
      learningRate: Double = 1, rho: Double = 0.9, epsilon: Double = 1e-6, weightDecay: Double = 0,
      maximize: Bool = false
    ) {
      self.learningRate = learningRate
      self.rho = rho
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.maximize = maximize
    }

    public static var numbers: [HyperparameterNumber<Rule>] {
      [
        .atLeastZero("learning_rate", \.learningRate), .fraction("rho", \.rho), .atLeastZero("epsilon", \.epsilon),
        .atLeastZero("weight_decay", \.weightDecay),
      ]
    }

    public var tensorNames: [String?] { ["square_avg", "acc_delta"] }

    public func update(_ value: inout Tensor, along gradient: Tensor, _ state: inout ParameterState) {
      FusedStep.adadelta(
        &value, gradient: gradient, squares: &state.first, steps: &state.second, learningRate: learningRate, rho: rho,
        epsilon: epsilon, weightDecay: weightDecay)
    }
  }
}
