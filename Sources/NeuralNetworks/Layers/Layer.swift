import TensorCore

/// A module that maps one tensor to one tensor.
///
/// ```swift
/// final class Scale: Module, Layer {
///   let factor = Parameter(Tensor([2.0]))
///   func callAsFunction(_ x: Tensor) -> Tensor { x * factor.value }
///   func outputShape(for input: Shape) -> Shape { input }
/// }
/// Sequential([Scale(), Scale()])(Tensor([1.0])).detached()  // → [4.0]
/// ```
public protocol Layer: Module {
  func callAsFunction(_ x: Tensor) -> Tensor

  /// The shape that an input of the given shape leads to, without computing anything. Throws when such an input does
  /// not fit.
  func outputShape(for input: Shape) throws(ShapeError) -> Shape
}

/// An input shape that a layer can't take.
///
/// ```swift
/// let error = ShapeError(Linear(3, 2), input: [5, 4], "expects [..., 3]")
/// error  // → Linear(3 → 2) expects [..., 3], and its input is [5, 4]
/// ```
public struct ShapeError: Error, Sendable, CustomStringConvertible {
  /// The layer, so that whoever knows the model can say where it stands.
  let layer: ObjectIdentifier
  /// The layer's type with its configuration.
  public let title: String
  public let input: Shape
  /// What the layer expects: `expects [batch, channels, height, width]`.
  public let rule: String

  public init(_ layer: Module, input: Shape, _ rule: String) {
    self.layer = ObjectIdentifier(layer)
    title = layer.title
    self.input = input
    self.rule = rule
  }

  public var description: String { "\(title) \(rule), and its input is \(input)" }
}

/// A layer that applies other layers one after the other: list them in `chain`, and the rest follows.
///
/// ```swift
/// final class TwoLayers: Module, LayerChain {
///   let hidden = Linear(4, 8)
///   let relu = ReLU()
///   let output = Linear(8, 2)
///   var chain: [any Layer] { [hidden, relu, output] }
/// }
/// TwoLayers()(Tensor.ones([5, 4])).shape  // → [5, 2]
/// ```
public protocol LayerChain: Layer {
  /// The layers in the order of their application. One may come more than once.
  var chain: [any Layer] { get }
}

extension LayerChain {
  public func callAsFunction(_ x: Tensor) -> Tensor {
    var x = x
    for layer in chain { x = layer(x) }
    return x
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    var shape = input
    for layer in chain { shape = try layer.outputShape(for: shape) }
    return shape
  }
}
