import ClassicML

/// A hyperparameter that can be set by its name and a text, as on a command line.
public struct NamedParameter<Model: Sendable>: Sendable {
  public let name: String
  /// What the model has unless said otherwise, as text.
  public let standard: String
  /// What can stand there, for messages: `a number`.
  public let kind: String
  private let choice: @Sendable (String) -> Variation<Model>?

  /// Values of these texts to try.
  ///
  /// - Throws: ``ParameterError`` for a text that is no such value.
  public func variation(_ texts: [String]) throws(ParameterError) -> Variation<Model> {
    var choices: [Variation<Model>.Choice] = []
    for text in texts {
      guard let made = choice(text) else { throw ParameterError(name: name, expected: kind, found: text) }
      choices += made.choices
    }
    return Variation(name: name, choices: choices)
  }

  private init<Value: Sendable>(
    _ name: String, of model: Model, _ path: any WritableKeyPath<Model, Value> & Sendable, kind: String,
    text: (Value) -> String, value: @escaping @Sendable (String) -> Value?
  ) {
    (self.name, self.kind, standard) = (name, kind, text(model[keyPath: path]))
    choice = { text in
      value(text).map { value in
        Variation(name: name, choices: [Variation.Choice(text: text) { $0[keyPath: path] = value }])
      }
    }
  }
}

extension NamedParameter {
  public init(_ name: String, _ model: Model, _ path: any WritableKeyPath<Model, Double> & Sendable) {
    self.init(name, of: model, path, kind: "a number", text: \.description) { Double($0) }
  }

  public init(_ name: String, _ model: Model, _ path: any WritableKeyPath<Model, Int> & Sendable) {
    self.init(name, of: model, path, kind: "a whole number", text: \.description) { Int($0) }
  }

  public init(_ name: String, _ model: Model, _ path: any WritableKeyPath<Model, UInt64> & Sendable) {
    self.init(name, of: model, path, kind: "a whole number of 0 or more", text: \.description) { UInt64($0) }
  }

  public init(_ name: String, _ model: Model, _ path: any WritableKeyPath<Model, Bool> & Sendable) {
    self.init(name, of: model, path, kind: "true or false", text: \.description) { Bool($0) }
  }

  /// `none` stands for nil.
  public init(_ name: String, _ model: Model, _ path: any WritableKeyPath<Model, Int?> & Sendable) {
    let text = { (value: Int?) in value.map(\.description) ?? "none" }
    self.init(name, of: model, path, kind: "a whole number or none", text: text) { text in
      text == "none" ? .some(nil) : Int(text).map { .some($0) }
    }
  }

  /// One of several values, by names.
  public init<Value: Sendable>(
    _ name: String, _ model: Model, _ path: any WritableKeyPath<Model, Value> & Sendable,
    named values: [(name: String, value: Value)], standard: String
  ) {
    let kind = values.map(\.name).joined(separator: ", ")
    let text = { (_: Value) in standard }
    self.init(name, of: model, path, kind: kind, text: text) { text in values.first { $0.name == text }?.value }
  }
}

/// A hyperparameter that there is not, or a text that is none of its values.
public struct ParameterError: Error, Sendable, Hashable, CustomStringConvertible {
  public let name: String
  public let expected: String
  public let found: String

  public var description: String { "\(name): expected \(expected), found \(found)." }
}
