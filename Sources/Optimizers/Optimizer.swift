import NeuralNetworks
import TensorCore

/// Changes parameters along their gradients.
///
/// ```swift
/// let w = Parameter(Tensor([3.0]))
/// let optimizer: any Optimizer = SGD([w], learningRate: 0.25)
/// for _ in 0..<2 {
///   optimizer.zeroGradients()
///   w.value.square().sum().backward()
///   optimizer.step()
/// }
/// w.value.detached()  // → [0.75]
/// ```
public protocol Optimizer: AnyObject {
  /// What is optimised, in the order in which the state is numbered.
  var parameters: [Parameter] { get }

  /// η, at least 0. Schedules change it between steps.
  var learningRate: Double { get set }

  /// Changes every parameter that has a gradient; the others stay, and so does their state.
  func step()

  /// All that a resumed run needs to go on bit for bit as an uninterrupted one: the hyperparameters under their
  /// names, and the tensors and step counts of the parameter i as `i.exp_avg`, under PyTorch's names.
  func stateDictionary() -> StateDictionary

  /// Takes such a state back. Throws an error that names everything that does not fit; nothing is changed then.
  func load(stateDictionary: StateDictionary) throws(StateDictionaryError)
}

extension Optimizer {
  /// Forgets the gradients of all parameters, before the next backward pass adds to them.
  public func zeroGradients() {
    for parameter in parameters { parameter.gradient = nil }
  }
}

/// Stops when there is nothing to optimise, or one parameter would be changed twice a step.
func checked(_ parameters: [Parameter], for optimizer: String) -> [Parameter] {
  if parameters.isEmpty { stop(optimizer, "there are no parameters", fix: "pass model.parameters") }
  var seen: Set<ObjectIdentifier> = []
  for parameter in parameters where !seen.insert(ObjectIdentifier(parameter)).inserted {
    stop(
      optimizer, "the parameter \(parameter.name) of shape \(parameter.shape) is given twice",
      fix: "pass model.parameters, which has tied parameters once")
  }
  return parameters
}

/// What a hyperparameter may be.
struct HyperparameterRule: Sendable {
  let name: String
  let range: Range<Double>

  static func atLeastZero(_ name: String) -> HyperparameterRule {
    HyperparameterRule(name: name, range: 0..<Double.infinity)
  }

  /// For the share of an average that is kept: with 1 it would never change.
  static func fraction(_ name: String) -> HyperparameterRule { HyperparameterRule(name: name, range: 0..<1) }

  func check(_ value: Double, of optimizer: String) {
    if !range.contains(value) { stop(optimizer, "\(name) is \(value)", fix: "use a number in \(range)") }
  }
}
