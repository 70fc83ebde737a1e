import TensorCore

/// min over c of ½c·G·cᵀ − c·bᵀ + λ‖c‖₁ for each sample: all that the methods need of the dictionary is G = DDᵀ [atoms, atoms], and of the samples
/// b = xDᵀ [samples, atoms].
struct SparseCodingProblem {
  let gram: Tensor
  let correlations: Tensor

  /// Proximal gradient steps, for all samples at once.
  func byShrinkage(
    _ penalty: Double, _ start: Tensor?, _ tolerance: Double, _ iterations: Int, hasMomentum: Bool
  ) -> Tensor {
    var codes = start ?? Tensor.zeros(like: correlations)
    // The sum of a symmetric matrix's magnitudes bounds its eigenvalues where these can't be computed.
    let curvature = (try? gram.eigvalsh().max().item()) ?? gram.abs().sum().item()
    if curvature <= 0 { return codes }
    var (point, momentum) = (codes, 1.0)
    for _ in 0..<iterations {
      let step = (matmul(point, gram) - correlations) / curvature
      let next = (point - step).softShrink(penalty / curvature)
      let change = (next - codes).abs().max().item()
      if hasMomentum {
        let following = (1 + (1 + 4 * momentum * momentum).squareRoot()) / 2
        point = next + (next - codes) * ((momentum - 1) / following)
        momentum = following
      } else {
        point = next
      }
      codes = next
      if change <= tolerance * codes.abs().max().item() { break }
    }
    return codes
  }

  /// Element by element; a sample's codes do not depend on other samples.
  func byCoordinateDescent(_ penalty: Double, _ start: Tensor?, _ tolerance: Double, _ iterations: Int) -> Tensor {
    eachRow(start) { gram, rest, codes, count in
      // rest = b − c·G
      for t in 0..<count where codes[t] != 0 {
        for r in 0..<count { rest[r] -= codes[t] * gram[t * count + r] }
      }
      for _ in 0..<iterations {
        var (change, size) = (0.0, 0.0)
        for t in 0..<count {
          let row = gram + t * count
          let curvature = row[t]
          if curvature <= 0 { continue }
          let target = rest[t] + curvature * codes[t]
          let new = (target > penalty ? target - penalty : target < -penalty ? target + penalty : 0) / curvature
          let step = new - codes[t]
          if step != 0 {
            codes[t] = new
            for r in 0..<count { rest[r] -= step * row[r] }
          }
          (change, size) = (Swift.max(change, abs(step)), Swift.max(size, abs(new)))
        }
        if change <= tolerance * size { break }
      }
    }
  }

  /// The chosen atoms' Gram matrix grows by a row of its Cholesky factor with each atom (Rubinstein, Zibulevsky & Elad, "Efficient implementation of the
  /// K-SVD algorithm using batch orthogonal matching pursuit", 2008).
  func byMatchingPursuit(_ nonzeros: Int) -> Tensor {
    eachRow(nil) { gram, rest, codes, count in
      let b = Array(UnsafeBufferPointer(start: rest, count: count))
      var (chosen, factor, solution) = ([Int](), [[Double]](), [Double]())
      while chosen.count < Swift.min(nonzeros, count) {
        var best = 0
        for t in 1..<Swift.max(1, count) where abs(rest[t]) > abs(rest[best]) { best = t }
        if rest[best] == 0 || chosen.contains(best) { break }
        // L·v = G[chosen, best], and the new diagonal √(G[best, best] − v·v).
        var row = [Double]()
        for (place, atom) in chosen.enumerated() {
          let before = zip(row, factor[place]).reduce(0) { $0 + $1.0 * $1.1 }
          row.append((gram[atom * count + best] - before) / factor[place][place])
        }
        let pivot = gram[best * count + best] - row.reduce(0) { $0 + $1 * $1 }
        if pivot <= 1e-12 * gram[best * count + best] { break }
        factor.append(row + [pivot.squareRoot()])
        chosen.append(best)
        solution = Self.solve(factor, chosen.map { b[$0] })
        for r in 0..<count { rest[r] = b[r] }
        for (atom, code) in zip(chosen, solution) {
          for r in 0..<count { rest[r] -= code * gram[atom * count + r] }
        }
      }
      for (atom, code) in zip(chosen, solution) { codes[atom] = code }
    }
  }

  /// L·Lᵀ·x = b
  private static func solve(_ l: [[Double]], _ b: [Double]) -> [Double] {
    var x = b
    for row in l.indices {
      for column in 0..<row { x[row] -= l[row][column] * x[column] }
      x[row] /= l[row][row]
    }
    for row in l.indices.reversed() {
      for below in (row + 1)..<Swift.max(l.count, row + 1) { x[row] -= l[below][row] * x[below] }
      x[row] /= l[row][row]
    }
    return x
  }

  /// Calls `body` for each sample with G, its b, which may be overwritten, and its codes.
  private func eachRow(
    _ start: Tensor?,
    _ body:
      @escaping @Sendable (
        UnsafePointer<Double>, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>, Int
      ) -> Void
  ) -> Tensor {
    let (rows, count) = (correlations.shape[0], correlations.shape[1])
    var codes = (start ?? Tensor.zeros(like: correlations)).cast(to: .float64)
    var rest = correlations.cast(to: .float64)
    codes.withUnsafeMutableBuffer(of: Double.self) { codes in
      rest.withUnsafeMutableBuffer(of: Double.self) { rest in
        gram.withUnsafeBuffer(of: Double.self) { gram in
          guard let codes = codes.baseAddress, let rest = rest.baseAddress, let gram = gram.baseAddress else { return }
          let (c, b, g) = (MutableElements(element: codes), MutableElements(element: rest), Elements(element: gram))
          ParallelRows.run(count: rows, size: ParallelRows.size(operations: 20 * count * count)) { part in
            for row in part { body(g.element, b.element + row * count, c.element + row * count, count) }
          }
        }
      }
    }
    return codes.cast(to: correlations.dtype)
  }
}
