import TensorCore

/// The Poisson distribution: P(k) = λᵏ exp(-λ) / k!, with rate λ. Draws are of the rate's dtype.
///
/// ```swift
/// Poisson(rate: Tensor(3.0)).variance  // → 3.0
/// ```
public struct Poisson: Divergent {
  public let rate: Tensor

  /// Stops unless λ > 0.
  public init(rate: Tensor) {
    requirePositive("Poisson", "rate", rate)
    self.rate = broadcast("Poisson", ["rate": rate])[0]
  }

  public init(rate: Double) { self.init(rate: Tensor(rate)) }

  public var batchShape: Shape { rate.shape }
  public var mean: Tensor { rate }
  public var variance: Tensor { rate }

  public func sample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    withoutGradients {
      let rates = rate.detached().cast(to: .float64).expanded(to: drawShape(shape)).contiguous()
      let isLarge = rates .>= 10
      let small = Self.inverted(rates.kept(where: .!isLarge, else: 1), generator)
      let large = Self.rejected(rates.kept(where: isLarge, else: 10), skipping: .!isLarge, generator)
      return Tensor.where(isLarge, large, small).cast(to: rate.dtype)
    }
  }

  /// The first k with F(k) > u, for small rates.
  private static func inverted(_ rates: Tensor, _ generator: RandomGenerator) -> Tensor {
    let u = openUniform(rates.shape, generator)
    var probability = (-rates).exp()
    var cumulative = probability
    var draws = Tensor.zeros(like: rates)
    // Beyond 200, a rate below 10 has nothing that u could tell from 1.
    for k in 1...200 {
      let isBeyond = u .>= cumulative
      if k % 4 == 0, !isBeyond.any().item(Bool.self) { break }
      draws = draws + isBeyond.cast(to: .float64)
      probability = probability * rates / Double(k)
      cumulative = cumulative + probability
    }
    return draws
  }

  /// PTRS: Hörmann, "The transformed rejection method for generating Poisson random variables" (1993), for rates of 10
  /// or more.
  private static func rejected(_ rates: Tensor, skipping: Tensor, _ generator: RandomGenerator) -> Tensor {
    let all = rates.flattened()
    var draws = Tensor.zeros(like: all)
    var rest = Tensor.range(0, Double(all.count), dtype: .int64)[.!skipping.flattened()]
    while rest.count > 0 {
      let rate = all.indexSelected(axis: 0, indices: rest)
      let b = rate.sqrt() * 2.53 + 0.931
      let a = b * 0.02483 - 0.059
      let inverseAlpha = (b - 3.4).reciprocal() * 1.1328 + 1.1239
      let squeeze = 0.9277 - (b - 2).reciprocal() * 3.6224
      let u = openUniform([rest.count], generator) - 0.5
      let v = openUniform([rest.count], generator)
      let distance = 0.5 - u.abs()
      let k = ((a * 2 / distance + b) * u + rate + 0.43).floor()
      let isInside = (distance .>= 0.07) .& (v .<= squeeze)
      let isHopeless = (k .< 0) .| ((distance .< 0.013) .& (v .> distance))
      let log = v.log() + inverseAlpha.log() - (a / distance.square() + b).log()
      let fits = log .<= k * rate.log() - rate - (Tensor.maximum(k, Tensor.zeros(like: k)) + 1).logGamma()
      let accepted = isInside .| (.!isHopeless .& fits)
      draws = draws.indexAdded(axis: 0, indices: rest[accepted], k[accepted])
      rest = rest[.!accepted]
    }
    return draws.reshaped(rates.shape)
  }

  public func logProbability(_ x: Tensor) -> Tensor {
    let x = x.cast(to: rate.dtype)
    let isCount = (x .>= 0) .& (x .== x.floor())
    let k = x.kept(where: isCount, else: 0)
    return (k * rate.log() - rate - (k + 1).logGamma()).kept(where: isCount, else: -.infinity)
  }

  public func divergence(from other: Poisson) -> Tensor {
    rate * (rate / other.rate).log() - rate + other.rate
  }
}
