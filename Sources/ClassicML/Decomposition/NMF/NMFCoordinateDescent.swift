import DataPipelines
import TensorCore

// Coordinate descent: an element w of row i of W goes to max(0, w − g/h), with the gradient g = (W·HHᵀ − XHᵀ)ᵢₜ and the curvature
// h = (HHᵀ)ₜₜ. Rows know nothing of each other.
extension NMF {
  func descend(_ x: ProductMatrix, _ factors: inout NMFFactors) -> (iterations: Int, hasConverged: Bool) {
    let weight = weightPenalties(features: x.columnCount)
    let component = componentPenalties(samples: x.rowCount)
    var first = 0.0
    for iteration in 1...maximumIterations {
      var violation = Self.improve(&factors.w, product: x.product(factors.ht), other: factors.ht, weight)
      violation += Self.improve(&factors.ht, product: x.transposedProduct(factors.w), other: factors.w, component)
      if iteration == 1 { first = violation }
      if violation <= tolerance * first { return (iteration, true) }
    }
    return (maximumIterations, false)
  }

  /// The W of given components; each row ends by itself, so that a sample's does not depend on the others.
  func descendedWeights(_ x: ProductMatrix, _ ht: Tensor) -> Tensor {
    var w = Tensor.zeros([x.rowCount, ht.shape[1]], dtype: x.dtype)
    let limit = (tolerance, maximumIterations)
    _ = Self.improve(
      &w, product: x.product(ht), other: ht, weightPenalties(features: x.columnCount), untilSmall: limit)
    return w
  }

  /// Goes once through all elements, or through each row's until its projected gradient is small. The sum of the projected gradient's magnitudes.
  private static func improve(
    _ w: inout Tensor, product: Tensor, other: Tensor, _ penalties: Penalties,
    untilSmall limit: (tolerance: Double, iterations: Int) = (.infinity, 1)
  ) -> Double {
    var gram = other.gram()
    if penalties.l2 != 0 { gram = gram + Tensor.eye(gram.shape[0], dtype: gram.dtype) * penalties.l2 }
    var gradient = matmul(w, gram) - product
    if penalties.l1 != 0 { gradient = gradient + penalties.l1 }
    return w.dtype == .float32
      ? sweep(Float.self, &w, &gradient, gram, limit) : sweep(Double.self, &w, &gradient, gram, limit)
  }

  private static func sweep<Scalar: BinaryFloatingPoint & TensorScalar>(
    _ type: Scalar.Type, _ w: inout Tensor, _ gradient: inout Tensor, _ gram: Tensor,
    _ limit: (tolerance: Double, iterations: Int)
  ) -> Double {
    let (rows, count) = (w.shape[0], w.shape[1])
    let size = ParallelRows.size(operations: count * count)
    return w.withUnsafeMutableBuffer(of: type) { w in
      gradient.withUnsafeMutableBuffer(of: type) { gradient in
        gram.withUnsafeBuffer(of: type) { gram in
          guard let w = w.baseAddress, let gradient = gradient.baseAddress, let gram = gram.baseAddress else {
            return 0
          }
          let problem = Descent(w: w, gradient: gradient, gram: gram, count: count)
          let violations = ParallelMap.map(count: (rows + size - 1) / size, threads: Runtime.threads) { piece in
            (piece * size..<Swift.min((piece + 1) * size, rows)).reduce(0.0) { $0 + problem.descend(row: $1, limit) }
          }
          return violations.reduce(0, +)
        }
      }
    }
  }

  // @unchecked Sendable: each row's elements belong to one thread.
  private struct Descent<Scalar: BinaryFloatingPoint>: @unchecked Sendable {
    let w: UnsafeMutablePointer<Scalar>
    let gradient: UnsafeMutablePointer<Scalar>
    let gram: UnsafePointer<Scalar>
    let count: Int

    /// The first pass's violation.
    @inline(__always)
    func descend(row: Int, _ limit: (tolerance: Double, iterations: Int)) -> Double {
      let (w, gradient) = (w + row * count, gradient + row * count)
      let first = Double(pass(w, gradient))
      for _ in 1..<limit.iterations {
        if Double(pass(w, gradient)) <= limit.tolerance * first { break }
      }
      return first
    }

    @inline(__always)
    private func pass(_ w: UnsafeMutablePointer<Scalar>, _ gradient: UnsafeMutablePointer<Scalar>) -> Scalar {
      var violation: Scalar = 0
      for t in 0..<count {
        let (old, slope) = (w[t], gradient[t])
        if old == 0 && slope >= 0 { continue }
        violation += abs(slope)
        let row = gram + t * count
        let curvature = row[t]
        if curvature == 0 { continue }
        let new = Swift.max(old - slope / curvature, 0)
        let step = new - old
        w[t] = new
        if step != 0 { for r in 0..<count { gradient[r] += step * row[r] } }
      }
      return violation
    }
  }
}
