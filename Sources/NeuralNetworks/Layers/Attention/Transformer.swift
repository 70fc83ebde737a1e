import TensorCore

/// A transformer: an encoder that reads the source, and a decoder that writes the target looking at it (Vaswani et al.,
/// "Attention is all you need", 2017).
///
/// source [batch, source length, width], target [batch, length, width] → [batch, length, width]. Both stacks end in a
/// normalisation; matrices start as `xavierUniform`. Parameters have the names of PyTorch's `Transformer`, with batches
/// first. Stops when the shapes do not fit.
///
/// ```swift
/// let model = Transformer(16, heads: 4, encoderLayers: 1, decoderLayers: 1, innerWidth: 32)
/// let masks = DecoderMasks(causal: true)
/// model(source: Tensor.ones([2, 7, 16]), target: Tensor.ones([2, 5, 16]), masks).shape  // → [2, 5, 16]
/// model.namedParameters()[0].name  // → encoder.layers.0.self_attn.in_proj_weight
/// ```
public final class Transformer: Module {
  public let encoder: TransformerEncoder
  public let decoder: TransformerDecoder

  /// Stops unless the heads divide the width, there are layers, and 0 ≤ dropout < 1.
  public init(
    _ width: Int = 512, heads: Int = 8, encoderLayers: Int = 6, decoderLayers: Int = 6, innerWidth: Int = 2048,
    dropout: Double = 0.1, activation: any Layer = ReLU(), normFirst: Bool = false, epsilon: Double = 1e-5,
    bias: Bool = true, using generator: RandomGenerator = .default
  ) {
    encoder = TransformerEncoder(count: encoderLayers, norm: LayerNorm(width, epsilon: epsilon, bias: bias)) {
      TransformerEncoderLayer(
        width, heads: heads, innerWidth: innerWidth, dropout: dropout, activation: activation, normFirst: normFirst,
        epsilon: epsilon, bias: bias, using: generator)
    }
    decoder = TransformerDecoder(count: decoderLayers, norm: LayerNorm(width, epsilon: epsilon, bias: bias)) {
      TransformerDecoderLayer(
        width, heads: heads, innerWidth: innerWidth, dropout: dropout, activation: activation, normFirst: normFirst,
        epsilon: epsilon, bias: bias, using: generator)
    }
    super.init()
    for parameter in parameters where parameter.shape.rank > 1 {
      parameter.initialize(.xavierUniform(), using: generator)
    }
  }

  /// `sourceMask` and `sourceKeys` are the encoder's, as in `MultiheadAttention`; `masks` the decoder's.
  public func callAsFunction(
    source: Tensor, target: Tensor, _ masks: DecoderMasks = DecoderMasks(), sourceMask: Tensor? = nil,
    sourceKeys: Tensor? = nil
  ) -> Tensor {
    decoder(target, memory: encoder(source, mask: sourceMask, keyMask: sourceKeys), masks)
  }
}
