import TensorCore

/// Interprets a pickle (Python's `pickletools`, protocols 2 to 5), as far as checkpoints need it.
///
/// Lists, tuples and dictionaries stand in one flat array and refer to each other by number: a pickle can tie them in knots of any depth,
/// and only what is found sound at the end becomes a value.
struct Unpickler {
  /// What the machine handles.
  enum Item {
    case none
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case container(Int)
    case global(PickleGlobal)
    case storage(PyTorchStorage)
    case tensor(Int)
  }

  struct Container {
    enum Kind { case list, tuple, dictionary, orderedDictionary }
    let kind: Kind
    /// A dictionary's keys and values in turns.
    var items: [Item] = []
  }

  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private let file: String
  var storages: PyTorchStorages
  private var stack: [Item] = []
  /// The heights of the stack at which marks stand.
  private var marks: [Int] = []
  private var memo: [Int: Item] = [:]
  private(set) var containers: [Container] = []
  private(set) var tensors: [PyTorchValue] = []

  /// More than any model has, and few enough to hold.
  static let maximumTensors = 1_000_000

  init(_ bytes: UnsafeRawBufferPointer, file: String, storages: PyTorchStorages) {
    self.bytes = bytes
    self.file = file
    self.storages = storages
  }

  /// Runs the pickle, and gives the value that it leaves.
  mutating func run() throws(FileError) -> PyTorchValue {
    while true {
      let opcode = try take(1)[0]
      if opcode == UInt8(ascii: ".") { break }
      try step(opcode)
    }
    let result = try pop()
    guard stack.isEmpty, marks.isEmpty else { throw error("one value at the end", "\(stack.count + 1)") }
    var values = PickledValues(containers: containers, tensors: tensors, file: file)
    return try values.value(of: result)
  }

  private mutating func step(_ opcode: UInt8) throws(FileError) {
    switch Unicode.Scalar(opcode) {
    case "\u{80}":  // PROTO
      let version = try take(1)[0]
      guard (2...5).contains(version) else { throw error("protocol 2 to 5", "\(version)") }
    case "\u{95}": _ = try take(8)  // FRAME
    case "(": marks.append(stack.count)
    case "0": _ = try pop()
    case "1": _ = try popToMark()
    case "2":  // DUP
      let item = try pop()
      stack += [item, item]
    case "N": stack.append(.none)
    case "\u{88}": stack.append(.bool(true))
    case "\u{89}": stack.append(.bool(false))
    case "J": stack.append(.integer(try integer(4)))
    case "K": stack.append(.integer(Int(try take(1)[0])))
    case "M": stack.append(.integer(try length(2)))
    case "\u{8a}": stack.append(.integer(try integer(try length(1))))  // LONG1
    case "G": stack.append(.number(Double(bitPattern: UInt64(bigEndian: try take(8).loadUnaligned(as: UInt64.self)))))
    case "X": stack.append(.text(try text(try length(4))))
    case "\u{8c}": stack.append(.text(try text(try length(1))))  // SHORT_BINUNICODE
    case "\u{8d}": stack.append(.text(try text(try length(8))))  // BINUNICODE8
    case "]": push(.list)
    case "}": push(.dictionary)
    case ")": push(.tuple)
    case "t": push(.tuple, try popToMark())
    case "\u{85}": push(.tuple, try pop(1))
    case "\u{86}": push(.tuple, try pop(2))
    case "\u{87}": push(.tuple, try pop(3))
    case "a": try append(try pop(1), to: .list)
    case "e": try append(try popToMark(), to: .list)
    case "s": try append(try pop(2), to: .dictionary)
    case "u": try append(try popToMark(), to: .dictionary)
    case "q": try remember(try length(1))
    case "r": try remember(try length(4))
    case "\u{94}": try remember(memo.count)  // MEMOIZE
    case "h": try recall(try length(1))
    case "j": try recall(try length(4))
    case "c":
      let module = try line()
      try pushGlobal(module, try line())
    case "\u{93}":  // STACK_GLOBAL
      guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
        throw error("two texts that name a global", "something else")
      }
      try pushGlobal(module, name)
    case "Q": try pushStorage()
    case "R":
      let arguments = try items(of: try pop(), .tuple)
      guard case .global(let global) = try pop() else { throw error("a global to call", "something else") }
      try call(global, arguments)
    case "b":
      // An OrderedDict's attributes: a state dictionary has its modules' versions there, which nothing here needs.
      _ = try pop()
      guard case .container(let index)? = stack.last, containers[index].kind == .orderedDictionary else {
        throw error("attributes of an OrderedDict", "of something else")
      }
    default:
      throw error(
        "an opcode that tensors, dictionaries, lists, texts and numbers need", "0x\(String(opcode, radix: 16))")
    }
  }

  // MARK: Globals

  private mutating func pushGlobal(_ module: String, _ name: String) throws(FileError) {
    guard let global = PickleGlobal(module: module, name: name) else {
      throw error(
        "no global but those that tensors, sizes and dictionaries need",
        "\(quoted("\(module).\(name)")), which is never run\(PickleGlobal.advice(module: module, name: name))")
    }
    stack.append(.global(global))
  }

  private mutating func call(_ global: PickleGlobal, _ arguments: [Item]) throws(FileError) {
    switch global {
    case .orderedDictionary:
      guard arguments.isEmpty else { throw error("OrderedDict()", "\(arguments.count) arguments") }
      push(.orderedDictionary)
    case .size:
      guard arguments.count == 1 else { throw error("torch.Size(sizes)", "\(arguments.count) arguments") }
      push(.tuple, try integers(arguments[0]).map { .integer($0) })
    case .rebuildTensor:
      guard (6...7).contains(arguments.count), case .storage(let storage) = arguments[0],
        case .integer(let offset) = arguments[1]
      else { throw error("_rebuild_tensor_v2(storage, offset, size, stride, …)", "other arguments") }
      guard tensors.count < Self.maximumTensors else {
        throw error("at most \(Self.maximumTensors) tensors", "more")
      }
      let tensor = try storages.tensor(
        storage, offset: offset, sizes: try integers(arguments[2]), strides: try integers(arguments[3]))
      stack.append(.tensor(tensors.count))
      tensors.append(tensor)
    case .rebuildParameter:
      guard arguments.count == 3, case .tensor = arguments[0] else {
        throw error("_rebuild_parameter(tensor, requires_grad, backward_hooks)", "other arguments")
      }
      stack.append(arguments[0])
    case .storage, .elementType: throw error("a global that can be called", "a type")
    }
  }

  /// Takes ('storage', its type, its key, its device, its number of elements).
  private mutating func pushStorage() throws(FileError) {
    let id = try items(of: try pop(), .tuple)
    guard id.count == 5, case .text("storage") = id[0], case .global(.storage(let element)) = id[1],
      case .text(let key) = id[2], case .text = id[3], case .integer(let count) = id[4]
    else { throw error("the persistent id of a storage", "another one") }
    stack.append(.storage(try storages.storage(key, element, count: count)))
  }

  private func integers(_ item: Item) throws(FileError) -> [Int] {
    let items = try items(of: item, .tuple)
    // The same tuple can be read again and again, so that a long one would take time out of proportion to the file.
    guard items.count <= 64 else { throw error("at most 64 dimensions", "\(items.count)") }
    var numbers: [Int] = []
    for item in items {
      guard case .integer(let number) = item else { throw error("a tuple of integers", "something else in it") }
      numbers.append(number)
    }
    return numbers
  }

  private func items(of item: Item, _ kind: Container.Kind) throws(FileError) -> [Item] {
    guard case .container(let index) = item, containers[index].kind == kind else {
      throw error("a \(kind)", "something else")
    }
    return containers[index].items
  }

  // MARK: The stack

  private mutating func push(_ kind: Container.Kind, _ items: [Item] = []) {
    stack.append(.container(containers.count))
    containers.append(Container(kind: kind, items: items))
  }

  private mutating func pop() throws(FileError) -> Item {
    guard stack.count > marks.last ?? 0, let item = stack.popLast() else { throw error("a value on the stack", "none") }
    return item
  }

  private mutating func pop(_ count: Int) throws(FileError) -> [Item] {
    guard stack.count - count >= marks.last ?? 0 else { throw error("\(count) values on the stack", "fewer") }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(FileError) -> [Item] {
    guard let mark = marks.popLast() else { throw error("a mark on the stack", "none") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private mutating func append(_ items: [Item], to kind: Container.Kind) throws(FileError) {
    guard stack.count > marks.last ?? 0, case .container(let index)? = stack.last else {
      throw error("a \(kind) to add to", "none")
    }
    let found = containers[index].kind
    guard found == kind || (kind == .dictionary && found == .orderedDictionary) else {
      throw error("a \(kind) to add to", "a \(found)")
    }
    guard kind == .list || items.count % 2 == 0 else { throw error("a value for each key", "\(items.count) items") }
    containers[index].items += items
  }

  private mutating func remember(_ index: Int) throws(FileError) {
    guard stack.count > marks.last ?? 0, let item = stack.last else { throw error("a value to remember", "none") }
    memo[index] = item
  }

  private mutating func recall(_ index: Int) throws(FileError) {
    guard let item = memo[index] else { throw error("a value remembered as \(index)", "none") }
    stack.append(item)
  }

  // MARK: The bytes

  private mutating func take(_ count: Int) throws(FileError) -> UnsafeRawBufferPointer {
    guard count <= bytes.count - position else {
      throw error("\(count) bytes more", "\(bytes.count - position)")
    }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
  }

  /// A little-endian number without a sign.
  private mutating func length(_ size: Int) throws(FileError) -> Int {
    let value = try take(size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let length = Int(exactly: value) else { throw error("a length", "\(value)") }
    return length
  }

  /// A little-endian number in two's complement.
  private mutating func integer(_ size: Int) throws(FileError) -> Int {
    guard size <= 8 else { throw error("an integer of at most 64 bits", "\(size * 8) bits") }
    let bytes = try take(size)
    let start = bytes.last.map { $0 >= 0x80 ? -1 : 0 } ?? 0
    return bytes.reversed().reduce(start) { $0 << 8 | Int($1) }
  }

  private mutating func text(_ count: Int) throws(FileError) -> String {
    guard let text = String(validating: try take(count), as: UTF8.self) else { throw error("UTF-8", "other bytes") }
    return text
  }

  /// The text up to the end of the line.
  private mutating func line() throws(FileError) -> String {
    let rest = bytes[position...]
    guard let end = rest.prefix(1000).firstIndex(of: UInt8(ascii: "\n")) else { throw error("a line", "no end of it") }
    let line = try text(end - position)
    position += 1
    return line
  }

  private func error(_ expected: String, _ found: String) -> FileError {
    .contents(file: file, key: "data.pkl", expected: "\(expected) at byte \(position)", found: found)
  }
}
