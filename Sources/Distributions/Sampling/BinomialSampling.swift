import TensorCore

/// Numbers of successes in n trials with probability p each; float64, row-major.
func binomialDraws(_ n: Tensor, _ p: Tensor, _ generator: RandomGenerator) -> Tensor {
  // Successes and failures are exchanged where successes are the more likely ones.
  let isFlipped = p .> 0.5
  let rare = Tensor.where(isFlipped, 1 - p, p)
  let isLarge = n * rare .>= 10
  let small = inverted(n.kept(where: .!isLarge, else: 0), rare, generator)
  let large = rejected(n, rare, skipping: .!isLarge, generator)
  let draws = Tensor.where(isLarge, large, small)
  return Tensor.where(isFlipped, n - draws, draws)
}

/// The first k with F(k) > u, for np < 10.
private func inverted(_ n: Tensor, _ p: Tensor, _ generator: RandomGenerator) -> Tensor {
  let u = openUniform(n.shape, generator)
  let odds = p / (1 - p)
  var probability = (n * (-p).log1p()).exp()
  var cumulative = probability
  var draws = Tensor.zeros(like: n)
  // Beyond 200, a mean below 10 has nothing that u could tell from 1.
  for k in 1...200 {
    let isBeyond = (u .>= cumulative) .& (n .>= Double(k))
    if k % 4 == 0, !isBeyond.any().item(Bool.self) { break }
    draws = draws + isBeyond.cast(to: .float64)
    probability = probability * odds * (n - Double(k - 1)) / Double(k)
    cumulative = cumulative + probability
  }
  return draws
}

/// BTRS: Hörmann, "The generation of binomial random variates" (1993), for np ≥ 10 and p ≤ 1/2.
private func rejected(_ n: Tensor, _ p: Tensor, skipping: Tensor, _ generator: RandomGenerator) -> Tensor {
  let (allN, allP) = (n.flattened(), p.flattened())
  var draws = Tensor.zeros(like: allN)
  var rest = Tensor.range(0, Double(allN.count), dtype: .int64)[.!skipping.flattened()]
  while rest.count > 0 {
    let (n, p) = (allN.indexSelected(axis: 0, indices: rest), allP.indexSelected(axis: 0, indices: rest))
    let deviation = (n * p * (1 - p)).sqrt()
    let b = deviation * 2.53 + 1.15
    let a = b * 0.0248 + p * 0.01 - 0.0873
    let c = n * p + 0.5
    let squeeze = 0.92 - b.reciprocal() * 4.2
    let alpha = (b.reciprocal() * 5.1 + 2.83) * deviation
    let logOdds = p.log() - (-p).log1p()
    let mode = ((n + 1) * p).floor()
    let u = openUniform([rest.count], generator) - 0.5
    let v = openUniform([rest.count], generator)
    let distance = 0.5 - u.abs()
    let k = ((a * 2 / distance + b) * u + c).floor()
    let isPossible = (k .>= 0) .& (k .<= n)
    let safe = Tensor.where(isPossible, k, mode)
    let log = v.log() + alpha.log() - (a / distance.square() + b).log()
    let ratio =
      (mode + 1).logGamma() + (n - mode + 1).logGamma() - (safe + 1).logGamma() - (n - safe + 1).logGamma()
      + (safe - mode) * logOdds
    let accepted = isPossible .& (((distance .>= 0.07) .& (v .<= squeeze)) .| (log .<= ratio))
    draws = draws.indexAdded(axis: 0, indices: rest[accepted], k[accepted])
    rest = rest[.!accepted]
  }
  return draws.reshaped(n.shape)
}
