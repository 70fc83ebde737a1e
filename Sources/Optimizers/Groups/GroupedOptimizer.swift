import NeuralNetworks
import TensorCore

/// An optimiser that changes each parameter by itself, with the rule of the group it is in.
///
/// `Adam(model.parameters)` makes one group; several have hyperparameters of their own: see `ParameterGroup`.
public class GroupedOptimizer<Rule: UpdateRule>: Optimizer {
  public final let groups: [ParameterGroup<Rule>]
  public final let parameters: [Parameter]
  /// Each group's learning rate at first, as a multiple of the first group's.
  private let proportions: [Double]
  /// One for each parameter.
  private var states: [ParameterState]

  /// Stops without parameters, and when one is given twice.
  public init(groups: [ParameterGroup<Rule>]) {
    let parameters = groups.flatMap(\.parameters)
    requireDistinct(parameters, for: Rule.name)
    self.groups = groups
    self.parameters = parameters
    let rates = groups.map(\.rule.learningRate)
    proportions = rates.map { $0 == rates[0] ? 1 : $0 / rates[0] }
    states = Array(repeating: ParameterState(), count: parameters.count)
  }

  /// One group.
  public convenience init(_ parameters: [Parameter], _ rule: Rule) {
    self.init(groups: [ParameterGroup(parameters, rule)])
  }

  public final var learningRate: Double {
    get { groups[0].rule.learningRate }
    set { for (group, proportion) in zip(groups, proportions) { group.rule.learningRate = newValue * proportion } }
  }

  public final func step() {
    withoutGradients {
      var index = 0
      for group in groups {
        // Read once: each access to a class' variable is checked for exclusivity.
        let rule = group.rule
        for parameter in group.parameters {
          if let gradient = parameter.gradient {
            states[index].step += 1
            parameter.updateUnchecked { value in
              rule.update(&value, along: rule.maximize ? -gradient : gradient, &states[index])
            }
          }
          index += 1
        }
      }
    }
  }
}

// MARK: - Hyperparameters by name

extension GroupedOptimizer {
  public final var groupCount: Int { groups.count }

  /// ```swift
  /// let optimizer: any Optimizer = SGD(Linear(2, 1).parameters, learningRate: 0.1, momentum: 0.9)
  /// optimizer.setHyperparameter("momentum", to: 0.95, ofGroup: 0)
  /// optimizer.hyperparameter("momentum", ofGroup: 0) == 0.95  // → true
  /// optimizer.hyperparameter("beta1", ofGroup: 0) == nil  // → true
  /// ```
  public final func hyperparameter(_ name: String, ofGroup group: Int) -> Double? {
    Rule.numbers.first { $0.name == name }.map { groups[group].rule[keyPath: $0.path] }
  }

  public final func setHyperparameter(_ name: String, to value: Double, ofGroup group: Int) {
    guard let number = Rule.numbers.first(where: { $0.name == name }) else {
      stop(
        Rule.name, "there is no hyperparameter \(name)",
        fix: "use one of \(Rule.numbers.map(\.name).joined(separator: ", "))")
    }
    groups[group].rule[keyPath: number.path] = value
  }
}

// MARK: - State

extension GroupedOptimizer {
  private static var slots: [WritableKeyPath<ParameterState, Tensor?>] { [\.first, \.second, \.third] }

  /// One group's hyperparameters stand under their names, those of several as `groups.0.weight_decay`. Parameters are
  /// numbered through all groups.
  private func prefix(ofGroup index: Int) -> String { groups.count == 1 ? "" : "groups.\(index)." }

  public final func stateDictionary() -> StateDictionary {
    var state = StateDictionary()
    for (index, group) in groups.enumerated() {
      for number in Rule.numbers {
        state.append(prefix(ofGroup: index) + number.name, Tensor(group.rule[keyPath: number.path], dtype: .float64))
      }
    }
    var index = 0
    for group in groups {
      for _ in group.parameters {
        append(states[index], index, group.rule, to: &state)
        index += 1
      }
    }
    return state
  }

  private func append(_ kept: ParameterState, _ index: Int, _ rule: Rule, to state: inout StateDictionary) {
    // A parameter that has never had a gradient has no state.
    if kept.step == 0 { return }
    if Rule.countsSteps { state.append("\(index).step", Tensor(kept.step)) }
    if let name = Rule.numberName { state.append("\(index).\(name)", Tensor(kept.number, dtype: .float64)) }
    for (name, slot) in zip(rule.tensorNames, Self.slots) {
      if let name, let tensor = kept[keyPath: slot] { state.append("\(index).\(name)", tensor) }
    }
  }

  public final func load(stateDictionary: StateDictionary) throws(StateDictionaryError) {
    var reader = StateReader(stateDictionary)
    var rules = groups.map(\.rule)
    for (index, _) in groups.enumerated() {
      for number in Rule.numbers {
        let current = rules[index][keyPath: number.path]
        rules[index][keyPath: number.path] = reader.number(
          prefix(ofGroup: index) + number.name, instead: current, in: number.range)
      }
    }
    var loaded: [ParameterState] = []
    for (group, rule) in zip(groups, rules) {
      for parameter in group.parameters {
        loaded.append(Self.state(of: parameter, loaded.count, rule, from: &reader))
      }
    }
    try reader.finish(Rule.name)
    for (group, rule) in zip(groups, rules) { group.rule = rule }
    states = loaded
  }

  private static func state(
    of parameter: Parameter, _ index: Int, _ rule: Rule, from reader: inout StateReader
  ) -> ParameterState {
    var state = ParameterState()
    let counts = Rule.countsSteps ? ["step"] : []
    let names = counts + ([Rule.numberName] + rule.tensorNames).compactMap(\.self)
    guard reader.contains(names.map { "\(index).\($0)" }) else { return state }
    // Where steps are not counted, what matters is whether there has been one.
    state.step = Rule.countsSteps ? reader.count("\(index).step") : 1
    if let name = Rule.numberName {
      state.number = reader.number("\(index).\(name)", instead: 1, in: -Double.infinity..<Double.infinity)
    }
    for case (let name?, let slot) in zip(rule.tensorNames, slots) {
      state[keyPath: slot] = reader.tensor("\(index).\(name)", like: parameter)
    }
    return state
  }
}
