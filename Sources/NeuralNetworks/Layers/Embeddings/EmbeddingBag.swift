import TensorCore

/// Sums, means or maxima of bags of learned vectors.
///
/// Integers [bags, size] in 0..<symbols, a bag in each row; or a vector with `offsets`, where each bag begins → [bags,
/// width], zeros for an empty bag; weight [symbols, width], normal at first. Indices equal to `paddingIndex` are left
/// out. Stops when the shapes do not fit, or for an integer outside.
///
/// ```swift
/// let layer = EmbeddingBag(10, 3)
/// layer(Tensor([[0, 1], [2, 2]])).shape  // → [2, 3]
/// layer(Tensor([0, 1, 2, 2, 5]), offsets: Tensor([0, 2])).shape  // → [2, 3]
/// ```
public final class EmbeddingBag: Module, Layer {
  public let weight: Parameter
  public let mode: EmbeddingBagMode
  public let paddingIndex: Int?

  /// Stops unless both sizes are at least 1 and the padding is one of the symbols.
  public init(
    _ symbols: Int, _ width: Int, mode: EmbeddingBagMode = .mean, paddingIndex: Int? = nil,
    using generator: RandomGenerator = .default
  ) {
    weight = embeddingTable("EmbeddingBag", symbols, width, paddingIndex, generator)
    self.mode = mode
    self.paddingIndex = paddingIndex
  }

  public var symbols: Int { weight.shape[0] }
  public var width: Int { weight.shape[1] }

  public func callAsFunction(_ indices: Tensor) -> Tensor { self(indices, offsets: nil) }

  /// With `weights`, of the indices' shape, the vectors are multiplied before they are added (sums only).
  public func callAsFunction(_ indices: Tensor, offsets: Tensor?, weights: Tensor? = nil) -> Tensor {
    embeddingBag(
      weight.value, indices, offsets: offsets, mode: mode, weights: weights, paddingIndex: paddingIndex)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 2 else { throw ShapeError(self, input: input, "expects [bags, size]") }
    return [input[0], width]
  }

  public override var configuration: String { "\(symbols) → \(width), \(mode)" }
}
