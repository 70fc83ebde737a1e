import NeuralNetworks
import TensorCore

/// An average of a model's weights over its training, which often does better than the last weights.
///
/// - `.exponential`: a ← d·a + (1 − d)·w after each step (Polyak & Juditsky, 1992). The first update copies the
///   weights.
/// - `.equal`: the plain mean of all updates (stochastic weight averaging: Izmailov et al., 2018), one at the end of
///   each epoch of the last part of a training, say. If the model has batch normalisation, call `updateBatchNorm`
///   before it is evaluated.
///
/// ```swift
/// let model = Linear(1, 1, bias: false)
/// let average = AveragedWeights(of: model.parameters, .exponential(decay: 0.75))
/// for weight in [0.0, 1.0] {
///   model.weight.value = Tensor([[weight]])
///   average.update()
/// }
/// average.applied { model.weight.value.item() }  // → 0.25
/// model.weight.value.item()  // → 1.0
/// ```
public final class AveragedWeights {
  public enum Kind: Sendable, Hashable {
    /// With `warmUp`, the decay after t updates is at most (1 + t)/(10 + t), so that the average soon leaves the first
    /// weights behind.
    case exponential(decay: Double, warmUp: Bool = false)
    case equal
  }

  public let parameters: [Parameter]
  public let kind: Kind
  /// How many updates there have been.
  public private(set) var updates = 0
  /// One for each parameter; empty before the first update.
  private var averages: [Tensor] = []

  /// Stops without parameters, when one is given twice, and unless the decay is in 0..<1.
  public init(of parameters: [Parameter], _ kind: Kind) {
    requireDistinct(parameters, for: "AveragedWeights")
    if case .exponential(let decay, _) = kind, !(0..<1).contains(decay) {
      stop("AveragedWeights", "a decay of \(decay)", fix: "use one in 0..<1: 0.999, say")
    }
    self.parameters = parameters
    self.kind = kind
  }

  /// Takes the weights as they are now into the average.
  ///
  /// ```swift
  /// let w = Parameter(Tensor([1.0]))
  /// let average = AveragedWeights(of: [w], .equal)
  /// average.update()
  /// w.value = Tensor([3.0])
  /// average.update()
  /// average.applied { w.value.item() }  // → 2.0
  /// ```
  public func update() {
    withoutGradients {
      let values = parameters.map { $0.value.detached() }
      if averages.isEmpty {
        averages = values
      } else {
        let share = share
        for (index, value) in values.enumerated() {
          FusedStep.average(&averages[index], towards: value, share: share)
        }
      }
      updates += 1
    }
  }

  /// How much the next weights count.
  private var share: Double {
    switch kind {
    case .equal: 1 / Double(updates + 1)
    case .exponential(let decay, warmUp: false): 1 - decay
    case .exponential(let decay, warmUp: true): 1 - min(decay, Double(1 + updates) / Double(10 + updates))
    }
  }

  /// Runs `body` with the averages in place of the weights, which come back afterwards: for an evaluation. Before the
  /// first update the weights stay.
  public func applied<R>(_ body: () throws -> R) rethrows -> R {
    let before = parameters.map { $0.value.detached() }
    apply()
    defer { for (parameter, value) in zip(parameters, before) { parameter.value = value } }
    return try body()
  }

  /// Puts the averages in place of the weights, for good.
  public func apply() {
    for (parameter, average) in zip(parameters, averages) { parameter.value = average }
  }
}

// MARK: - State

extension AveragedWeights {
  /// The averages, numbered like the parameters, and the number of updates.
  public func stateDictionary() -> StateDictionary {
    var state = StateDictionary()
    state.append("n_averaged", Tensor(updates))
    for (index, average) in averages.enumerated() { state.append("\(index)", average) }
    return state
  }

  /// Takes such a state back. Throws an error that names everything that does not fit; nothing is changed then.
  public func load(stateDictionary: StateDictionary) throws(StateDictionaryError) {
    var reader = StateReader(stateDictionary)
    let updates = reader.count("n_averaged")
    var averages: [Tensor] = []
    if updates > 0 {
      averages = parameters.enumerated().compactMap { reader.tensor("\($0)", like: $1) }
    }
    try reader.finish("AveragedWeights")
    self.updates = updates
    self.averages = averages
  }
}
