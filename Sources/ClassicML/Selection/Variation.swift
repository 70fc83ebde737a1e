import Foundation
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
/// let scaling: Variation<StandardScaler> = vary(\.scales, [true, false])
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

/// Values, or ranges, for a hyperparameter that a ``RandomSearch`` draws from.
public struct RandomVariation<Model>: Sendable {
  /// The hyperparameter's name, as in `last.strength`.
  public let name: String
  /// nil where there is nothing to draw from.
  let choice: @Sendable (RandomGenerator) -> Variation<Model>.Choice?
}

/// One of these values, each with the same probability. Where nothing says which of the two is meant, `vary` makes a ``Variation``.
@_disfavoredOverload
public func vary<Model, Value: Sendable>(
  _ path: any WritableKeyPath<Model, Value> & Sendable, _ values: [Value]
) -> RandomVariation<Model> {
  let variation: Variation<Model> = vary(path, values)
  return RandomVariation(name: variation.name) { generator in
    if variation.choices.isEmpty { return nil }
    let place = Tensor.randomIntegers([1], in: 0..<variation.choices.count, using: generator).item(Int.self)
    return variation.choices[place]
  }
}

/// A value from a range.
///
/// ```swift
/// let columns: RandomVariation<HashingVectorizer> = vary(\.columns, .uniform(100...200))
/// columns.name  // → columns
/// ```
public func vary<Model, Value: Sendable>(
  _ path: any WritableKeyPath<Model, Value> & Sendable, _ range: DrawnValue<Value>
) -> RandomVariation<Model> {
  RandomVariation(name: path.parameterName) { generator in
    let value = range.draw(generator)
    return Variation.Choice(text: "\(value)") { $0[keyPath: path] = value }
  }
}

/// How a value is drawn from a range.
public struct DrawnValue<Value: Sendable>: Sendable {
  let draw: @Sendable (RandomGenerator) -> Value
}

extension DrawnValue where Value == Double {
  /// Each number of the range with the same density.
  public static func uniform(_ range: ClosedRange<Double>) -> DrawnValue {
    DrawnValue { generator in
      let share = Tensor.uniform([1], dtype: .float64, using: generator).item()
      return range.lowerBound + share * (range.upperBound - range.lowerBound)
    }
  }

  /// Each order of magnitude of the range with the same probability. Stops unless it begins above 0.
  public static func logUniform(_ range: ClosedRange<Double>) -> DrawnValue {
    if range.lowerBound <= 0 { stop("logUniform", "the range \(range)", fix: "begin above 0") }
    let exponents = DrawnValue.uniform(log(range.lowerBound)...log(range.upperBound))
    return DrawnValue { generator in min(max(exp(exponents.draw(generator)), range.lowerBound), range.upperBound) }
  }
}

extension DrawnValue where Value == Int {
  /// Each number of the range with the same probability.
  public static func uniform(_ range: ClosedRange<Int>) -> DrawnValue {
    DrawnValue { Tensor.randomIntegers([1], in: range.lowerBound..<range.upperBound + 1, using: $0).item(Int.self) }
  }
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
