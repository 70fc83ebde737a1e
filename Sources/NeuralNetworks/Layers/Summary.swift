import NotebookDisplay
import TensorCore

/// A model part by part: where it stands, its parameters, and for an input of a given shape what comes out. Made by
/// `summary()` and `summary(inputShape:)`; prints as a table, which a notebook shows as one.
public struct ModelSummary: Sendable, CustomStringConvertible {
  public struct Row: Sendable, Hashable {
    /// Where the part stands in the model: `conv1`, `layers.0`.
    public let path: String
    /// Its type with its configuration: `Conv2d(1 → 6, kernel 5×5)`.
    public let title: String
    /// What comes out of it; nil where the input's shape is not given.
    public let outputShape: Shape?
    /// Its parameters, at their first appearance only, if the part or its weights are used in several places.
    public let parameters: [Weight]

    /// The number of numbers in `parameters`.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.shape.elementCount } }
  }

  /// A parameter's place in its part, its shape, and whether it is trained.
  public struct Weight: Sendable, Hashable, CustomStringConvertible {
    public let name: String
    public let shape: Shape
    public let isTrainable: Bool

    public var description: String { "\(name) \(shape)\(isTrainable ? "" : " frozen")" }
  }

  public let title: String
  /// Nil where none is given.
  public let inputShape: Shape?
  public let rows: [Row]
  public let parameterCount: Int
  /// Without those of frozen parameters.
  public let trainableParameterCount: Int
  /// What the parameters take, in the dtypes that they have now.
  public let parameterBytes: Int
  /// The number of numbers in buffers, such as running means: part of the state, and not trained.
  public let bufferCount: Int

  fileprivate init(_ model: Module, _ inputShape: Shape?, _ rows: [Row]) {
    title = "\(type(of: model))"
    self.inputShape = inputShape
    self.rows = rows
    let parameters = model.parameters
    parameterCount = parameters.reduce(0) { $0 + $1.count }
    trainableParameterCount = parameters.reduce(0) { $0 + ($1.requiresGradient ? $1.count : 0) }
    parameterBytes = parameters.reduce(0) { $0 + $1.count * $1.dtype.size }
    bufferCount = model.namedBuffers().reduce(0) { $0 + $1.buffer.value.count }
  }

  private var heading: String { inputShape.map { "\(title), input \($0)" } ?? title }

  private var total: String {
    let share = parameterCount == 0 ? "" : " (\((100 * trainableShare).formatted(decimals: 1)) %)"
    let buffers = bufferCount == 0 ? "" : "; \(bufferCount.inThousands) numbers in buffers"
    return
      "\(parameterCount.inThousands) parameters, \(trainableParameterCount.inThousands)\(share) of them trainable, "
      + "\(parameterBytes.inThousands) bytes\(buffers)"
  }

  private var trainableShare: Double { Double(trainableParameterCount) / Double(max(parameterCount, 1)) }

  public var description: String {
    let header = ["layer", "type", inputShape == nil ? "weights" : "output shape", "parameters"]
    let cells = rows.map { row in
      let middle = row.outputShape.map { "\($0)" } ?? row.parameters.map(\.description).joined(separator: ", ")
      return [row.path, row.title, middle, row.parameterCount.inThousands]
    }
    let widths = header.indices.map { column in ([header] + cells).map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      let padded = zip(cells, widths).map { text, width in text + String(repeating: " ", count: width - text.count) }
      let number = String(repeating: " ", count: widths[3] - cells[3].count) + cells[3]
      return (padded.dropLast() + [number]).joined(separator: "  ")
    }
    let rule = String(repeating: "─", count: widths.reduce(0, +) + 6)
    return ([heading, rule, line(header), rule] + cells.map(line) + [rule, total]).joined(separator: "\n")
  }
}

extension ModelSummary: NotebookDisplayable {
  /// A table with the shapes of the outputs and of the weights, and the sums below it.
  public var notebookDisplay: MimeBundle {
    let shapes = inputShape == nil ? [] : ["output shape"]
    let header = (["layer", "type"] + shapes + ["weights"]).map { "<th style=\"text-align: left\">\($0)</th>" }.joined()
    let lines = rows.map { row in
      let weights = row.parameters.map(\.description.escapedForHTML).joined(separator: "<br>")
      let cells =
        [row.path.escapedForHTML, row.title.escapedForHTML]
        + shapes.map { _ in
          row.outputShape.map { "\($0)" } ?? ""
        } + [weights]
      return "<tr>" + cells.map { "<td style=\"text-align: left\">\($0)</td>" }.joined()
        + "<td style=\"text-align: right\">\(row.parameterCount.inThousands)</td></tr>"
    }
    return MimeBundle(
      text: description,
      [
        "text/html": .text(
          "<div><b>\(heading.escapedForHTML)</b></div><table><tr>\(header)<th>parameters</th></tr>\(lines.joined())</table>"
            + "<div style=\"opacity: 0.7\">\(total)</div>")
      ])
  }
}

extension Module {
  /// What the model consists of: a row for each module that holds no other, or has parameters of its own.
  ///
  /// ```swift
  /// let model = Sequential {
  ///   Linear(64, 32)
  ///   ReLU()
  /// }
  /// model.summary().rows.map(\.path)  // → ["0", "1"]
  /// model.summary().rows[0].parameters  // → [weight [32, 64], bias [32]]
  /// model.summary().parameterBytes  // → 8320
  /// ```
  public func summary() -> ModelSummary {
    var weights = FirstAppearances()
    let rows = namedModules().compactMap { path, module -> ModelSummary.Row? in
      let own = Holdings(of: module)
      let parameters = weights.of(own.parameters.map { ($0.key, $0.value) })
      if parameters.isEmpty && !own.modules.isEmpty { return nil }
      return ModelSummary.Row(path: path, title: module.title, outputShape: nil, parameters: parameters)
    }
    return ModelSummary(self, nil, rows)
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
  /// summary.rows[2].outputShape == [128, 10]  // → true
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
    return ModelSummary(self, inputShape, walk.rows)
  }
}

extension Int {
  fileprivate var inThousands: String { Double(self).formattedInThousands }
}

/// Parameters where they appear first.
private struct FirstAppearances {
  private var seen: Set<ObjectIdentifier> = []

  mutating func of(_ parameters: [(name: String, parameter: Parameter)]) -> [ModelSummary.Weight] {
    parameters.filter { seen.insert(ObjectIdentifier($0.parameter)).inserted }.map {
      ModelSummary.Weight(name: $0.name, shape: $0.parameter.shape, isTrainable: $0.parameter.requiresGradient)
    }
  }
}

private struct SummaryWalk {
  let paths: [ObjectIdentifier: String]
  var rows: [ModelSummary.Row] = []
  private var weights = FirstAppearances()

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
    rows.append(
      ModelSummary.Row(
        path: path, title: layer.title, outputShape: shape, parameters: weights.of(layer.namedParameters())))
    return shape
  }
}
