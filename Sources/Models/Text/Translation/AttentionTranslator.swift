import NeuralNetworks
import TensorCore

/// An LSTM that writes while it attends to what another has read in both directions (Bahdanau, Cho & Bengio, "Neural machine translation by jointly learning to align
/// and translate", 2015; the attention is Luong, Pham & Manning's general one, 2015, §3.1):
///
/// αᵢⱼ = softmaxⱼ(sᵢᵀ W hⱼ), cᵢ = Σ αᵢⱼ hⱼ, and the logits are an affine map of tanh(W_c [cᵢ; sᵢ])
///
/// where hⱼ are the source's places and sᵢ the target's.
///
/// ```swift
/// let model = AttentionTranslator(sources: 12, targets: 9, width: 8, hidden: 8)
/// model(Tensor([[[3, 4, 5], [1, 6, 7]]])).shape  // → [1, 3, 9]
/// ```
public final class AttentionTranslator: Module, SequenceToSequence {
  public let sourceEmbedding: Embedding
  public let targetEmbedding: Embedding
  public let encoder: LSTM
  public let decoder: LSTM
  /// From what the encoder ends with to what the decoder begins with.
  public let bridge: Linear
  /// W.
  public let alignment: Linear
  /// W_c.
  public let combination: Linear
  public let head: Linear
  public let padding: Int
  private let dropping: Dropout

  /// - Parameters:
  ///   - sources: How many tokens sources have.
  ///   - targets: How many tokens targets have.
  public init(
    sources: Int, targets: Int, width: Int = 128, hidden: Int = 256, padding: Int = 0, dropout: Double = 0.2,
    using generator: RandomGenerator = .default
  ) {
    sourceEmbedding = Embedding(sources, width, paddingIndex: padding, using: generator)
    targetEmbedding = Embedding(targets, width, paddingIndex: padding, using: generator)
    encoder = LSTM(width, hidden, batchFirst: true, bidirectional: true, using: generator)
    decoder = LSTM(width, hidden, batchFirst: true, using: generator)
    bridge = Linear(2 * hidden, 2 * hidden, using: generator)
    alignment = Linear(hidden, 2 * hidden, bias: false, using: generator)
    combination = Linear(3 * hidden, hidden, using: generator)
    head = Linear(hidden, targets, using: generator)
    self.padding = padding
    dropping = Dropout(dropout, using: generator)
  }

  /// The source's places [batch, length, 2·hidden], which of them hold tokens, and the decoder's first state.
  public struct Encoded {
    let places: Tensor
    let isToken: Tensor
    let state: (hidden: Tensor, cell: Tensor)
  }

  public func encoded(_ source: Tensor) -> Encoded {
    let isToken = source.isToken(padding: padding)
    let (places, state) = encoder(dropping(sourceEmbedding(source)), lengths: source.lengths(padding: padding))
    let last = Tensor.concatenated([state.hidden[0], state.hidden[1]], axis: 1)
    let first = bridge(last).tanh()
    let size = decoder.hidden
    return Encoded(
      places: places, isToken: isToken,
      state: (first[.all, 0..<size].unsqueezed(0), first[.all, size..<2 * size].unsqueezed(0)))
  }

  public func logits(for target: Tensor, _ encoded: Encoded) -> Tensor {
    let states = decoder(dropping(targetEmbedding(target)), encoded.state).outputs
    let context = attended(states, encoded).context
    let joined = combination(Tensor.concatenated([context, states], axis: 2)).tanh()
    return head(dropping(joined))
  }

  /// αᵢⱼ, [batch, target length, source length]: which place of the source each place of the target looks at.
  public func alignments(of target: Tensor, _ encoded: Encoded) -> Tensor {
    attended(decoder(targetEmbedding(target), encoded.state).outputs, encoded).weights
  }

  private func attended(_ states: Tensor, _ encoded: Encoded) -> (context: Tensor, weights: Tensor) {
    let scores = alignment(states).matmul(encoded.places.transposed(1, 2))
    let masked = Tensor.where(encoded.isToken.unsqueezed(1), scores, Tensor(-1e9, dtype: scores.dtype))
    let weights = masked.softmax(axis: 2)
    return (weights.matmul(encoded.places), weights)
  }

  public func repeated(_ encoded: Encoded, _ count: Int) -> Encoded {
    func rows(_ x: Tensor, axis: Int) -> Tensor { Tensor.concatenated(Array(repeating: x, count: count), axis: axis) }
    return Encoded(
      places: rows(encoded.places, axis: 0), isToken: rows(encoded.isToken, axis: 0),
      state: (rows(encoded.state.hidden, axis: 1), rows(encoded.state.cell, axis: 1)))
  }
}
