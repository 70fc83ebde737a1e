import Foundation
import TensorCore

/// f(x) = ½·Σᵢ λᵢ·xᵢ², the function for which the speed of methods is known in closed form: it depends on κ = λₘₐₓ/λₘᵢₙ alone. The rates
/// are shares of the distance √f that is left after an iteration, at worst (Nocedal & Wright, "Numerical Optimization", 2006, theorems 3.3
/// and 5.5; Polyak, "Some methods of speeding up the convergence of iteration methods", 1964).
///
/// ```swift
/// let bowl = QuadraticBowl(eigenvalues: [1, 100])
/// bowl.conditionNumber  // → 100.0
/// bowl.steepestDescentRate  // ≈ 0.980198
/// bowl.conjugateGradientRate  // ≈ 0.818182
/// ```
public struct QuadraticBowl: Sendable {
  /// λ
  public let eigenvalues: [Double]

  /// Stops the program unless there are eigenvalues, all of them positive.
  public init(eigenvalues: [Double]) {
    guard !eigenvalues.isEmpty, eigenvalues.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      stop("QuadraticBowl", "the eigenvalues are \(eigenvalues)", fix: "give positive ones")
    }
    self.eigenvalues = eigenvalues
  }

  /// diag(λ), [n, n].
  public var hessian: Tensor { Tensor(eigenvalues, dtype: .float64).diagonalMatrix() }

  /// [n] → [].
  public func f(_ x: Tensor) -> Tensor { (x.square() * Tensor(eigenvalues, dtype: .float64)).sum() * 0.5 }

  /// xᵢ = 1/λᵢ, from where the steepest descent by exact steps of a bowl in two variables is as slow as it can be, [n].
  public var worstStart: Tensor { 1 / Tensor(eigenvalues, dtype: .float64) }

  private var smallest: Double { eigenvalues.min() ?? 1 }
  private var largest: Double { eigenvalues.max() ?? 1 }

  /// κ
  public var conditionNumber: Double { largest / smallest }
  /// 2/(λₘᵢₙ + λₘₐₓ), the best length of all steps alike.
  public var bestFixedRate: Double { 2 / (smallest + largest) }
  /// (κ − 1)/(κ + 1): by exact steps, and by the best fixed ones.
  public var steepestDescentRate: Double { (conditionNumber - 1) / (conditionNumber + 1) }
  /// (√κ − 1)/(√κ + 1): of conjugate gradients, up to a factor of 2 for all iterations together.
  public var conjugateGradientRate: Double {
    let root = conditionNumber.squareRoot()
    return (root - 1) / (root + 1)
  }
  /// The heavy ball's best step length and share of the last step, 4/(√λₘₐₓ + √λₘᵢₙ)² and ((√κ − 1)/(√κ + 1))². It comes to the rate of
  /// conjugate gradients.
  public var bestMomentum: (rate: Double, momentum: Double) {
    let roots = largest.squareRoot() + smallest.squareRoot()
    return (4 / (roots * roots), conjugateGradientRate * conjugateGradientRate)
  }
}
