import Foundation

/// The loss of a single sample for which p = w·x + b is predicted, and its slope by p.
enum PointLoss: Sendable {
  /// Of classes: y is ±1.
  case hinge(margin: Double)
  case squaredHinge
  case logistic
  case modifiedHuber
  /// Of numbers.
  case squared
  case huber(Double)
  case epsilonInsensitive(Double)

  func loss(_ p: Double, _ y: Double) -> Double {
    let (z, r) = (p * y, p - y)
    switch self {
    case .hinge(let margin): return max(0, margin - z)
    case .squaredHinge: return max(0, 1 - z) * max(0, 1 - z)
    case .logistic: return max(0, -z) + log1p(exp(-abs(z)))
    case .modifiedHuber: return z >= 1 ? 0 : z >= -1 ? (1 - z) * (1 - z) : -4 * z
    case .squared: return 0.5 * r * r
    case .huber(let width): return abs(r) <= width ? 0.5 * r * r : width * (abs(r) - 0.5 * width)
    case .epsilonInsensitive(let width): return max(0, abs(r) - width)
    }
  }

  func slope(_ p: Double, _ y: Double) -> Double {
    let (z, r) = (p * y, p - y)
    switch self {
    case .hinge(let margin): return z <= margin ? -y : 0
    case .squaredHinge: return z < 1 ? -2 * y * (1 - z) : 0
    case .logistic: return -y / (1 + exp(z))
    case .modifiedHuber: return z >= 1 ? 0 : z >= -1 ? -2 * y * (1 - z) : -4 * y
    case .squared: return r
    case .huber(let width): return max(-width, min(width, r))
    case .epsilonInsensitive(let width): return r > width ? 1 : r < -width ? -1 : 0
    }
  }
}
