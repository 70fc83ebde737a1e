import TensorCore

/// What a boosting makes small, as a function of the raw predictions r: the derivative g by r, the second derivative h, and where to begin.
enum BoostingLoss: Sendable {
  /// (y − r)²/2
  case squaredError
  /// |y − r|
  case absoluteError
  /// q·(y − r) where y is above r, (1 − q)·(r − y) below it.
  case quantile(Double)
  /// eʳ − y·r, for means eʳ.
  case poisson
  /// −y·ln p − (1 − y)·ln(1 − p), p = 1/(1 + e⁻ʳ).
  case binary
  /// −ln pᵧ, p = softmax(r) over so many classes.
  case classes(Int)

  /// How many trees a round has.
  var outputs: Int { if case .classes(let count) = self { count } else { 1 } }

  /// The raw predictions that suit all targets best. [outputs, 1]
  ///
  /// - Parameter y: Targets, here as everywhere below: [samples], or for classes 1 in the row of each sample's, [classes, samples].
  func baseline(_ y: Tensor) -> Tensor {
    let start: [Double] =
      switch self {
      case .squaredError: [y.mean().item()]
      case .absoluteError, .quantile: [leafValue(y.scalars(as: Double.self)) ?? 0]
      case .poisson: [y.mean().log().item()]
      case .binary: [y.mean().logit().item()]
      case .classes: Self.centredLogShares(y)
      }
    return Tensor(start, shape: [start.count, 1], dtype: .float64)
  }

  private static func centredLogShares(_ y: Tensor) -> [Double] {
    let logs = y.mean(axis: 1).log()
    return (logs - logs.mean()).scalars(as: Double.self)
  }

  /// g and h of each sample, [outputs, samples]; h is nil where it is 1 everywhere, or none and taken for 1.
  func gradients(_ raw: Tensor, _ y: Tensor) -> (gradients: Tensor, curvatures: Tensor?) {
    switch self {
    case .squaredError: return (raw - y, nil)
    case .absoluteError:
      let above = (raw .> y).cast(to: .float64)
      return (above * 2 - 1, nil)
    case .quantile(let q):
      let above = (raw .> y).cast(to: .float64)
      return (above - q, nil)
    case .poisson:
      let mean = raw.exp()
      return (mean - y, mean)
    case .binary:
      let p = raw.sigmoid()
      return (p - y, p * (1 - p))
    case .classes:
      let p = raw.softmax(axis: 0)
      return (p - y, p * (1 - p))
    }
  }

  /// The mean of the loss.
  func mean(_ raw: Tensor, _ y: Tensor) -> Double {
    switch self {
    case .squaredError: return ((raw - y).square() * 0.5).mean().item()
    case .absoluteError: return (raw - y).abs().mean().item()
    case .quantile(let q):
      let rest = y - raw
      return (rest.relu() * q + (-rest).relu() * (1 - q)).mean().item()
    case .poisson: return (raw.exp() - y * raw).mean().item()
    case .binary: return (raw.softplus() - y * raw).mean().item()
    case .classes: return (raw.logSumExp(axis: 0) - (raw * y).sum(axis: 0)).mean().item()
    }
  }

  /// What a leaf must predict where the second order says nothing of the loss: the median or quantile of the residuals, between two of them in
  /// proportion (definition 7 of Hyndman & Fan, 1996). nil for smooth losses.
  func leafValue(_ residuals: [Double]) -> Double? {
    let q: Double
    switch self {
    case .absoluteError: q = 0.5
    case .quantile(let level): q = level
    default: return nil
    }
    let sorted = residuals.sorted()
    let place = q * Double(sorted.count - 1)
    let low = Int(place)
    return sorted[low] + (place - Double(low)) * (sorted[min(low + 1, sorted.count - 1)] - sorted[low])
  }
}
