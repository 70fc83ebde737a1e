import TensorCore

/// The w with the smallest ½‖y − Xw‖² + l₁‖w‖₁ + ½l₂‖w‖², one weight after another: with all others held,
/// wⱼ = S(xⱼ·r + ‖xⱼ‖²wⱼ, l₁)/(‖xⱼ‖² + l₂), where r = y − Xw and S(a, t) moves a by t towards 0.
///
/// Where there are many more samples than features, XᵀX and Xᵀr stand for X and r: a step then costs d operations and not n.
struct CoordinateDescent {
  private(set) var weights: [Double]
  /// Xᵀ, [features, samples], or XᵀX.
  private let rows: Tensor
  private let isGram: Bool
  /// r, or Xᵀr.
  private var residuals: [Double]
  private let squares: [Double]
  /// Xᵀy.
  let projections: [Double]
  private let targetSquare: Double
  private let targets: [Double]

  init(_ x: Tensor, _ y: Tensor) {
    let xt = x.transposed(0, 1)
    isGram = x.shape[0] > 2 * x.shape[1]
    rows = isGram ? matmul(xt, x) : xt.contiguous()
    targets = y.scalars(as: Double.self)
    projections = matmul(xt, y).scalars(as: Double.self)
    residuals = isGram ? projections : targets
    squares = (isGram ? rows.diagonal() : rows.square().sum(axis: 1)).scalars(as: Double.self)
    targetSquare = targets.reduce(0) { $0 + $1 * $1 }
    weights = [Double](repeating: 0, count: x.shape[1])
  }

  mutating func run(
    l1: Double, l2: Double, tolerance: Double, limit: Int
  ) -> (iterations: Int, gap: Double, hasConverged: Bool) {
    var gap = Double.infinity
    for iteration in 1...limit {
      let (change, largest) = round(l1: l1, l2: l2)
      // A gap costs as much as a round.
      if change > tolerance * largest && iteration < limit { continue }
      gap = dualityGap(l1: l1, l2: l2)
      if gap <= tolerance * targetSquare { return (iteration, gap, true) }
      // Nothing moves any more: rounding is all that is left of the gap.
      if change == 0 { return (iteration, gap, true) }
    }
    return (limit, gap, false)
  }

  /// Sets each weight once. Returns the largest change and the largest weight.
  private mutating func round(l1: Double, l2: Double) -> (change: Double, largest: Double) {
    let length = residuals.count
    var (change, largest) = (0.0, 0.0)
    rows.withUnsafeBuffer(of: Double.self) { all in
      residuals.withUnsafeMutableBufferPointer { residuals in
        guard let base = all.baseAddress, let r = residuals.baseAddress else { return }
        for j in weights.indices where squares[j] > 0 {
          let row = base + j * length
          let old = weights[j]
          let pull = (isGram ? r[j] : innerProduct(row, r, length)) + squares[j] * old
          let new = pull > l1 ? (pull - l1) / (squares[j] + l2) : pull < -l1 ? (pull + l1) / (squares[j] + l2) : 0
          if new != old {
            addScaled(row, old - new, to: r, length)
            weights[j] = new
          }
          (change, largest) = (Swift.max(change, abs(new - old)), Swift.max(largest, abs(new)))
        }
      }
    }
    return (change, largest)
  }

  /// How far the sum is above a lower bound on it, which the residuals, scaled so that the dual problem allows them, give.
  private func dualityGap(l1: Double, l2: Double) -> Double {
    let pulls: [Double]
    let (square, inner): (Double, Double)
    if isGram {
      pulls = residuals
      // ‖r‖² = y·y − w·Xᵀy − w·Xᵀr, and r·y = y·y − w·Xᵀy.
      inner = targetSquare - zip(weights, projections).reduce(0) { $0 + $1.0 * $1.1 }
      square = Swift.max(0, inner - zip(weights, residuals).reduce(0) { $0 + $1.0 * $1.1 })
    } else {
      let r = Tensor(residuals, shape: [residuals.count], dtype: .float64)
      pulls = matmul(rows, r).scalars(as: Double.self)
      square = residuals.reduce(0) { $0 + $1 * $1 }
      inner = zip(residuals, targets).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let steepest = zip(pulls, weights).reduce(0) { Swift.max($0, abs($1.0 - l2 * $1.1)) }
    let share = steepest > l1 ? l1 / steepest : 1
    let sizes = weights.reduce(0) { $0 + abs($1) }
    let squares = weights.reduce(0) { $0 + $1 * $1 }
    return 0.5 * (1 + share * share) * (square + l2 * squares) + l1 * sizes - share * inner
  }
}
