import Foundation
import TensorCore

/// h = −∫ p ln p of continuous variables, in nats, where it has a closed form (Cover & Thomas, "Elements of Information Theory", 2006,
/// chapter 8). Unlike the entropy of discrete ones it may be negative, and changes with the unit: h(a·X) = h(X) + ln |a|. The
/// distributions of `Distributions` give theirs as `entropy`, elementwise and with gradients.
///
/// ```swift
/// DifferentialEntropy.normal(variance: 1)  // ≈ 1.4189385
/// DifferentialEntropy.uniform(width: 1)  // → 0.0
/// ```
public enum DifferentialEntropy {
  /// ½ ln(2πe·σ²): no variable of this variance has more.
  public static func normal(variance: Double) -> Double { 0.5 * log(2 * .pi * M_E * variance) }

  /// ½ ln((2πe)ⁿ·det Σ). Throws when the covariance [n, n] is not positive definite.
  ///
  /// ```swift
  /// try DifferentialEntropy.normal(covariance: Tensor([[2.0, 0.0], [0.0, 0.5]], dtype: .float64))  // ≈ 2.8378771
  /// ```
  public static func normal(covariance: Tensor) throws(LinearAlgebraError) -> Double {
    // ln det Σ = 2·Σ ln Lᵢᵢ
    let factor = try covariance.cast(to: .float64).cholesky()
    return 0.5 * Double(covariance.shape[0]) * log(2 * .pi * M_E) + factor.diagonal().log().sum().item()
  }

  /// ln width: no variable within this interval has more.
  public static func uniform(width: Double) -> Double { log(width) }

  /// 1 + ln mean: no positive variable of this mean has more.
  public static func exponential(mean: Double) -> Double { 1 + log(mean) }

  /// 1 + ln 2b, of p(x) = e^(−|x|/b)/2b.
  public static func laplace(scale: Double) -> Double { 1 + log(2 * scale) }

  /// ln 4πγ, of p(x) = γ/(π(x² + γ²)).
  public static func cauchy(scale: Double) -> Double { log(4 * .pi * scale) }

  /// −½ ln(1 − ρ²): the mutual information of two normal variables with correlation ρ; infinite where one follows from the other.
  public static func mutualInformation(correlation: Double) -> Double { -0.5 * log1p(-correlation * correlation) }
}
