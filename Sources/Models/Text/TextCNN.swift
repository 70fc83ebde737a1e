import NeuralNetworks
import TensorCore

/// A classifier of texts by the strongest answer of each filter, wherever it is (Kim, "Convolutional neural networks for sentence classification", 2014): tokens'
/// vectors, convolutions of several widths side by side, rectifiers, the maximum over all places, dropout, an affine map.
///
/// Tokens [batch, length], integers in 0..<vocabulary → logits [batch, classes]. Padding's vector is 0.
///
/// ```swift
/// let model = TextCNN(vocabulary: 100, classes: 2, width: 8, filters: 4)
/// model(Tensor([[5, 6, 7, 0]])).shape  // → [1, 2]
/// ```
public final class TextCNN: Module, Layer, NamesArchitecture, ParameterGrouping {
  public let embedding: Embedding
  public let convolutions: [Conv1d]
  public let head: Linear
  public let padding: Int
  private let dropping: Dropout

  public let architecture: Architecture?

  /// - Parameters:
  ///   - width: The length of a token's vector.
  ///   - filters: How many of each of the `sizes`.
  ///   - sizes: How many tokens a filter sees.
  ///
  /// Stops unless all sizes are at least 1.
  public init(
    vocabulary: Int, classes: Int, width: Int = 128, filters: Int = 100, sizes: [Int] = [3, 4, 5], padding: Int = 0,
    dropout: Double = 0.5, using generator: RandomGenerator = .default
  ) {
    guard !sizes.isEmpty, sizes.allSatisfy({ $0 >= 1 }) else {
      stop("TextCNN", "filters of the sizes \(sizes)", fix: "use one at least, of 1 or more")
    }
    architecture = .textCNN(
      vocabulary: vocabulary, classes: classes, width: width, filters: filters, sizes: sizes, padding: padding,
      dropout: dropout)
    // Of a tenth of the usual size: what rare words say by chance does not drown what the filters learn.
    embedding = normalEmbedding(vocabulary, width, deviation: 0.1, padding: padding, generator)
    convolutions = sizes.map { Conv1d(width, filters, kernel: $0, using: generator) }
    head = Linear(filters * sizes.count, classes, using: generator)
    self.padding = padding
    dropping = Dropout(dropout, using: generator)
  }

  public var parameterGroups: [[Parameter]] {
    [embedding.parameters, convolutions.flatMap(\.parameters), head.parameters]
  }

  public func callAsFunction(_ tokens: Tensor) -> Tensor {
    var x = embedding(tokens).transposed(1, 2)
    let missing = (sizes.max() ?? 1) - x.shape[2]
    if missing > 0 { x = x.padded([(0, 0), (0, 0), (0, missing)]) }
    let lengths = Tensor(tokens.lengths(padding: padding), shape: [tokens.shape[0], 1])
    let features = convolutions.map { convolution in
      let y = convolution(x).relu()
      // Filters that look at what others' length has added answer nothing: a text's logits do not depend on its batch.
      let places = Tensor.range(0, Double(y.shape[2]), dtype: .int64).unsqueezed(0)
      let isInside = (places .== 0) .| (places .<= lengths - Double(convolution.weight.shape[2]))
      return (y * isInside.unsqueezed(1).cast(to: y.dtype)).max(axis: 2)
    }
    return head(dropping(Tensor.concatenated(features, axis: 1)))
  }

  /// How many tokens each group of filters sees.
  public var sizes: [Int] { convolutions.map { $0.weight.shape[2] } }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 2 else { throw ShapeError(self, input: input, "expects [batch, length]") }
    return [input[0], head.outputs]
  }

  public override var configuration: String { "\(embedding.symbols) tokens, filters of \(sizes) → \(head.outputs)" }
}
