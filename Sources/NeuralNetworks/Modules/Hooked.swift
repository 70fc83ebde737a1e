import TensorCore

/// A layer with hooks: closures that see what goes in and comes out, and the gradients on the way back.
///
/// A layer is called directly, so nothing stands between a model and its parts by itself: put the part to be looked at
/// into a `Hooked` where it is made. Paths and state dictionaries stay as they are without it, and the layer's own
/// properties can be read through it. Hooks may be set and taken away at any time; without hooks it costs nothing.
///
/// ```swift
/// let first = Hooked(Linear(2, 3))
/// let model = Sequential {
///   first
///   ReLU()
/// }
/// var seen: [Shape] = []
/// first.onForward = { input, output in seen += [input.shape, output.shape] }
/// first.onBackward = { _, gradientOfOutput in seen.append(gradientOfOutput.shape) }
/// model(Tensor.ones([5, 2])).sum().backward()
/// seen  // → [[5, 2], [5, 3], [5, 3]]
/// first.weight.shape  // → [3, 2]
/// model.namedParameters().map(\.name)  // → ["0.weight", "0.bias"]
/// ```
@dynamicMemberLookup
public final class Hooked<Wrapped: Layer>: Module, Layer {
  public let layer: Wrapped

  /// Is called after each forward pass.
  public var onForward: ((_ input: Tensor, _ output: Tensor) -> Void)?

  /// Is called in each backward pass, when the layer's gradients are complete. The input's is nil when nothing asks for
  /// it: the first layer's input is data.
  public var onBackward: ((_ gradientOfInput: Tensor?, _ gradientOfOutput: Tensor) -> Void)?

  /// May change the output: what it returns goes on to the next layer.
  public var mapOutput: ((_ output: Tensor) -> Tensor)?

  public init(_ layer: Wrapped) { self.layer = layer }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    guard let onBackward, x.requiresGradient else {
      let y = finished(layer(x), from: x)
      guard let onBackward else { return y }
      return y.onGradient { onBackward(nil, $0) }
    }
    // The gradient of the output comes first, and waits for that of the input.
    var gradientOfOutput: Tensor?
    let input = x.onGradient { gradient in
      if let output = gradientOfOutput.take() { onBackward(gradient, output) }
    }
    return finished(layer(input), from: x).onGradient { gradientOfOutput = $0 }
  }

  private func finished(_ y: Tensor, from x: Tensor) -> Tensor {
    let y = mapOutput.map { $0(y) } ?? y
    onForward?(x, y)
    return y
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { try layer.outputShape(for: input) }

  public subscript<Value>(dynamicMember path: KeyPath<Wrapped, Value>) -> Value { layer[keyPath: path] }

  /// The layer's paths stay as they are without the hooks.
  public override func stateKey(for property: String) -> String {
    property == "layer" ? "" : super.stateKey(for: property)
  }

  public override var configuration: String { layer.title }
}
