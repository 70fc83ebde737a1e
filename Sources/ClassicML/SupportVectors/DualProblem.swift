/// The dual of a support vector machine: the largest Σ pₖβₖ − ½ΣΣ βₖβₗK(xₖ, xₗ) with lowerₖ ≤ βₖ ≤ upperₖ and an
/// unchanging Σβₖ (Bottou & Lin, "Support vector machine solvers", 2007, equation 11: their αₖ is βₖ, with the class's
/// sign).
struct DualProblem: Sendable {
  /// p
  var linear: [Double]
  var lower: [Double]
  var upper: [Double]
  /// β to begin with.
  var start: [Double]
  /// The sample xₖ of each variable: a regressor has two variables a sample.
  var samples: [Int32]
}

struct DualSolution: Sendable {
  /// β
  let values: [Double]
  /// b: what pₖ − ΣβₗK(xₖ, xₗ) is where βₖ is at none of its bounds.
  let bias: Double
  /// Σ pₖβₖ − ½ΣΣ βₖβₗK(xₖ, xₗ)
  let objective: Double
  let iterations: Int
  let isConverged: Bool
}
