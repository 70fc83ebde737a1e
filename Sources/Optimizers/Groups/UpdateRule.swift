import TensorCore

/// How an optimiser changes one parameter: its hyperparameters, and the formula. A rule of your own makes an optimiser
/// with groups, state dictionaries and schedules:
///
/// ```swift
/// struct SignDescent: UpdateRule {
///   static let name = "SignDescent"
///   var learningRate: Double
///   static var numbers: [HyperparameterNumber<SignDescent>] { [.atLeastZero("learning_rate", \.learningRate)] }
///   var tensorNames: [String?] { [] }
///   func update(_ value: inout Tensor, along gradient: Tensor, _ state: inout ParameterState) {
///     value = value - gradient.sign() * learningRate
///   }
/// }
/// let w = Parameter(Tensor([1.0, -1.0]))
/// w.gradient = Tensor([5.0, -0.1])
/// GroupedOptimizer([w], SignDescent(learningRate: 0.5)).step()
/// w.value.detached()  // → [0.5, -0.5]
/// ```
public protocol UpdateRule: Sendable {
  /// The optimiser's name, for messages.
  static var name: String { get }

  /// η
  var learningRate: Double { get set }

  /// Whether the gradient is gone up instead of down.
  var maximize: Bool { get }

  /// The hyperparameters that are numbers, under the names that a state dictionary has for them, with what they may be.
  static var numbers: [HyperparameterNumber<Self>] { get }

  /// The names of the tensors that are kept for each parameter: of `first`, `second` and `third` of its state, nil for
  /// one that is not.
  var tensorNames: [String?] { get }

  /// Whether a state dictionary holds how many steps a parameter has made.
  static var countsSteps: Bool { get }

  /// The name of the number that is kept for each parameter, if there is one.
  static var numberName: String? { get }

  /// Stops when hyperparameters do not go together.
  func requireConsistency()

  /// Makes one step. `state.step` counts it already: it is 1 at the first. Nothing is recorded.
  func update(_ value: inout Tensor, along gradient: Tensor, _ state: inout ParameterState)
}

extension UpdateRule {
  public var maximize: Bool { false }
  public static var countsSteps: Bool { true }
  public static var numberName: String? { nil }
  public func requireConsistency() {}

  /// Stops when a hyperparameter is out of its range.
  func check() {
    for number in Self.numbers {
      let value = self[keyPath: number.path]
      if !number.range.contains(value) {
        stop(Self.name, "\(number.name) is \(value)", fix: "use a number in \(number.range)")
      }
    }
    requireConsistency()
  }
}

/// What an optimiser keeps for one parameter; the rule says what each part is.
public struct ParameterState: Sendable {
  /// How many steps the parameter has made.
  public var step = 0
  /// A number that a rule keeps beside the step, 1 at first.
  public var number = 1.0
  /// nil until a rule sets them.
  public var first, second, third: Tensor?

  public init() {}
}

/// A hyperparameter of a rule.
public struct HyperparameterNumber<Rule> {
  public let name: String
  public let path: WritableKeyPath<Rule, Double>
  public let range: Range<Double>

  public init(_ name: String, _ path: WritableKeyPath<Rule, Double>, in range: Range<Double>) {
    self.name = name
    self.path = path
    self.range = range
  }

  public static func atLeastZero(_ name: String, _ path: WritableKeyPath<Rule, Double>) -> HyperparameterNumber {
    HyperparameterNumber(name, path, in: 0..<Double.infinity)
  }

  /// For the share of an average that is kept: with 1 it would never change.
  public static func fraction(_ name: String, _ path: WritableKeyPath<Rule, Double>) -> HyperparameterNumber {
    HyperparameterNumber(name, path, in: 0..<1)
  }
}
