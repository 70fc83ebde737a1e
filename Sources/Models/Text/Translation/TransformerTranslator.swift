import NeuralNetworks
import TensorCore

/// The transformer as it was first used, for translation (Vaswani et al., "Attention is all you need", 2017): tokens' vectors times √width with sinusoids added, an
/// encoder and a decoder, and the logits by an affine map.
///
/// ```swift
/// let model = TransformerTranslator(sources: 12, targets: 9, width: 8, heads: 2, layers: 1, innerWidth: 16)
/// model(Tensor([[[3, 4, 5], [1, 6, 7]]])).shape  // → [1, 3, 9]
/// ```
public final class TransformerTranslator: Module, SequenceToSequence {
  public let sourceEmbedding: Embedding
  public let targetEmbedding: Embedding
  public let transformer: Transformer
  public let head: Linear
  public let padding: Int
  private let places: SinusoidalEncoding
  private let dropping: Dropout

  /// Stops unless the heads divide an even width.
  public init(
    sources: Int, targets: Int, width: Int = 256, heads: Int = 4, layers: Int = 3, innerWidth: Int = 512,
    padding: Int = 0, dropout: Double = 0.1, using generator: RandomGenerator = .default
  ) {
    func table(_ count: Int) -> Embedding {
      let table = Embedding(count, width, using: generator)
      table.weight.initialize(.normal(standardDeviation: 1 / Double(width).squareRoot()), using: generator)
      return table
    }
    sourceEmbedding = table(sources)
    targetEmbedding = table(targets)
    transformer = Transformer(
      width, heads: heads, encoderLayers: layers, decoderLayers: layers, innerWidth: innerWidth, dropout: dropout,
      using: generator)
    head = Linear(width, targets, using: generator)
    places = SinusoidalEncoding(width)
    self.padding = padding
    dropping = Dropout(dropout, using: generator)
  }

  /// The source's places [batch, length, width], and which of them hold tokens.
  public struct Encoded {
    let places: Tensor
    let isToken: Tensor
  }

  public func encoded(_ source: Tensor) -> Encoded {
    let isToken = source.isToken(padding: padding)
    return Encoded(places: transformer.encoder(embedded(source, sourceEmbedding), keyMask: isToken), isToken: isToken)
  }

  public func logits(for target: Tensor, _ encoded: Encoded) -> Tensor {
    // Padding stands behind what the loss counts, and no place sees what is behind it.
    let masks = DecoderMasks(memoryKeys: encoded.isToken, causal: true)
    return head(transformer.decoder(embedded(target, targetEmbedding), memory: encoded.places, masks))
  }

  private func embedded(_ tokens: Tensor, _ table: Embedding) -> Tensor {
    dropping(places(table(tokens) * Double(table.width).squareRoot()))
  }

  public func repeated(_ encoded: Encoded, _ count: Int) -> Encoded {
    func rows(_ x: Tensor) -> Tensor { Tensor.concatenated(Array(repeating: x, count: count), axis: 0) }
    return Encoded(places: rows(encoded.places), isToken: rows(encoded.isToken))
  }
}
