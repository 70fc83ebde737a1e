import TensorCore

/// Named tensors in order: what a checkpoint holds of a model or of an optimiser.
///
/// ```swift
/// let state = Linear(3, 2).stateDictionary()
/// state.names  // → ["weight", "bias"]
/// state["weight"]?.shape ?? []  // → [2, 3]
/// ```
public struct StateDictionary: Sendable, RandomAccessCollection {
  public typealias Element = (name: String, tensor: Tensor)

  private var entries: [Element] = []
  private var places: [String: Int] = [:]

  public init() {}

  /// The same tensors by name, ordered by name.
  public init(_ tensors: [String: Tensor]) {
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) { append(name, tensor) }
  }

  public var names: [String] { entries.map(\.name) }

  /// The tensors by name, without the order.
  public var dictionary: [String: Tensor] { Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.tensor) }) }

  /// The tensor of that name, or nil. Setting one that is new appends it; setting nil removes.
  public subscript(name: String) -> Tensor? {
    get { places[name].map { entries[$0].tensor } }
    set {
      switch (places[name], newValue) {
      case (let place?, let tensor?): entries[place].tensor = tensor
      case (nil, let tensor?): append(name, tensor)
      case (let place?, nil):
        entries.remove(at: place)
        places = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
      case (nil, nil): return
      }
    }
  }

  /// Adds a tensor at the end. Stops when there is one of that name.
  ///
  /// ```swift
  /// var state = StateDictionary()
  /// state.append("weight", Tensor([1.0]))
  /// state.names  // → ["weight"]
  /// ```
  public mutating func append(_ name: String, _ tensor: Tensor) {
    if places[name] != nil {
      stop(
        "StateDictionary", "two tensors are named \(name)", fix: "give two properties different keys in stateKey(for:)")
    }
    places[name] = entries.count
    entries.append((name, tensor))
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { entries.count }
  public subscript(position: Int) -> Element { entries[position] }
}

/// Everything that keeps a state dictionary from being loaded. Nothing was loaded.
public struct StateDictionaryError: Error, Sendable, CustomStringConvertible {
  public enum Problem: Sendable, Hashable, CustomStringConvertible {
    /// Not in the state dictionary.
    case missing(name: String, expected: Shape)
    /// Only in the state dictionary.
    case unexpected(name: String, found: Shape)
    case mismatched(name: String, expected: Shape, found: Shape)
    /// A number of another kind: floating-point dtypes are converted to each other, but not to integers.
    case wrongDType(name: String, expected: DType, found: DType)
    /// A value that can't be: a negative learning rate, say.
    case invalid(name: String, reason: String)

    public var description: String {
      switch self {
      case .missing(let name, let expected): "\(name) is missing; expected shape \(expected)"
      case .unexpected(let name, let found): "\(name) is unexpected; found shape \(found)"
      case .mismatched(let name, let expected, let found): "\(name) has shape \(found); expected \(expected)"
      case .wrongDType(let name, let expected, let found): "\(name) is \(found); expected \(expected)"
      case .invalid(let name, let reason): "\(name) \(reason)"
      }
    }
  }

  /// What was to be loaded into: a module's or an optimiser's type.
  public let target: String
  public let problems: [Problem]

  public init(target: String, problems: [Problem]) {
    self.target = target
    self.problems = problems
  }

  public var description: String {
    "The state dictionary does not fit \(target), nothing was loaded:"
      + problems.map { "\n  " + $0.description }.joined()
  }
}

extension Tensor {
  /// The same elements in fresh storage: what is loaded must not depend on a mapped file, nor on who else holds it.
  package func copied() -> Tensor {
    contiguous().withUnsafeBytes { Tensor(bytes: $0, shape: shape, dtype: dtype) }
  }

  /// What keeps this tensor from being loaded where one of that shape and dtype stands.
  package func problems(loadingAs name: String, shape: Shape, dtype: DType) -> [StateDictionaryError.Problem] {
    var problems: [StateDictionaryError.Problem] = []
    if self.shape != shape { problems.append(.mismatched(name: name, expected: shape, found: self.shape)) }
    if self.dtype != dtype, !(self.dtype.isFloatingPoint && dtype.isFloatingPoint) {
      problems.append(.wrongDType(name: name, expected: dtype, found: self.dtype))
    }
    return problems
  }
}
