import NeuralNetworks
import TensorCore

/// Stochastic gradient descent (Robbins & Monro, 1951) with momentum (Polyak, 1964), Nesterov's look-ahead (Sutskever
/// et al., 2013) and weight decay, as PyTorch writes it:
///
/// g' = g + λ·w; v = μ·v + g' (v = g' at the first step); w −= η·v, or with Nesterov w −= η·(g' + μ·v); with the
/// learning rate η, the momentum μ and the weight decay λ. One pass over each parameter.
///
/// ```swift
/// let w = Parameter(Tensor([1.0]))
/// let optimizer = SGD([w], learningRate: 0.5, momentum: 0.5)
/// for _ in 0..<2 {
///   w.gradient = Tensor([1.0])
///   optimizer.step()
/// }
/// w.value.detached()  // → [-0.25]
/// ```
public final class SGD: Optimizer {
  public let parameters: [Parameter]
  /// η
  public var learningRate: Double { didSet { SGD.learningRateRule.check(learningRate, of: "SGD") } }
  /// μ
  public var momentum: Double { didSet { SGD.momentumRule.check(momentum, of: "SGD") } }
  /// λ
  public var weightDecay: Double { didSet { SGD.weightDecayRule.check(weightDecay, of: "SGD") } }
  public let nesterov: Bool
  private var velocities: [Tensor?]

  /// Stops when a number is out of its range, with Nesterov but without momentum, and without parameters.
  public init(
    _ parameters: [Parameter], learningRate: Double, momentum: Double = 0, weightDecay: Double = 0,
    nesterov: Bool = false
  ) {
    SGD.learningRateRule.check(learningRate, of: "SGD")
    SGD.momentumRule.check(momentum, of: "SGD")
    SGD.weightDecayRule.check(weightDecay, of: "SGD")
    if nesterov && momentum == 0 { stop("SGD", "Nesterov's look-ahead needs momentum", fix: "pass momentum: 0.9, say") }
    self.parameters = checked(parameters, for: "SGD")
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.nesterov = nesterov
    velocities = Array(repeating: nil, count: parameters.count)
  }

  public func step() {
    // Read once: each access to a class' variable is checked for exclusivity.
    let (learningRate, momentum, weightDecay) = (learningRate, momentum, weightDecay)
    for (index, parameter) in parameters.enumerated() {
      guard let gradient = parameter.gradient else { continue }
      parameter.updateUnchecked { value in
        FusedStep.sgd(
          &value, gradient: gradient, velocity: &velocities[index], learningRate: learningRate, momentum: momentum,
          weightDecay: weightDecay, nesterov: nesterov)
      }
    }
  }

  private static let learningRateRule = HyperparameterRule.atLeastZero("learning_rate")
  private static let momentumRule = HyperparameterRule.atLeastZero("momentum")
  private static let weightDecayRule = HyperparameterRule.atLeastZero("weight_decay")

  public func stateDictionary() -> StateDictionary {
    var state = StateDictionary()
    state.append("learning_rate", Tensor(learningRate, dtype: .float64))
    state.append("momentum", Tensor(momentum, dtype: .float64))
    state.append("weight_decay", Tensor(weightDecay, dtype: .float64))
    for (index, velocity) in velocities.enumerated() {
      if let velocity { state.append("\(index).momentum_buffer", velocity) }
    }
    return state
  }

  public func load(stateDictionary: StateDictionary) throws(StateDictionaryError) {
    var reader = StateReader(stateDictionary)
    let learningRate = reader.number("learning_rate", instead: learningRate, SGD.learningRateRule)
    let momentum = reader.number("momentum", instead: momentum, SGD.momentumRule)
    let weightDecay = reader.number("weight_decay", instead: weightDecay, SGD.weightDecayRule)
    var velocities: [Tensor?] = []
    for (index, parameter) in parameters.enumerated() {
      let name = "\(index).momentum_buffer"
      velocities.append(reader.contains([name]) ? reader.tensor(name, like: parameter) : nil)
    }
    try reader.finish("SGD")
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.velocities = velocities
  }
}
