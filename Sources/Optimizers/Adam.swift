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
public class Adam: Optimizer {
  public let parameters: [Parameter]
  /// η
  public final var learningRate: Double { didSet { Adam.learningRateRule.check(learningRate, of: name) } }
  /// β₁: how much of the mean of the gradients is kept at each step.
  public final var beta1: Double { didSet { Adam.beta1Rule.check(beta1, of: name) } }
  /// β₂: how much of the mean of their squares is kept.
  public final var beta2: Double { didSet { Adam.beta2Rule.check(beta2, of: name) } }
  /// ε
  public final var epsilon: Double { didSet { Adam.epsilonRule.check(epsilon, of: name) } }
  /// λ
  public final var weightDecay: Double { didSet { Adam.weightDecayRule.check(weightDecay, of: name) } }
  /// Whether the decay is AdamW's.
  private let decoupled: Bool
  /// nil for a parameter that has not had a gradient yet.
  private var moments: [Moments?]

  /// Stops when a number is out of its range, and without parameters.
  public convenience init(
    _ parameters: [Parameter], learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8,
    weightDecay: Double = 0
  ) {
    self.init(parameters, learningRate, beta1, beta2, epsilon, weightDecay, decoupled: false)
  }

  init(
    _ parameters: [Parameter], _ learningRate: Double, _ beta1: Double, _ beta2: Double, _ epsilon: Double,
    _ weightDecay: Double,
    decoupled: Bool
  ) {
    let name = decoupled ? "AdamW" : "Adam"
    Adam.learningRateRule.check(learningRate, of: name)
    Adam.beta1Rule.check(beta1, of: name)
    Adam.beta2Rule.check(beta2, of: name)
    Adam.epsilonRule.check(epsilon, of: name)
    Adam.weightDecayRule.check(weightDecay, of: name)
    self.parameters = checked(parameters, for: name)
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decoupled = decoupled
    moments = Array(repeating: nil, count: parameters.count)
  }

  public final func step() {
    // Read once: each access to a class' variable is checked for exclusivity.
    let constants = Constants(
      learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)
    for (index, parameter) in parameters.enumerated() {
      guard let gradient = parameter.gradient else { continue }
      if moments[index] == nil { moments[index] = Moments(like: gradient) }
      parameter.updateUnchecked { value in
        moments[index]?.advance(&value, gradient, constants, decoupled: decoupled)
      }
    }
  }

  private struct Constants {
    let learningRate, beta1, beta2, epsilon, weightDecay: Double
  }

  /// The running means that belong to one parameter.
  private struct Moments {
    /// t
    var steps: Int
    /// m, of the gradients.
    var first: Tensor
    /// v, of their squares.
    var second: Tensor

    init(steps: Int, first: Tensor, second: Tensor) {
      self.steps = steps
      self.first = first
      self.second = second
    }

    init(like gradient: Tensor) {
      self.init(steps: 0, first: Tensor.zeros(like: gradient), second: Tensor.zeros(like: gradient))
    }

    mutating func advance(_ value: inout Tensor, _ gradient: Tensor, _ constants: Constants, decoupled: Bool) {
      steps += 1
      FusedStep.adam(
        &value, gradient: gradient, m: &first, v: &second, step: steps, learningRate: constants.learningRate,
        beta1: constants.beta1, beta2: constants.beta2, epsilon: constants.epsilon, weightDecay: constants.weightDecay,
        decoupled: decoupled)
    }
  }

  private var name: String { decoupled ? "AdamW" : "Adam" }

  private static let learningRateRule = HyperparameterRule.atLeastZero("learning_rate")
  private static let beta1Rule = HyperparameterRule.fraction("beta1")
  private static let beta2Rule = HyperparameterRule.fraction("beta2")
  private static let epsilonRule = HyperparameterRule.atLeastZero("epsilon")
  private static let weightDecayRule = HyperparameterRule.atLeastZero("weight_decay")

  public final func stateDictionary() -> StateDictionary {
    var state = StateDictionary()
    state.append("learning_rate", Tensor(learningRate, dtype: .float64))
    state.append("beta1", Tensor(beta1, dtype: .float64))
    state.append("beta2", Tensor(beta2, dtype: .float64))
    state.append("epsilon", Tensor(epsilon, dtype: .float64))
    state.append("weight_decay", Tensor(weightDecay, dtype: .float64))
    for (index, moments) in moments.enumerated() {
      guard let moments else { continue }
      state.append("\(index).step", Tensor(moments.steps))
      state.append("\(index).exp_avg", moments.first)
      state.append("\(index).exp_avg_sq", moments.second)
    }
    return state
  }

  public final func load(stateDictionary: StateDictionary) throws(StateDictionaryError) {
    var reader = StateReader(stateDictionary)
    let learningRate = reader.number("learning_rate", instead: learningRate, Adam.learningRateRule)
    let beta1 = reader.number("beta1", instead: beta1, Adam.beta1Rule)
    let beta2 = reader.number("beta2", instead: beta2, Adam.beta2Rule)
    let epsilon = reader.number("epsilon", instead: epsilon, Adam.epsilonRule)
    let weightDecay = reader.number("weight_decay", instead: weightDecay, Adam.weightDecayRule)
    var moments: [Moments?] = []
    for (index, parameter) in parameters.enumerated() {
      moments.append(Adam.moments(of: parameter, "\(index).", from: &reader))
    }
    try reader.finish(name)
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.moments = moments
  }

  private static func moments(of parameter: Parameter, _ prefix: String, from reader: inout StateReader) -> Moments? {
    let names = ["step", "exp_avg", "exp_avg_sq"].map { prefix + $0 }
    guard reader.contains(names) else { return nil }
    let steps = reader.count(names[0])
    // Both are read before either is looked at, so that all that is wrong is reported.
    let (first, second) = (reader.tensor(names[1], like: parameter), reader.tensor(names[2], like: parameter))
    guard let first, let second else { return nil }
    return Moments(steps: steps, first: first, second: second)
  }
}
