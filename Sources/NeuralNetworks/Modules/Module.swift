import NotebookDisplay
import TensorCore

/// A part of a model: it holds parameters, buffers and other modules in its stored properties, and finds them there.
///
/// Subclass it, store what it needs in properties (optionals, arrays and dictionaries too) and give it
/// `callAsFunction`. Paths and state dictionaries have PyTorch's names: `runningMean` of the layer `norm` is
/// `norm.running_mean`.
///
/// ```swift
/// final class Line: Module {
///   let slope = Parameter(Tensor([2.0]))
///   let offset = Parameter(Tensor([1.0]))
///   func callAsFunction(_ x: Tensor) -> Tensor { x * slope.value + offset.value }
/// }
/// let line = Line()
/// line(Tensor([3.0])).detached()  // → [7.0]
/// line.namedParameters().map(\.name)  // → ["slope", "offset"]
/// ```
open class Module: CustomStringConvertible, NotebookDisplayable {
  /// Whether dropout drops and batch normalisation uses the batch's statistics. On at first; see `train()` and
  /// `evaluate()`.
  public package(set) var isTraining = true

  public init() {}

  /// The part of a path that stands for one of this module's properties: its name in snake case. Override it where
  /// PyTorch's name is another one. An empty text leaves the property out of the path.
  open func stateKey(for property: String) -> String { Key.snakeCase(property) }

  /// What `description` says about this module beside its type, in brackets: `784 → 128`.
  open var configuration: String { "" }

  /// The module's type with its configuration: `Linear(784 → 128)`.
  public var title: String {
    let type = "\(type(of: self))"
    return configuration.isEmpty ? type : "\(type)(\(configuration))"
  }

  /// The modules inside as a tree.
  ///
  /// ```swift
  /// Linear(2, 3)  // → Linear(2 → 3)
  /// ```
  public var description: String {
    let children = children
    if children.isEmpty { return title }
    let lines = children.map { "(\($0.name)): \($0.module.description)" }.joined(separator: "\n").split(separator: "\n")
    return "\(title) {\n" + lines.map { "  \($0)\n" }.joined() + "}"
  }

  /// What a notebook's cell shows: `description`, and the table of `summary()`.
  open var notebookDisplay: MimeBundle {
    let table = summary().notebookDisplay.entries.filter { $0.key == "text/html" }
    return MimeBundle(text: description, table)
  }
}

// MARK: - What is inside

extension Module {
  /// All parameters with their paths, this module's own first, then those of its children. A parameter that stands in
  /// several places (tied weights) comes once, under its first path. Also sets every parameter's `name`.
  ///
  /// ```swift
  /// Sequential([Linear(2, 3), ReLU()]).namedParameters().map(\.name)  // → ["0.weight", "0.bias"]
  /// ```
  public func namedParameters() -> [(name: String, parameter: Parameter)] {
    Contents(of: self).parameters.map { tied in
      tied.object.name = tied.paths[0]
      return (tied.paths[0], tied.object)
    }
  }

  /// All parameters, each once, in the order of `namedParameters()`.
  public var parameters: [Parameter] { namedParameters().map(\.parameter) }

  /// All buffers with their paths, each once. Also sets every buffer's `name`.
  ///
  /// ```swift
  /// BatchNorm1d(2).namedBuffers().map(\.name)  // → ["running_mean", "running_var", "num_batches_tracked"]
  /// ```
  public func namedBuffers() -> [(name: String, buffer: Buffer)] {
    Contents(of: self).buffers.map { tied in
      tied.object.name = tied.paths[0]
      return (tied.paths[0], tied.object)
    }
  }

  /// The modules that this one holds directly.
  public var children: [(name: String, module: Module)] { Holdings(of: self).modules.map { ($0.key, $0.value) } }

  /// This module (its path is empty) and all modules below, each once, outer ones first.
  ///
  /// ```swift
  /// Sequential([Linear(2, 3), ReLU()]).namedModules().map(\.name)  // → ["", "0", "1"]
  /// ```
  public func namedModules() -> [(name: String, module: Module)] {
    Contents(of: self).modules.map { ($0.paths[0], $0.object) }
  }

  /// The number of trainable and frozen numbers inside; tied parameters count once.
  ///
  /// ```swift
  /// Linear(784, 10).parameterCount  // → 7850
  /// ```
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }
}

// MARK: - Changing everything inside

extension Module {
  /// Training mode, here and in all modules below.
  ///
  /// ```swift
  /// let layer = Dropout(0.5)
  /// layer.evaluate()
  /// layer.train()
  /// layer.isTraining  // → true
  /// ```
  public func train() { setTraining(true) }

  /// Evaluation mode, here and in all modules below: nothing is dropped, running statistics are used and stay as they
  /// are.
  ///
  /// ```swift
  /// let layer = Dropout(0.5)
  /// layer.evaluate()
  /// layer(Tensor([3.0]))  // → [3.0]
  /// ```
  public func evaluate() { setTraining(false) }

  private func setTraining(_ on: Bool) {
    for (_, module) in namedModules() { module.isTraining = on }
  }

  /// Forgets the gradients of all parameters. In a training loop the optimiser's `zeroGradients()` is the faster one.
  ///
  /// ```swift
  /// let layer = Linear(2, 1)
  /// layer(Tensor.ones([1, 2])).sum().backward()
  /// layer.zeroGradients()
  /// layer.weight.gradient == nil  // → true
  /// ```
  public func zeroGradients() {
    for parameter in parameters { parameter.gradient = nil }
  }

  /// Converts all parameters, and the buffers of floating-point dtypes; gradients are dropped.
  ///
  /// ```swift
  /// let layer = Linear(2, 1)
  /// layer.cast(to: .float64)
  /// layer.weight.dtype  // → float64
  /// ```
  public func cast(to dtype: DType) {
    for parameter in parameters { parameter.cast(to: dtype) }
    for (_, buffer) in namedBuffers() where buffer.dtype.isFloatingPoint { buffer.cast(to: dtype) }
  }
}
