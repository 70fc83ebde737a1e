import TensorCore

/// Layers applied one after the other, named "0", "1", … as in PyTorch. The list may hold `if`, `switch` and `for`.
///
/// ```swift
/// let deep = true
/// let model = Sequential {
///   Linear(784, 64)
///   ReLU()
///   if deep {
///     for _ in 0..<2 {
///       Linear(64, 64)
///       ReLU()
///     }
///   }
///   Linear(64, 10)
/// }
/// model.count  // → 7
/// model.namedParameters().map(\.name)[6]  // → 6.weight
/// ```
public final class Sequential: Module, LayerChain, ParameterGrouping, RandomAccessCollection {
  private let layers: [any Layer]

  public init(_ layers: [any Layer]) { self.layers = layers }

  public convenience init(@LayerBuilder _ layers: () -> [any Layer]) { self.init(layers()) }

  public var chain: [any Layer] { layers }

  /// The layers' numbers alone make their paths.
  public override func stateKey(for property: String) -> String {
    property == "layers" ? "" : super.stateKey(for: property)
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { layers.count }
  public subscript(position: Int) -> any Layer { layers[position] }
}

/// Collects the layers that are written one below the other.
@resultBuilder
public enum LayerBuilder {
  public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
  public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
  public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap(\.self) }
  public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
  public static func buildEither(first part: [any Layer]) -> [any Layer] { part }
  public static func buildEither(second part: [any Layer]) -> [any Layer] { part }
  public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap(\.self) }
  public static func buildLimitedAvailability(_ part: [any Layer]) -> [any Layer] { part }
}
