import TensorCore

/// Values for a hyperparameter that a search tries: ``vary(_:_:)`` makes one.
public struct Variation<Model>: Sendable {
  /// The hyperparameter's name, as in `last.strength`.
  public let name: String
  package let choices: [Choice]

  package struct Choice: Sendable {
    package let text: String
    package let apply: @Sendable (inout Model) -> Void

    package init(text: String, apply: @escaping @Sendable (inout Model) -> Void) {
      (self.text, self.apply) = (text, apply)
    }
  }

  package init(name: String, choices: [Choice]) { (self.name, self.choices) = (name, choices) }
}

extension Variation {
  /// The same for a model that holds this one, as a ``Chain`` holds its last step.
  package func within<Whole>(_ path: any WritableKeyPath<Whole, Model> & Sendable) -> Variation<Whole> {
    Variation<Whole>(
      name: name,
      choices: choices.map { choice in
        Variation<Whole>.Choice(text: choice.text) { choice.apply(&$0[keyPath: path]) }
      })
  }
}

/// These values for the hyperparameter at the path; the compiler knows whether it is there, and what it holds.
///
/// ```swift
/// let scaling = vary(\StandardScaler.scales, [true, false])
/// scaling.name  // → scales
/// ```
public func vary<Model, Value: Sendable>(
  _ path: any WritableKeyPath<Model, Value> & Sendable, _ values: [Value]
) -> Variation<Model> {
  Variation(
    name: path.parameterName,
    choices: values.map { value in
      Variation.Choice(text: "\(value)") { $0[keyPath: path] = value }
    })
}

/// A model with the values that a search has given to its hyperparameters.
public struct Candidate<Model: Estimator>: Sendable, Codable {
  public let model: Model
  /// By the hyperparameters' names.
  public let values: [String: String]
}

extension Candidate {
  /// All combinations of the variations' values; the last varies fastest.
  package static func combinations(_ model: Model, _ variations: [Variation<Model>]) -> [Candidate] {
    var candidates = [Candidate(model: model, values: [:])]
    for variation in variations {
      candidates = candidates.flatMap { candidate in candidate.varied(variation) }
    }
    return candidates
  }

  private func varied(_ variation: Variation<Model>) -> [Candidate] {
    variation.choices.map { with($0, name: variation.name) }
  }

  func with(_ choice: Variation<Model>.Choice, name: String) -> Candidate {
    var changed = model
    choice.apply(&changed)
    return Candidate(model: changed, values: values.merging([name: choice.text]) { $1 })
  }
}
