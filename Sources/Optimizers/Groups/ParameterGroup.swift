import NeuralNetworks
import TensorCore

/// Parameters that are optimised with the same hyperparameters.
///
/// ```swift
/// let model = Sequential {
///   Linear(4, 8)
///   Linear(8, 2)
/// }
/// let body = ParameterGroup(model[0].parameters, AdamW.Rule(learningRate: 1e-4))
/// let head = ParameterGroup(model[1].parameters, AdamW.Rule(learningRate: 1e-3, weightDecay: 0))
/// let optimizer = AdamW(groups: [body, head])
/// head.weightDecay = 0.1
/// optimizer.learningRate = 2e-4
/// head.learningRate  // → 0.002
/// ```
@dynamicMemberLookup
public final class ParameterGroup<Rule: UpdateRule> {
  public let parameters: [Parameter]
  /// The hyperparameters, which can also be read and set as the group's own properties. Setting stops when one is out
  /// of its range.
  public var rule: Rule { didSet { rule.check() } }

  public init(_ parameters: [Parameter], _ rule: Rule) {
    rule.check()
    self.parameters = parameters
    self.rule = rule
  }

  public subscript<Value>(dynamicMember path: WritableKeyPath<Rule, Value>) -> Value {
    get { rule[keyPath: path] }
    set { rule[keyPath: path] = newValue }
  }

  public subscript<Value>(dynamicMember path: KeyPath<Rule, Value>) -> Value { rule[keyPath: path] }
}
