import NeuralNetworks
import TensorCore

/// Reads an optimiser's state from a dictionary, and collects all that does not fit.
struct StateReader {
  private let state: StateDictionary
  private var problems: [StateDictionaryError.Problem] = []
  private var asked: Set<String> = []

  init(_ state: StateDictionary) { self.state = state }

  /// How many tensors there are.
  var size: Int { state.count }

  /// A number that must be there; its stand-in when it is not, or is wrong.
  mutating func number(_ name: String, instead current: Double, in range: Range<Double>) -> Double {
    asked.insert(name)
    guard let tensor = state[name] else {
      problems.append(.missing(name: name, expected: []))
      return current
    }
    let wrong = tensor.problems(loadingAs: name, shape: [], dtype: .float64)
    guard wrong.isEmpty else {
      problems += wrong
      return current
    }
    let value = tensor.item()
    guard range.contains(value) else {
      problems.append(.invalid(name: name, reason: "is \(value); expected a number in \(range)"))
      return current
    }
    return value
  }

  /// A count of at least 0 that must be there.
  mutating func count(_ name: String) -> Int {
    asked.insert(name)
    guard let tensor = state[name] else {
      problems.append(.missing(name: name, expected: []))
      return 0
    }
    let wrong = tensor.problems(loadingAs: name, shape: [], dtype: .int64)
    guard wrong.isEmpty else {
      problems += wrong
      return 0
    }
    let value = tensor.item(Int.self)
    if value < 0 { problems.append(.invalid(name: name, reason: "is \(value); expected 0 or more")) }
    return value
  }

  /// A copy of a tensor that must be there, in the parameter's shape and dtype.
  mutating func tensor(_ name: String, like parameter: Parameter) -> Tensor? {
    tensor(name, shape: parameter.shape, dtype: parameter.dtype)
  }

  /// A copy of a tensor that must be there.
  mutating func tensor(_ name: String, shape: Shape, dtype: DType) -> Tensor? {
    asked.insert(name)
    guard let tensor = state[name] else {
      problems.append(.missing(name: name, expected: shape))
      return nil
    }
    let wrong = tensor.problems(loadingAs: name, shape: shape, dtype: dtype)
    problems += wrong
    return wrong.isEmpty ? tensor.copied().cast(to: dtype) : nil
  }

  /// Whether any of the names is there: a parameter that has never had a gradient has no state.
  func contains(_ names: [String]) -> Bool { names.contains { state[$0] != nil } }

  /// Throws if anything did not fit, or was not asked for.
  func finish(_ optimizer: String) throws(StateDictionaryError) {
    let unexpected = state.filter { !asked.contains($0.name) }
    let all = problems + unexpected.map { .unexpected(name: $0.name, found: $0.tensor.shape) }
    if !all.isEmpty { throw StateDictionaryError(target: optimizer, problems: all) }
  }
}
