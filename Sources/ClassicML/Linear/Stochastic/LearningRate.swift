import Foundation

/// How long the steps of stochastic gradient descent are: η by the number of the step, t = 1, 2, …
public enum LearningRate: Sendable, Hashable, Codable {
  /// η₀
  case constant(Double)
  /// 1/(α(t₀ + t)) with the penalty's strength α, and t₀ so that the first steps are as long as weights can be expected to be (Bottou,
  /// "Stochastic gradient descent tricks", 2012).
  case optimal
  /// η₀/tᵖ
  case inverseScaling(Double, power: Double)

  var isSensible: Bool {
    switch self {
    case .constant(let rate): rate > 0 && rate.isFinite
    case .optimal: true
    case .inverseScaling(let rate, let power): rate > 0 && rate.isFinite && power.isFinite
    }
  }

  /// η of step t.
  func steps(_ loss: PointLoss, strength: Double) -> @Sendable (Int) -> Double {
    switch self {
    case .constant(let rate): return { _ in rate }
    case .inverseScaling(let rate, let power): return { rate / pow(Double($0), power) }
    case .optimal:
      let typical = (1 / strength.squareRoot()).squareRoot()
      let first = typical / max(1, abs(loss.slope(-typical, 1)))
      return { 1 / (strength * (1 / (first * strength) + Double($0) - 1)) }
    }
  }
}
