import NeuralNetworks
import TensorCore

/// A classifier of texts that reads them from left to right, and from right to left: tokens' vectors, an LSTM, and an affine map of what it ends with beside the
/// mean and the maximum over all places (Howard & Ruder's concat pooling, 2018, §3.3).
///
/// Tokens [batch, length], integers in 0..<vocabulary, padded behind → logits [batch, classes]. What stands behind a text's end changes nothing.
///
/// ```swift
/// let model = LSTMClassifier(vocabulary: 100, classes: 2, width: 8, hidden: 6)
/// model.evaluate()
/// let short = model(Tensor([[5, 6]]))
/// (model(Tensor([[5, 6, 0, 0]])) - short).abs().max().item() < 1e-6  // → true
/// ```
public final class LSTMClassifier: Module, Layer, NamesArchitecture, ParameterGrouping {
  public let embedding: Embedding
  public let lstm: LSTM
  public let head: Linear
  /// The token that fills sequences up.
  public let padding: Int
  private let dropping: Dropout

  public let architecture: Architecture?

  /// Stops unless all sizes are at least 1, and 0 ≤ dropout < 1.
  public init(
    vocabulary: Int, classes: Int, width: Int = 128, hidden: Int = 128, layers: Int = 1, bidirectional: Bool = true,
    padding: Int = 0, dropout: Double = 0.5, using generator: RandomGenerator = .default
  ) {
    architecture = .lstmClassifier(
      vocabulary: vocabulary, classes: classes, width: width, hidden: hidden, layers: layers,
      bidirectional: bidirectional, padding: padding, dropout: dropout)
    embedding = Embedding(vocabulary, width, paddingIndex: padding, using: generator)
    lstm = LSTM(
      width, hidden, layers: layers, batchFirst: true, dropout: layers > 1 ? dropout : 0,
      bidirectional: bidirectional, using: generator)
    head = Linear(3 * hidden * (bidirectional ? 2 : 1), classes, using: generator)
    self.padding = padding
    dropping = Dropout(dropout, using: generator)
  }

  public var parameterGroups: [[Parameter]] { [embedding.parameters, lstm.parameters, head.parameters] }

  public func callAsFunction(_ tokens: Tensor) -> Tensor {
    let lengths = tokens.lengths(padding: padding)
    let longest = lengths.max() ?? 1
    let x = dropping(embedding(tokens[.all, 0..<longest]))
    let (outputs, state) = lstm(x, lengths: lengths)
    let directions = lstm.bidirectional ? 2 : 1
    let last = (0..<directions).map { state.hidden[state.hidden.shape[0] - directions + $0] }
    let counts = Tensor(lengths.map(Double.init), shape: [lengths.count, 1]).cast(to: x.dtype)
    let places = Tensor.range(0, Double(longest), dtype: .int64).unsqueezed(0)
    let isInside = places .< Tensor(lengths, shape: [lengths.count, 1])
    // Outputs behind the end are 0, which may be more than all others.
    let inside = Tensor.where(isInside.unsqueezed(2), outputs, Tensor(-1e9, dtype: x.dtype))
    let features = last + [outputs.sum(axis: 1) / counts, inside.max(axis: 1)]
    return head(dropping(Tensor.concatenated(features, axis: 1)))
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 2 else { throw ShapeError(self, input: input, "expects [batch, length]") }
    return [input[0], head.outputs]
  }

  public override var configuration: String { "\(embedding.symbols) tokens → \(head.outputs)" }
}
