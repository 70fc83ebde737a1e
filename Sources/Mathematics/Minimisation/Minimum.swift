import TensorCore

/// What a minimiser found, and how it came there.
///
/// ```swift
/// let found = LimitedMemoryBFGS().minimise(from: Tensor([3.0], dtype: .float64)) { x in
///   ((x - 1).square().sum().item(), (x - 1) * 2)
/// }
/// found.point  // ≈ [1.0]
/// found.hasConverged  // → true
/// ```
public struct Minimum: Sendable {
  /// The point found, of the start's shape.
  public let point: Tensor
  /// f there.
  public let value: Double
  /// maxᵢ |∂f/∂xᵢ| there; within bounds, of the gradient less what pushes against a bound. Nil for a method that uses no gradients.
  public let gradientNorm: Double?
  public let iterations: Int
  /// How often the function was computed.
  public let evaluations: Int
  public let ending: Ending
  /// The points of the way, the start first; empty unless it was recorded.
  public let path: [Tensor]
  /// f at these points.
  public let values: [Double]

  /// Why a minimiser stopped.
  public enum Ending: String, Sendable, Hashable {
    /// The gradient is as small as was asked for.
    case flat
    /// The value changes by no more than was asked for.
    case still
    /// There have been as many iterations as are allowed.
    case iterations
    /// No lower point was found along the direction: rounding hides it, which in float32 comes early, or the gradient is not the
    /// function's.
    case noLowerPoint
    /// The value, at the start or after a step, is infinite or no number.
    case notFinite
  }

  /// Whether one of the tolerances was reached.
  public var hasConverged: Bool { ending == .flat || ending == .still }
}

/// When a minimiser stops.
public struct Stopping: Sendable, Hashable, Codable {
  /// The most iterations.
  public var iterations: Int
  /// Stops where maxᵢ |∂f/∂xᵢ| is at most this.
  public var gradientTolerance: Double
  /// Stops where f changes in an iteration by at most this, relative to max(|f|, 1).
  public var valueTolerance: Double

  /// Stops the program on negative tolerances and numbers of iterations.
  public init(iterations: Int = 1000, gradientTolerance: Double = 1e-5, valueTolerance: Double = 64 * .ulpOfOne) {
    guard iterations >= 0, gradientTolerance >= 0, valueTolerance >= 0 else {
      stop(
        "Stopping", "\(iterations) iterations, tolerances \(gradientTolerance) and \(valueTolerance)",
        fix: "use numbers of at least 0")
    }
    self.iterations = iterations
    self.gradientTolerance = gradientTolerance
    self.valueTolerance = valueTolerance
  }
}

extension Minimum: CustomStringConvertible {
  public var description: String {
    let gradient = gradientNorm.map { ", largest gradient \($0)" } ?? ""
    return "\(value)\(gradient), after \(iterations) iterations and \(evaluations) evaluations (\(ending.rawValue))"
  }
}
