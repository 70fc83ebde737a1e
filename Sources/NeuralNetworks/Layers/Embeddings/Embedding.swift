import TensorCore

/// A learned vector for each of so many symbols: y[..., :] = weight[indices[...], :].
///
/// Integers [...] in 0..<symbols → [..., width]; weight [symbols, width], normal at first, as in PyTorch. The vector of
/// `paddingIndex` starts as zeros and gets no gradient. Stops for an integer outside.
///
/// ```swift
/// let layer = Embedding(65, 8)
/// layer(Tensor([[0, 64, 3]])).shape  // → [1, 3, 8]
/// ```
public final class Embedding: Module, Layer {
  public let weight: Parameter
  public let paddingIndex: Int?

  /// Stops unless both sizes are at least 1 and the padding is one of the symbols.
  public init(_ symbols: Int, _ width: Int, paddingIndex: Int? = nil, using generator: RandomGenerator = .default) {
    weight = embeddingTable("Embedding", symbols, width, paddingIndex, generator)
    self.paddingIndex = paddingIndex
  }

  public var symbols: Int { weight.shape[0] }
  public var width: Int { weight.shape[1] }

  public func callAsFunction(_ indices: Tensor) -> Tensor {
    embedding(weight.value, indices, paddingIndex: paddingIndex)
  }

  public func outputShape(for input: Shape) -> Shape { Shape(input.dimensions + [width]) }

  public override var configuration: String {
    "\(symbols) → \(width)\(paddingIndex.map { ", padding \($0)" } ?? "")"
  }
}

/// A fresh table, with zeros for the padding.
func embeddingTable(
  _ layer: String, _ symbols: Int, _ width: Int, _ paddingIndex: Int?, _ generator: RandomGenerator
) -> Parameter {
  guard symbols >= 1, width >= 1, paddingIndex.map({ (0..<symbols).contains($0) }) ?? true else {
    stop(
      layer, "\(symbols) symbols of width \(width), padding \(paddingIndex.map(String.init) ?? "none")",
      fix: "use sizes of at least 1, and a padding index in 0..<symbols")
  }
  var table = Tensor.normal([symbols, width], using: generator)
  if let paddingIndex { table[paddingIndex] = Tensor.zeros([width]) }
  return Parameter(table)
}
