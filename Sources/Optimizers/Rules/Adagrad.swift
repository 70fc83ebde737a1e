import NeuralNetworks
import TensorCore

/// Adagrad (Duchi, Hazan & Singer, 2011), as PyTorch writes it: steps become smaller where gradients have been large.
///
/// g' = g + λ·w; s += g'²; w −= η/(1 + (t − 1)·δ)·g'/(√s + ε), with the parameter's own step count t. One pass over
/// each parameter.
///
/// ```swift
/// let w = Parameter(Tensor([1.0]))
/// let optimizer = Adagrad([w], learningRate: 0.25)
/// w.gradient = Tensor([8.0])
/// optimizer.step()
/// abs(w.value.item() - 0.75) < 1e-6  // → true
/// ```
public final class Adagrad: GroupedOptimizer<Adagrad.Rule> {
  /// Stops when a number is out of its range, and without parameters.
  public convenience init(
    _ parameters: [Parameter], learningRate: Double = 1e-2, learningRateDecay: Double = 0, weightDecay: Double = 0,
    initialSum: Double = 0, epsilon: Double = 1e-10, maximize: Bool = false
  ) {
    self.init(
      parameters,
      Rule(
        learningRate: learningRate, learningRateDecay: learningRateDecay, weightDecay: weightDecay,
        initialSum: initialSum, epsilon: epsilon, maximize: maximize))
  }

  public struct Rule: UpdateRule {
    public static let name = "Adagrad"
    /// η
    public var learningRate: Double
    /// δ: how fast the learning rate falls with the steps.
    public var learningRateDecay: Double
    /// λ
    public var weightDecay: Double
    /// s before the first step.
    public var initialSum: Double
    /// ε
    public var epsilon: Double
    /// Whether the gradient is gone up instead of down.
    public var maximize: Bool

    public init(
      learningRate: Double = 1e-2, learningRateDecay: Double = 0, weightDecay: Double = 0, initialSum: Double = 0,
      epsilon: Double = 1e-10, maximize: Bool = false
    ) {
      self.learningRate = learningRate
      self.learningRateDecay = learningRateDecay
      self.weightDecay = weightDecay
      self.initialSum = initialSum
      self.epsilon = epsilon
      self.maximize = maximize
    }

    public static var numbers: [HyperparameterNumber<Rule>] {
      [
        .atLeastZero("learning_rate", \.learningRate), .atLeastZero("learning_rate_decay", \.learningRateDecay),
        .atLeastZero("weight_decay", \.weightDecay), .atLeastZero("initial_sum", \.initialSum),
        .atLeastZero("epsilon", \.epsilon),
      ]
    }

    public var tensorNames: [String?] { ["sum"] }

    public func update(_ value: inout Tensor, along gradient: Tensor, _ state: inout ParameterState) {
      FusedStep.adagrad(
        &value, gradient: gradient, sum: &state.first, initialSum: initialSum,
        learningRate: learningRate / (1 + Double(state.step - 1) * learningRateDecay), epsilon: epsilon,
        weightDecay: weightDecay)
    }
  }
}
