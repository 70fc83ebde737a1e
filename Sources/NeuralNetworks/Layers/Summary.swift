import TensorCore

/// A model layer by layer, with output shapes and numbers of parameters. Made by `summary(inputShape:)`; prints as a
/// table.
public struct ModelSummary: Sendable, CustomStringConvertible {
  public struct Row: Sendable, Hashable {
    /// Where the layer stands in the model: `conv1`, `layers.0`.
    public let path: String
    /// Its type with its configuration: `Conv2d(1 → 6, kernel 5×5)`.
    public let title: String
    public let outputShape: Shape
    /// Counted at its first appearance only, if the layer or its weights are used in several places.
    public let parameterCount: Int
  }

  public let title: String
  public let inputShape: Shape
  public let rows: [Row]
  public let parameterCount: Int
  /// Without those of frozen parameters.
  public let trainableParameterCount: Int

  public var description: String {
    let header = ["layer", "type", "output shape", "parameters"]
    let cells = rows.map { [$0.path, $0.title, "\($0.outputShape)", grouped($0.parameterCount)] }
    let widths = header.indices.map { column in ([header] + cells).map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      let padded = zip(cells, widths).map { text, width in text + String(repeating: " ", count: width - text.count) }
      let number = String(repeating: " ", count: widths[3] - cells[3].count) + cells[3]
      return (padded.dropLast() + [number]).joined(separator: "  ")
    }
    let rule = String(repeating: "─", count: widths.reduce(0, +) + 6)
    let table = ["\(title), input \(inputShape)", rule, line(header), rule] + cells.map(line) + [rule]
    let total = "\(grouped(parameterCount)) parameters, \(grouped(trainableParameterCount)) of them trainable"
    return (table + [total]).joined(separator: "\n")
  }

  /// 1234567 → 1,234,567
  private func grouped(_ number: Int) -> String {
    var groups = Array(String(number))
    for place in stride(from: groups.count - 3, to: 0, by: -3) { groups.insert(",", at: place) }
    return String(groups)
  }
}

extension Layer {
  /// What the model consists of, for an input of the given shape, without running it. Layers inside a `LayerChain`
  /// get a row each, any other layer one row for all that it holds. Stops with the path of a layer that the shape
  /// does not fit.
  ///
  /// ```swift
  /// let model = Sequential {
  ///   Linear(64, 32)
  ///   ReLU()
  ///   Linear(32, 10)
  /// }
  /// let summary = model.summary(inputShape: [128, 64])
  /// summary.parameterCount  // → 2410
  /// summary.rows[2].outputShape  // → [128, 10]
  /// ```
  public func summary(inputShape: Shape) -> ModelSummary {
    var walk = SummaryWalk(self)
    do {
      _ = try walk.follow(self, "", inputShape)
    } catch {
      let path = walk.paths[error.layer] ?? ""
      stop(
        "summary",
        "layer \(path.isEmpty ? "" : "\(path), ")\(error.title), \(error.rule), and its input is \(error.input)",
        fix: "change the layer or those before it, or the model's input \(inputShape)")
    }
    let parameters = parameters
    return ModelSummary(
      title: "\(type(of: self))", inputShape: inputShape, rows: walk.rows,
      parameterCount: parameters.reduce(0) { $0 + $1.count },
      trainableParameterCount: parameters.reduce(0) { $0 + ($1.requiresGradient ? $1.count : 0) })
  }
}

private struct SummaryWalk {
  let paths: [ObjectIdentifier: String]
  var rows: [ModelSummary.Row] = []
  private var counted: Set<ObjectIdentifier> = []

  init(_ model: Module) {
    paths = Dictionary(uniqueKeysWithValues: model.namedModules().map { (ObjectIdentifier($0.module), $0.name) })
  }

  mutating func follow(_ layer: any Layer, _ parent: String, _ input: Shape) throws(ShapeError) -> Shape {
    // A layer that is made on the fly, and held by nobody, has no path of its own.
    let path = paths[ObjectIdentifier(layer)] ?? parent
    if let layers = layer as? any LayerChain {
      var shape = input
      for inner in layers.chain { shape = try follow(inner, path, shape) }
      return shape
    }
    let shape = try layer.outputShape(for: input)
    let new = layer.parameters.filter { counted.insert(ObjectIdentifier($0)).inserted }
    rows.append(
      ModelSummary.Row(
        path: path, title: layer.title, outputShape: shape, parameterCount: new.reduce(0) { $0 + $1.count }))
    return shape
  }
}
