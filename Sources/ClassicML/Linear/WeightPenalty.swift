/// What is added to a linear model's loss so that its weights stay small.
public enum WeightPenalty: Sendable, Hashable, Codable {
  case none
  /// ½‖w‖²
  case l2
  /// ‖w‖₁, which makes weights 0.
  case l1
  /// ρ‖w‖₁ + ½(1 − ρ)‖w‖², where ρ is the `l1Ratio`.
  case elasticNet(l1Ratio: Double)

  /// What the sum of sizes and half the sum of squares are multiplied by.
  var shares: (l1: Double, l2: Double) {
    switch self {
    case .none: (0, 0)
    case .l2: (0, 1)
    case .l1: (1, 0)
    case .elasticNet(let ratio): (ratio, 1 - ratio)
    }
  }

  var isSensible: Bool { (0...1).contains(shares.l1) }
}
