/// Which elements of a row turn together in a rotary embedding.
public enum RotaryPairing: Sendable, Hashable {
  /// Neighbours, 2i and 2i + 1, as in the paper.
  case neighbours
  /// i and i + width/2, as in GPT-NeoX and in Hugging Face's LLaMA.
  case halves
}

/// A rotary position embedding: each pair of elements is turned by an angle that grows with the position p (Su, Lu,
/// Pan, Murtadha, Wen & Liu, "RoFormer", 2021, §3.2): pair i by p·base^(−2i/width). The product of a turned query and a
/// turned key then depends on the distance of their positions alone.
///
/// x [..., length, width] with an even width; the first place has position `start`. Same shape out. Stops for an odd
/// width.
///
/// ```swift
/// rotaryEmbedding(Tensor([[1.0, 0.0], [1.0, 0.0]]))[0]  // → [1.0, 0.0]
/// rotaryEmbedding(Tensor([[1.0, 0.0]]), from: 1)  // → [[0.5403023, 0.84147096]]
/// ```
public func rotaryEmbedding(
  _ x: Tensor, from start: Int = 0, base: Double = 10_000, pairing: RotaryPairing = .neighbours
) -> Tensor {
  Elementwise.requireFloatingPoint("rotaryEmbedding", x)
  guard x.rank >= 2, x.shape[-1] % 2 == 0, base > 0 else {
    stop(
      "rotaryEmbedding", "x \(x.shape) with base \(base) has no pairs to turn",
      fix: "pass [..., length, width] with an even width, and a positive base")
  }
  let (length, pairs) = (x.shape[-2], x.shape[-1] / 2)
  let positions = Tensor.range(0, Double(length), dtype: .float64).reshaped([length, 1]) + Double(start)
  let exponents = Tensor.range(0, Double(pairs), dtype: .float64) * (-1 / Double(Swift.max(pairs, 1)))
  let angles = positions * (Tensor(base, dtype: .float64).log() * exponents).exp()
  let (cosine, sine) = (angles.cos().cast(to: x.dtype), angles.sin().cast(to: x.dtype))
  // The pair's first element takes −sin of the second, its second +sin of the first.
  let axis = pairing == .neighbours ? 2 : 1
  let cosines = Tensor.stacked([cosine, cosine], axis: axis).reshaped([length, 2 * pairs])
  let sines = Tensor.stacked([-sine, sine], axis: axis).reshaped([length, 2 * pairs])
  return turned(x, cosines, sines, pairing)
}

private func turned(_ x: Tensor, _ cosines: Tensor, _ sines: Tensor, _ pairing: RotaryPairing) -> Tensor {
  let y = withoutGradients {
    let outer = Array(x.shape.dimensions.dropLast())
    let pairs = x.shape[-1] / 2
    let exchanged =
      pairing == .neighbours
      ? x.reshaped(Shape(outer + [pairs, 2])).flipped([-1]) : x.reshaped(Shape(outer + [2, pairs])).flipped([-2])
    return x.detached() * cosines + exchanged.reshaped(x.shape) * sines
  }
  guard Tape.records(x) else { return y }
  return y.recorded("rotaryEmbedding", from: x) { g in turned(g, cosines, -sines, pairing) }
}

extension Op {
  static let rotaryEmbedding = Op(
    "rotaryEmbedding", "pair i of the row at position p, turned by p·base^(−2i/width)",
    samples: [
      Sample("neighbours", [.uniform([2, 3, 4])]) { TensorCore.rotaryEmbedding($0[0]) },
      Sample("halves", [.uniform([3, 6])]) { TensorCore.rotaryEmbedding($0[0], from: 5, base: 100, pairing: .halves) },
      Sample("no places", [.uniform([2, 0, 4])]) { TensorCore.rotaryEmbedding($0[0]) },
    ],
    misuses: [
      Misuse("width", says: ["rotaryEmbedding", "[2, 3]", "even"]) { _ = TensorCore.rotaryEmbedding(.ones([2, 3])) }
    ])
}
