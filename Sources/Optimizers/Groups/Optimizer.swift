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
///
/// Gradients add up until they are forgotten, so a batch that does not fit into memory can come in parts: divide each
/// part's loss by the number of parts, and step after the last one.
///
/// ```swift
/// let m = Parameter(Tensor([3.0]))
/// let descent = SGD([m], learningRate: 0.25)
/// for _ in 0..<4 { (m.value.square().sum() / 4).backward() }
/// descent.step()
/// m.value.detached()  // → [1.5]
/// ```
public protocol Optimizer: AnyObject {
  /// What is optimised, in the order in which the state is numbered.
  var parameters: [Parameter] { get }

  /// η, at least 0. Schedules change it between steps. With several groups it is the first group's, and setting it
  /// changes the others' in the proportions in which they were given.
  var learningRate: Double { get set }

  /// How many groups of parameters have hyperparameters of their own.
  var groupCount: Int { get }

  /// A group's hyperparameter by the name that it has in the state dictionary, such as `weight_decay`; nil when there is none of that name.
  func hyperparameter(_ name: String, ofGroup group: Int) -> Double?

  /// Changes a group's hyperparameter. Stops when there is none of that name, or the value is out of its range.
  func setHyperparameter(_ name: String, to value: Double, ofGroup group: Int)

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
func requireDistinct(_ parameters: [Parameter], for optimizer: String) {
  if parameters.isEmpty { stop(optimizer, "there are no parameters", fix: "pass model.parameters") }
  var seen: Set<ObjectIdentifier> = []
  for parameter in parameters where !seen.insert(ObjectIdentifier(parameter)).inserted {
    stop(
      optimizer, "the parameter \(parameter.name) of shape \(parameter.shape) is given twice",
      fix: "pass model.parameters, which has tied parameters once, and each parameter in one group")
  }
}
