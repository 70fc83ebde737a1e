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
public final class SGD: GroupedOptimizer<SGD.Rule> {
  /// Stops when a number is out of its range, with Nesterov but without momentum, and without parameters.
  public convenience init(
    _ parameters: [Parameter], learningRate: Double, momentum: Double = 0, weightDecay: Double = 0,
    nesterov: Bool = false, maximize: Bool = false
  ) {
    self.init(
      parameters,
      Rule(
        learningRate: learningRate, momentum: momentum, weightDecay: weightDecay, nesterov: nesterov,
        maximize: maximize))
  }

  public struct Rule: UpdateRule {
    public static let name = "SGD"
    /// η
    public var learningRate: Double
    /// μ
    public var momentum: Double
    /// λ
    public var weightDecay: Double
    public var nesterov: Bool
    public var maximize: Bool

    public init(
      learningRate: Double, momentum: Double = 0, weightDecay: Double = 0, nesterov: Bool = false,
      maximize: Bool = false
    ) {
      self.learningRate = learningRate
      self.momentum = momentum
      self.weightDecay = weightDecay
      self.nesterov = nesterov
      self.maximize = maximize
    }

    public static var numbers: [HyperparameterNumber<Rule>] {
      [
        .atLeastZero("learning_rate", \.learningRate), .atLeastZero("momentum", \.momentum),
        .atLeastZero("weight_decay", \.weightDecay),
      ]
    }

    public var tensorNames: [String?] { momentum == 0 ? [] : ["momentum_buffer"] }
    public static let countsSteps = false

    public func requireConsistency() {
      if nesterov && momentum == 0 {
        stop("SGD", "Nesterov's look-ahead needs momentum", fix: "pass momentum: 0.9, say")
      }
    }

    public func update(_ value: inout Tensor, along gradient: Tensor, _ state: inout ParameterState) {
      FusedStep.sgd(
        &value, gradient: gradient, velocity: &state.first, learningRate: learningRate, momentum: momentum,
        weightDecay: weightDecay, nesterov: nesterov)
    }
  }
}
