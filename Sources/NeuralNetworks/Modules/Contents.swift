/// Everything below a module: each object once, with all paths that lead to it.
struct Contents {
  struct Tied<Object: AnyObject> {
    let object: Object
    /// The first one is its name.
    var paths: [String]
  }

  private(set) var parameters: [Tied<Parameter>] = []
  private(set) var buffers: [Tied<Buffer>] = []
  /// Starts with the module itself, whose path is empty.
  private(set) var modules: [Tied<Module>] = []
  private var places: [ObjectIdentifier: Int] = [:]

  init(of module: Module) {
    var ancestors: Set<ObjectIdentifier> = []
    visit(module, "", &ancestors)
  }

  /// PyTorch's order: a module's own parameters and buffers come before those of its children.
  private mutating func visit(_ module: Module, _ path: String, _ ancestors: inout Set<ObjectIdentifier>) {
    // A child that points to its parent must not lead around in circles.
    guard ancestors.insert(ObjectIdentifier(module)).inserted else { return }
    let holdings = Holdings(of: module)
    note(module, path, in: \.modules)
    for (key, parameter) in holdings.parameters { note(parameter, Key.joined(path, key), in: \.parameters) }
    for (key, buffer) in holdings.buffers { note(buffer, Key.joined(path, key), in: \.buffers) }
    for (key, child) in holdings.modules { visit(child, Key.joined(path, key), &ancestors) }
    ancestors.remove(ObjectIdentifier(module))
  }

  private mutating func note<Object>(
    _ object: Object, _ path: String, in list: WritableKeyPath<Contents, [Tied<Object>]>
  ) {
    if let place = places[ObjectIdentifier(object)] {
      self[keyPath: list][place].paths.append(path)
    } else {
      places[ObjectIdentifier(object)] = self[keyPath: list].count
      self[keyPath: list].append(Tied(object: object, paths: [path]))
    }
  }
}
