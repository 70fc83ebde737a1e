import Foundation
import TensorCore

// The modified Bessel functions Iₙ(κ) = (1/π) ∫ exp(κ cos θ) cos nθ dθ over 0...π. The trapezoidal rule converges faster than any power for a
// periodic integrand (Trefethen & Weideman, 2014): with N points on the circle its error is about exp(-N²/2κ).

/// The beginning of the asymptotic series stands in for κ above this: it is exact there to 10⁻¹¹.
private let largeConcentration = 2500.0

/// log(I₀(κ) exp(-κ)), for κ > 0.
func scaledLogBesselI0(_ kappa: Tensor) -> Tensor {
  let isLarge = kappa .> largeConcentration
  let inverse = kappa.kept(where: isLarge, else: 1).reciprocal()
  let series = inverse * (1.0 / 8) + inverse.square() * (9.0 / 128) + inverse * inverse.square() * (225.0 / 3072)
  let asymptotic = series.log1p() + inverse.log() * 0.5 - 0.5 * Foundation.log(2 * Double.pi)
  let (exponents, _, logWeights) = trapezoid(kappa.kept(where: .!isLarge, else: 1))
  return Tensor.where(isLarge, asymptotic, (exponents + logWeights).logSumExp(axis: -1))
}

/// I₁(κ) / I₀(κ), for κ > 0: the mean of cos x under the von Mises distribution.
func besselRatio(_ kappa: Tensor) -> Tensor {
  let isLarge = kappa .> largeConcentration
  let inverse = kappa.kept(where: isLarge, else: 1).reciprocal()
  let asymptotic = 1 - inverse * 0.5 - inverse.square() * (1.0 / 8) - inverse * inverse.square() * (1.0 / 8)
  let (exponents, cosines, logWeights) = trapezoid(kappa.kept(where: .!isLarge, else: 1))
  return Tensor.where(isLarge, asymptotic, ((exponents + logWeights).softmax(axis: -1) * cosines).sum(axis: -1))
}

/// κ (cos θ - 1) at the points θ, their cosines, and the logarithms of their weights, along a new last axis.
private func trapezoid(_ kappa: Tensor) -> (exponents: Tensor, cosines: Tensor, logWeights: Tensor) {
  let largest = kappa.count == 0 ? 1 : kappa.detached().max().item()
  let points = Int((5 * largest.squareRoot()).rounded(.up)) + 12
  let angles = Tensor.range(0, Double(points + 1), dtype: .float64) * (Double.pi / Double(points))
  var logWeights = [Double](repeating: -Foundation.log(Double(points)), count: points + 1)
  // The ends stand once on the circle, all others twice.
  logWeights[0] -= Foundation.log(2.0)
  logWeights[points] -= Foundation.log(2.0)
  let cosines = angles.cos().cast(to: kappa.dtype)
  return (kappa.unsqueezed(-1) * (cosines - 1), cosines, Tensor(logWeights, dtype: kappa.dtype))
}
