import TensorCore

/// The simplex of n + 1 points that mirrors, stretches and shrinks itself towards lower values: no derivatives needed, for few variables
/// (Nelder & Mead, "A simplex method for function minimization", 1965; the coefficients and the first simplex of SciPy).
///
/// It ends where the points are as near to each other as `pointTolerance`, and their values as `valueTolerance`. An iteration ends in
/// one new point, or in all but the best drawn nearer to it. The path holds the best points.
///
/// ```swift
/// let f = TestFunction.himmelblau
/// let found = NelderMead().minimise(from: f.start) { f.f($0).item() }
/// f.distance(from: found.point) < 1e-3  // → true
/// ```
public struct NelderMead: Minimiser {
  /// Ends where no coordinate of a point differs by more than this from the best one's,
  public var pointTolerance: Double
  /// and no value.
  public var valueTolerance: Double
  /// The most iterations; 200·n if nil.
  public var iterations: Int?

  /// Stops the program on negative numbers.
  public init(pointTolerance: Double = 1e-4, valueTolerance: Double = 1e-4, iterations: Int? = nil) {
    if !(pointTolerance >= 0 && valueTolerance >= 0 && iterations ?? 0 >= 0) {
      stop("NelderMead", "negative tolerances or iterations", fix: "use numbers of at least 0")
    }
    (self.pointTolerance, self.valueTolerance, self.iterations) = (pointTolerance, valueTolerance, iterations)
  }

  public func minimise(_ f: (Tensor) -> Tensor, from start: Tensor, recordingPath: Bool) -> Minimum {
    minimise(from: start, recordingPath: recordingPath) { x in withoutGradients { f(x).item() } }
  }

  /// Goes down from a float point of any shape with at least one element. What is not a number counts as infinitely high.
  public func minimise(from start: Tensor, recordingPath: Bool = false, _ f: (Tensor) -> Double) -> Minimum {
    Stopping.requireFloats("NelderMead", start)
    if start.count == 0 { stop("NelderMead", "there are no variables", fix: "start at a point of at least one") }
    let start = start.detached()
    var evaluations = 0
    func vertex(_ x: Tensor) -> (x: Tensor, value: Double) {
      evaluations += 1
      let value = f(x.reshaped(start.shape))
      return (x, value.isNaN ? .infinity : value)
    }
    var simplex = firstSimplex(start.flattened()).map(vertex)
    var path: [Tensor] = []
    var values: [Double] = []
    func order() {
      // Stable, so that of equal points the older stays in front.
      simplex = simplex.enumerated().sorted { ($0.1.value, $0.0) < ($1.1.value, $1.0) }.map(\.1)
      if recordingPath { (path, values) = (path + [simplex[0].x.reshaped(start.shape)], values + [simplex[0].value]) }
    }
    order()
    let n = start.count
    let limit = iterations ?? 200 * n
    var iterations = 0
    while iterations < limit && !isSmall(simplex) {
      let worst = simplex[n]
      let centre = Tensor.stacked(simplex[0..<n].map(\.x)).mean(axis: 0)
      /// x̄ + t·(x̄ − worst)
      func along(_ t: Double) -> (x: Tensor, value: Double) { vertex(centre * (1 + t) - worst.x * t) }
      let mirrored = along(1)
      var replacement: (x: Tensor, value: Double)?
      if mirrored.value < simplex[0].value {
        let stretched = along(2)
        replacement = stretched.value < mirrored.value ? stretched : mirrored
      } else if mirrored.value < simplex[n - 1].value {
        replacement = mirrored
      } else if mirrored.value < worst.value {
        let outside = along(0.5)
        if outside.value <= mirrored.value { replacement = outside }
      } else {
        let inside = along(-0.5)
        if inside.value < worst.value { replacement = inside }
      }
      if let replacement {
        simplex[n] = replacement
      } else {
        let best = simplex[0].x
        for i in 1...n { simplex[i] = vertex(best + (simplex[i].x - best) * 0.5) }
      }
      iterations += 1
      order()
    }
    let best = simplex[0]
    let ending: Minimum.Ending = !best.value.isFinite ? .notFinite : isSmall(simplex) ? .still : .iterations
    return Minimum(
      point: best.x.reshaped(start.shape), value: best.value, gradientNorm: nil, iterations: iterations,
      evaluations: evaluations, ending: ending, path: path, values: values)
  }

  /// The start, and for each coordinate the start with that one a twentieth larger; 0.00025 where it is 0.
  private func firstSimplex(_ start: Tensor) -> [Tensor] {
    [start]
      + (0..<start.count).map { i in
        var corner = start
        let value = start[i].item()
        corner[i] = Tensor(value == 0 ? 0.00025 : value * 1.05, dtype: start.dtype)
        return corner
      }
  }

  private func isSmall(_ simplex: [(x: Tensor, value: Double)]) -> Bool {
    let best = simplex[0]
    return simplex.dropFirst().allSatisfy {
      abs($0.value - best.value) <= valueTolerance && ($0.x - best.x).abs().max().item() <= pointTolerance
    }
  }
}
