import TensorCore

/// Turns what a pickle has built into values: a tree, though parts of it may have been built once and used often.
struct PickledValues {
  let containers: [Unpickler.Container]
  let tensors: [PyTorchValue]
  let file: String
  private var done: [Int: Measured] = [:]
  /// Containers that are being made, from the outermost.
  private var open: Set<Int> = []

  /// The deepest nesting. Checkpoints have five or so.
  static let maximumDepth = 100
  /// The most values, a shared one counted each time it is met, as whoever walks through them meets it.
  static let maximumSize = 20_000_000

  /// A value, how many values are in it, and how deep they are nested.
  private struct Measured {
    var value: PyTorchValue
    var size = 1
    var depth = 0
  }

  init(containers: [Unpickler.Container], tensors: [PyTorchValue], file: String) {
    self.containers = containers
    self.tensors = tensors
    self.file = file
  }

  mutating func value(of item: Unpickler.Item) throws(FileError) -> PyTorchValue { try measured(item).value }

  private mutating func measured(_ item: Unpickler.Item) throws(FileError) -> Measured {
    switch item {
    case .none: Measured(value: .none)
    case .bool(let bool): Measured(value: .bool(bool))
    case .integer(let number): Measured(value: .integer(number))
    case .number(let number): Measured(value: .number(number))
    case .text(let text): Measured(value: .text(text))
    case .tensor(let index): Measured(value: tensors[index])
    case .global(.elementType(let name)): Measured(value: .elementType(name))
    case .container(let index): try container(index)
    case .global, .storage:
      throw error("tensors, dictionaries, lists, texts and numbers", "a bare storage or function")
    }
  }

  private mutating func container(_ index: Int) throws(FileError) -> Measured {
    if let known = done[index] { return known }
    guard open.insert(index).inserted else { throw error("values that do not contain themselves", "one that does") }
    try requireShallow(open.count)
    var values: [PyTorchValue] = []
    var result = Measured(value: .none)
    for item in containers[index].items {
      let part = try measured(item)
      result.size += part.size
      result.depth = max(result.depth, part.depth + 1)
      guard result.size <= Self.maximumSize else { throw error("at most \(Self.maximumSize) values", "more") }
      values.append(part.value)
    }
    try requireShallow(result.depth)
    result.value =
      switch containers[index].kind {
      case .list: .list(values)
      case .tuple: .tuple(values)
      case .dictionary, .orderedDictionary: .dictionary(try entries(values))
      }
    open.remove(index)
    done[index] = result
    return result
  }

  private func requireShallow(_ depth: Int) throws(FileError) {
    if depth > Self.maximumDepth { throw error("values nested at most \(Self.maximumDepth) deep", "deeper ones") }
  }

  private func entries(_ values: [PyTorchValue]) throws(FileError) -> [(key: PyTorchValue.Key, value: PyTorchValue)] {
    var entries: [(key: PyTorchValue.Key, value: PyTorchValue)] = []
    var seen: Set<PyTorchValue.Key> = []
    for place in stride(from: 0, to: values.count, by: 2) {
      let key: PyTorchValue.Key
      switch values[place] {
      case .text(let text): key = .text(text)
      case .integer(let number): key = .integer(number)
      case let other: throw error("dictionaries with texts or integers as keys", other.kind)
      }
      guard seen.insert(key).inserted else { throw error("each key once", "\(quoted(key.description)) twice") }
      entries.append((key, values[place + 1]))
    }
    return entries
  }

  private func error(_ expected: String, _ found: String) -> FileError {
    .contents(file: file, key: "data.pkl", expected: expected, found: found)
  }
}
