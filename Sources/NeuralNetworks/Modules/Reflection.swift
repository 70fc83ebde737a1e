import TensorCore

/// What a module's stored properties hold directly, in the order of their declaration, a superclass' first.
///
/// Looked for in optionals, arrays, tuples, structs and enums too, and in dictionaries in the order of their keys;
/// not in other classes. Nothing is remembered, so nothing can go stale.
struct Holdings {
  private(set) var parameters: [(key: String, value: Parameter)] = []
  private(set) var buffers: [(key: String, value: Buffer)] = []
  private(set) var modules: [(key: String, value: Module)] = []

  init(of module: Module) {
    var levels: [Mirror] = []
    var level: Mirror? = Mirror(reflecting: module)
    while let mirror = level, mirror.subjectType != Module.self {
      levels.append(mirror)
      level = mirror.superclassMirror
    }
    for mirror in levels.reversed() {
      for property in mirror.children {
        collect(property.value, Key.joined("", module.stateKey(for: Key.propertyName(property.label ?? ""))))
      }
    }
  }

  private mutating func collect(_ value: Any, _ key: String) {
    // The types come first: to cast an array to a class takes Swift a look at every element.
    if let list = type(of: value) as? any HoldsElements.Type, list.elementType is any TensorScalar.Type { return }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .class: collectObject(value, key)
    case .optional, .enum:
      for part in mirror.children { collect(part.value, key) }
    case .collection, .tuple:
      for (index, part) in mirror.children.enumerated() { collect(part.value, Key.joined(key, "\(index)")) }
    case .struct where mirror.subjectType != Tensor.self:
      for part in mirror.children { collect(part.value, Key.joined(key, Key.snakeCase(part.label ?? ""))) }
    case .dictionary:
      let entries = mirror.children.map { Array(Mirror(reflecting: $0.value).children.map(\.value)) }
      for entry in entries.sorted(by: { Key.precedes($0[0], $1[0]) }) {
        collect(entry[1], Key.joined(key, "\(entry[0])"))
      }
    case .set: refuse(mirror, key)
    default: return
    }
  }

  /// The elements of a set come in another order in every run.
  private func refuse(_ set: Mirror, _ key: String) {
    for part in set.children where part.value is Parameter || part.value is Buffer || part.value is Module {
      stop("Module", "\(key) is a set of \(type(of: part.value)), and a set has no order", fix: "use an array")
    }
  }

  private mutating func collectObject(_ object: Any, _ key: String) {
    switch object {
    case let parameter as Parameter: parameters.append((key, parameter))
    case let buffer as Buffer: buffers.append((key, buffer))
    case let module as Module: modules.append((key, module))
    default: return
    }
  }
}

/// An array, seen without its elements: a million numbers need not be looked through for parameters.
private protocol HoldsElements {
  static var elementType: Any.Type { get }
}

extension Array: HoldsElements {
  static var elementType: Any.Type { Element.self }
}

/// How the names of properties become the keys of a state dictionary.
enum Key {
  static func joined(_ prefix: String, _ key: String) -> String {
    prefix.isEmpty ? key : key.isEmpty ? prefix : prefix + "." + key
  }

  /// A lazy property is stored under a name of the compiler's.
  static func propertyName(_ label: String) -> String {
    let lazy = "$__lazy_storage_$_"
    return label.hasPrefix(lazy) ? String(label.dropFirst(lazy.count)) : label
  }

  /// `numBatchesTracked` → `num_batches_tracked`, `weightIH` → `weight_ih`, `conv1` → `conv1`.
  static func snakeCase(_ name: String) -> String {
    var result = ""
    var previous: Character = "_"
    for character in name {
      if character.isUppercase, !previous.isUppercase, previous != "_" { result.append("_") }
      result += character.lowercased()
      previous = character
    }
    return result
  }

  /// Integers in their order, everything else in that of its text.
  static func precedes(_ a: Any, _ b: Any) -> Bool {
    if let a = a as? Int, let b = b as? Int { return a < b }
    return "\(a)" < "\(b)"
  }
}
