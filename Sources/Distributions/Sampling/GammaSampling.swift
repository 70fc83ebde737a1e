import TensorCore

// Draws from the standard gamma distribution, p(x) = x^(α-1) exp(-x) / Γ(α), as logarithms: a draw for a small α is often too small to be
// a number, and its logarithm is what betas and Dirichlets are made of.

/// log X for independent X with the given concentrations α, in float64, differentiable in α.
func logStandardGamma(_ concentration: Tensor, _ generator: RandomGenerator) -> Tensor {
  let alpha = concentration.cast(to: .float64)
  let log = withoutGradients { drawnLogGamma(alpha.detached().contiguous(), generator) }
  return log.recorded("gamma sample", from: alpha) { g in g * logGammaDerivative(log, alpha) }
}

/// Marsaglia & Tsang, "A simple method for generating gamma variables" (2000): rejection from a cubed normal, for α ≥
/// 1; a smaller α takes a draw for α + 1 times U^(1/α).
private func drawnLogGamma(_ alpha: Tensor, _ generator: RandomGenerator) -> Tensor {
  let isSmall = alpha .< 1
  let d = Tensor.where(isSmall, alpha + 1, alpha) - 1.0 / 3
  let c = (d * 9).rsqrt()
  var log = Tensor.zeros(like: alpha).flattened()
  var rest = Tensor.range(0, Double(log.count), dtype: .int64)
  let (allD, allC) = (d.flattened(), c.flattened())
  while rest.count > 0 {
    let (d, c) = (allD.indexSelected(axis: 0, indices: rest), allC.indexSelected(axis: 0, indices: rest))
    let z = Tensor.normal([rest.count], dtype: .float64, using: generator)
    let u = openUniform([rest.count], generator)
    let root = c * z + 1
    let isPositive = root .> 0
    let logV = root.kept(where: isPositive, else: 1).log() * 3
    let accepted = isPositive .& (u.log() .< z.square() * 0.5 + d * (1 - logV.exp() + logV))
    let places = rest[accepted]
    log = log.indexAdded(axis: 0, indices: places, (d.log() + logV)[accepted])
    rest = rest[.!accepted]
  }
  let boost = openUniform(alpha.shape, generator).log() / alpha
  return log.reshaped(alpha.shape) + boost.kept(where: isSmall, else: 0)
}

/// ∂ log x / ∂α at a fixed value of the distribution function F(x; α), for a draw given by its logarithm.
///
/// Implicit reparameterisation (Figurnov, Mohamed & Mnih, 2018): ∂x/∂α = -(∂F/∂α) / p(x). With the series F = Σₙ
/// x^(α+n) exp(-x) / Γ(α+n+1), this is -(1/α) Σₙ rₙ (log x - ψ(α+n+1)), r₀ = 1, rₙ = rₙ₋₁ x / (α+n). For α > 1000 the
/// cube root of x is normal (Wilson & Hilferty, 1931) to within a relative 3·10⁻⁵ of this derivative.
package func logGammaDerivative(_ logX: Tensor, _ concentration: Tensor) -> Tensor {
  let value = withoutGradients {
    let (logX, alpha) = (logX.detached(), concentration.detached())
    if alpha.count == 0 { return Tensor.zeros(like: alpha) }
    let isLarge = alpha .> 1000
    return Tensor.where(isLarge, cubeRootDerivative(logX, alpha), seriesDerivative(logX, alpha, skipping: isLarge))
  }
  return value.recordedAsConstant(
    "gamma sample's derivative", from: concentration, because: "its own derivative has no rule")
}

private func seriesDerivative(_ logX: Tensor, _ alpha: Tensor, skipping: Tensor) -> Tensor {
  let alpha = alpha.kept(where: .!skipping, else: 1)
  let logX = logX.kept(where: .!skipping, else: 0)
  let x = logX.exp()
  var term = Tensor.ones(like: alpha)
  var difference = logX - (alpha + 1).digamma()
  var sum = difference
  // For α ≤ 1000, a draw beyond 2000 does not happen.
  for n in 1..<5000 {
    let next = alpha + Double(n)
    term = term * x / next
    difference = difference - next.reciprocal()
    let step = term * difference
    sum = sum + step
    // Terms grow until α + n passes x, and shrink from then on.
    if n % 8 == 0, ((next .> x) .& (step.abs() .<= sum.abs() * 1e-17)).all().item(Bool.self) { break }
  }
  return -sum / alpha
}

private func cubeRootDerivative(_ logX: Tensor, _ alpha: Tensor) -> Tensor {
  let root = ((logX - alpha.log()) / 3).exp()
  let z = alpha.sqrt() * (root - 1 + (alpha * 9).reciprocal()) * 3
  let slope = (alpha.square() * 9).reciprocal() - z * alpha.power(-1.5) / 6
  return alpha.reciprocal() + slope * 3 / root
}
