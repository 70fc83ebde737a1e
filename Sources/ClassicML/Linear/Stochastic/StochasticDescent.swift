import TensorCore

/// Stochastic gradient descent for one linear model: a step for each sample, in another order in each round (Bottou, "Stochastic gradient descent tricks",
/// 2012). Squares are penalised by shrinking all weights, which a common factor does; sizes by what each weight missed since its last step (Tsuruoka,
/// Tsujii & Ananiadou, "Stochastic gradient descent training for L1-regularized log-linear models with cumulative penalty", 2009). So a step costs as
/// much as the sample has features that are not 0.
struct StochasticDescent: Sendable {
  let loss: PointLoss
  let penalty: WeightPenalty
  let strength: Double
  let rate: LearningRate
  let fitsIntercept: Bool
  let maximumIterations: Int
  let tolerance: Double
  let patience: Int
  let averages: Bool
  let seed: UInt64

  struct Found: Sendable {
    var weights: [Double]
    var intercept: Double
    var iterations: Int
    var hasConverged: Bool
    /// Whether the loss stayed a number.
    var isFinite: Bool
  }

  /// - Parameters:
  ///   - y: Numbers, or ±1.
  ///   - sampleWeights: What each step's length is multiplied by.
  func run(_ x: SampleRows, _ y: [Double], sampleWeights: [Double]?) -> Found {
    var state = State(width: x.width)
    let steps = rate.steps(loss, strength: strength)
    let generator = RandomGenerator(seed: seed)
    var (best, stale, time) = (Double.infinity, 0, 1)
    var (iterations, hasConverged, isFinite) = (0, false, true)
    while iterations < maximumIterations && !hasConverged && isFinite {
      let order = Tensor.permutation(y.count, using: generator.derived(UInt64(iterations)))
      var sum = 0.0
      x.withRows { rows in
        order.withUnsafeBuffer(of: Int.self) { order in
          for sample in order {
            let (weight, eta) = (sampleWeights?[sample] ?? 1, steps(time))
            let p = state.factor * rows.dot(sample, state.weights) + state.intercept
            sum += weight * loss.loss(p, y[sample])
            state.step(
              rows, sample, -eta * weight * max(-1e12, min(1e12, loss.slope(p, y[sample]))),
              shrink: max(0, 1 - penalty.shares.l2 * eta * strength), sizes: penalty.shares.l1 * eta * strength,
              movesIntercept: fitsIntercept)
            if averages { state.average(time) }
            time += 1
          }
        }
      }
      iterations += 1
      isFinite = sum.isFinite
      stale = sum > best - tolerance * Double(y.count) ? stale + 1 : 0
      best = min(best, sum)
      hasConverged = stale >= patience
    }
    let (weights, intercept) = averages ? state.averaged : (state.weights.map { $0 * state.factor }, state.intercept)
    return Found(
      weights: weights, intercept: intercept, iterations: iterations, hasConverged: hasConverged, isFinite: isFinite)
  }

  /// w = factor·weights, and what goes with it.
  private struct State {
    var weights: [Double]
    var factor = 1.0
    var intercept = 0.0
    var averaged: (weights: [Double], intercept: Double)
    /// The penalty of sizes that each weight could have had by now, and what it had.
    private var due = 0.0
    private var paid: [Double]

    init(width: Int) {
      weights = [Double](repeating: 0, count: width)
      paid = weights
      averaged = (weights, 0)
    }

    mutating func step(
      _ rows: SampleRows.Rows, _ sample: Int, _ length: Double, shrink: Double, sizes: Double, movesIntercept: Bool
    ) {
      factor *= shrink
      if factor < 1e-9 {
        for j in weights.indices { weights[j] *= factor }
        factor = 1
      }
      if length != 0 {
        rows.add(sample, length / factor, to: &weights)
        if movesIntercept { intercept += length }
      }
      if sizes == 0 { return }
      due += sizes
      rows.forEachFeature(sample) { j in
        let old = weights[j] * factor
        let new = old > 0 ? max(0, old - (due + paid[j])) : old < 0 ? min(0, old + (due - paid[j])) : 0
        paid[j] += new - old
        weights[j] = new / factor
      }
    }

    mutating func average(_ time: Int) {
      let share = 1 / Double(time)
      for j in weights.indices { averaged.weights[j] += (weights[j] * factor - averaged.weights[j]) * share }
      averaged.intercept += (intercept - averaged.intercept) * share
    }
  }
}

/// Samples one at a time, dense or sparse, as float64.
struct SampleRows: Sendable {
  let width: Int
  private let dense: Tensor?
  private let sparse: SparseMatrix?

  init(_ x: any FeatureMatrix, for estimator: String) throws(EstimatorError) {
    sparse = try (x as? SparseMatrix)?.checked(for: estimator)
    dense = sparse == nil ? try x.dense(for: estimator).cast(to: .float64) : nil
    width = x.columnCount
  }

  var count: Int { sparse?.rowCount ?? dense?.shape[0] ?? 0 }

  func withRows(_ body: (Rows) -> Void) {
    if let sparse {
      sparse.starts.withUnsafeBufferPointer { starts in
        sparse.columns.withUnsafeBufferPointer { columns in
          sparse.values.withUnsafeBufferPointer { body(Rows(values: $0, width: width, sparse: (starts, columns))) }
        }
      }
    } else {
      dense?.withUnsafeBuffer(of: Double.self) { body(Rows(values: $0, width: width, sparse: nil)) }
    }
  }

  struct Rows {
    let values: UnsafeBufferPointer<Double>
    let width: Int
    let sparse: (starts: UnsafeBufferPointer<Int>, columns: UnsafeBufferPointer<Int32>)?

    /// w·xᵢ
    func dot(_ i: Int, _ w: [Double]) -> Double {
      guard let sparse else {
        return w.withUnsafeBufferPointer { w in
          guard let w = w.baseAddress, let x = values.baseAddress else { return 0 }
          return innerProduct(x + i * width, w, width)
        }
      }
      var sum = 0.0
      for place in sparse.starts[i]..<sparse.starts[i + 1] { sum += values[place] * w[Int(sparse.columns[place])] }
      return sum
    }

    /// w += s·xᵢ
    func add(_ i: Int, _ s: Double, to w: inout [Double]) {
      guard let sparse else {
        w.withUnsafeMutableBufferPointer { w in
          guard let w = w.baseAddress, let x = values.baseAddress else { return }
          addScaled(x + i * width, s, to: w, width)
        }
        return
      }
      for place in sparse.starts[i]..<sparse.starts[i + 1] { w[Int(sparse.columns[place])] += s * values[place] }
    }

    func forEachFeature(_ i: Int, _ body: (Int) -> Void) {
      guard let sparse else { return (0..<width).forEach(body) }
      for place in sparse.starts[i]..<sparse.starts[i + 1] { body(Int(sparse.columns[place])) }
    }
  }
}
