import Foundation
import TensorCore

/// A function that methods of minimisation are tried on, with its known minima (Jamil & Yang, "A literature survey of benchmark functions
/// for global optimisation problems", 2013).
///
/// ```swift
/// let f = TestFunction.booth
/// f.minima[0]  // → [1.0, 3.0]
/// f.f(f.minima[0]).item()  // → 0.0
/// ```
public struct TestFunction: Sendable {
  public let name: String
  /// Of a point [n] in float64 → [].
  public let f: @Sendable (Tensor) -> Tensor
  /// Where it is lowest, each [n]. The value there is 0.
  public let minima: [Tensor]
  /// The usual start, [n].
  public let start: Tensor
  /// The usual picture's range, of each coordinate.
  public let range: ClosedRange<Double>

  /// How far a point [n] is from the nearest of the minima.
  ///
  /// ```swift
  /// TestFunction.booth.distance(from: Tensor([1.0, 5.0], dtype: .float64))  // → 2.0
  /// ```
  public func distance(from x: Tensor) -> Double {
    minima.map { ($0 - x).norm().item() }.min() ?? .infinity
  }

  /// (1 − x)² + 100·(y − x²)²: a bent valley, along which a minimum at (1, 1) hides (Rosenbrock, "An automatic method for finding the
  /// greatest or least value of a function", 1960).
  public static let rosenbrock = rosenbrock(2)

  /// Σᵢ 100·(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)², of n variables. Stops the program when there are fewer than two.
  public static func rosenbrock(_ n: Int) -> TestFunction {
    if n < 2 { stop("rosenbrock", "\(n) variables", fix: "use at least 2") }
    return TestFunction(
      name: "Rosenbrock",
      f: { x in
        let (head, tail) = (x[0..<n - 1], x[1..<n])
        return ((tail - head.square()).square() * 100 + (1 - head).square()).sum()
      },
      minima: [Tensor.ones([n], dtype: .float64)],
      start: Tensor((0..<n).map { $0 % 2 == 0 ? -1.2 : 1 }, dtype: .float64), range: -2...2)
  }

  /// (x² + y − 11)² + (x + y² − 7)²: four minima (Himmelblau, "Applied Nonlinear Programming", 1972).
  public static let himmelblau = plane(
    "Himmelblau",
    minima: [
      (3, 2), (-2.805118086952745, 3.131312518250573), (-3.779310253377747, -3.283185991286170),
      (3.584428340330492, -1.848126526964404),
    ], start: (0, 0), range: -5...5
  ) { x, y in (x.square() + y - 11).square() + (x + y.square() - 7).square() }

  /// (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²: steep at the rim, flat around the minimum (Beale, 1958).
  public static let beale = plane("Beale", minima: [(3, 0.5)], start: (1, 1), range: -4.5...4.5) { x, y in
    (1.5 - x + x * y).square() + (2.25 - x + x * y.square()).square() + (2.625 - x + x * y.power(3)).square()
  }

  /// (x + 2y − 7)² + (2x + y − 5)²: a bowl.
  public static let booth = plane("Booth", minima: [(1, 3)], start: (-5, 5), range: -10...10) { x, y in
    (x + y * 2 - 7).square() + (x * 2 + y - 5).square()
  }

  /// 10·n + Σᵢ (xᵢ² − 10·cos 2πxᵢ): a minimum beside each point of whole numbers, the lowest at 0 (Rastrigin, "Systems of extremal
  /// control", 1974).
  public static let rastrigin = TestFunction(
    name: "Rastrigin", f: { x in (x.square() - (x * (2 * .pi)).cos() * 10 + 10).sum() },
    minima: [Tensor.zeros([2], dtype: .float64)], start: Tensor([3.3, -2.2], dtype: .float64), range: -5.12...5.12)

  private static func plane(
    _ name: String, minima: [(Double, Double)], start: (Double, Double), range: ClosedRange<Double>,
    _ f: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) -> TestFunction {
    TestFunction(
      name: name, f: { f($0[0], $0[1]) }, minima: minima.map { Tensor([$0.0, $0.1], dtype: .float64) },
      start: Tensor([start.0, start.1], dtype: .float64), range: range)
  }
}
