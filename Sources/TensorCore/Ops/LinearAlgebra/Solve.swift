import CLAPACK

/// Solves A·X = B by LU decomposition with partial pivoting. A is [..., n, n]; B is [..., n, columns], or one vector
/// [n], which gives vectors. The leading axes broadcast; a single A is decomposed once for all of B.
///
/// Throws `singular` when a pivot is zero. (Golub & Van Loan, "Matrix Computations", 2013, 3.4.)
///
/// ```swift
/// try solve(Tensor([[2.0, 1.0], [1.0, 3.0]]), Tensor([5.0, 10.0]))  // → [1.0, 3.0]
/// ```
public func solve(_ a: Tensor, _ b: Tensor) throws(LinearAlgebraError) -> Tensor {
  if Autocast.isOn {
    return try Autocast.widening([a, b]) { x throws(LinearAlgebraError) in try solve(x[0], x[1]) }
  }
  if b.rank == 1 { return try solve(a, b.unsqueezed(-1)).squeezed(-1) }
  LinearSystem.requireFit("solve", a, b)
  let (x, info) = LinearSystem.solve(a, b, transposed: false)
  try LAPACK.check(info, "solve", a) { .singular(pivot: $0) }
  return x
}

/// Systems of linear equations, recorded; what LAPACK says of them is the caller's to look at.
enum LinearSystem {
  static func requireFit(_ op: String, _ a: Tensor, _ b: Tensor) {
    LAPACK.requireSquare(op, a)
    if a.dtype != b.dtype { Elementwise.stopOnDTypes(op, a, b) }
    guard b.rank >= 2, b.shape[-2] == a.shape[-1] else {
      stop(
        op, "A \(a.shape) and B \(b.shape) do not fit: [..., n, n] takes [..., n, columns]",
        fix: "give B as many rows as A has; a batch of vectors gets an axis by unsqueezed(-1)")
    }
  }

  /// The leading axes of both, broadcast.
  static func outer(_ op: String, _ a: Tensor, _ b: Tensor) -> [Int] {
    guard let outer = Shape.broadcast(Shape(LAPACK.outer(a)), Shape(LAPACK.outer(b))) else {
      Elementwise.stopOnShapes(op, a.shape, b.shape)
    }
    return outer.dimensions
  }

  /// X with A·X = B, or Aᵀ·X = B if `transposed`; NaN where A is singular.
  static func solve(_ a: Tensor, _ b: Tensor, transposed: Bool) -> (x: Tensor, info: [Int32]) {
    let (solution, info) = run(a, b, transposed: transposed)
    guard Tape.records(a, b) else { return (solution, info) }
    let x = solution.recorded("solve", from: [a, b]) { g in
      let gradientB = solve(a, g, transposed: !transposed).x
      var gradientA: Tensor?
      if a.node != nil {
        let x = Tape.isRecording ? solve(a, b, transposed: transposed).x : solution
        let whole = transposed ? x.matmul(gradientB.transposed()) : gradientB.matmul(x.transposed())
        gradientA = -whole.summed(to: a.shape)
      }
      return [gradientA, b.node == nil ? nil : gradientB.summed(to: b.shape)]
    }
    return (x, info)
  }

  private static func run(_ a: Tensor, _ b: Tensor, transposed: Bool) -> (Tensor, [Int32]) {
    let outer = outer("solve", a, b)
    let (n, columns) = (b.shape[-2], b.shape[-1])
    let whole = b.detached().expanded(to: Shape(outer + [n, columns]))
    // LAPACK wants each right-hand side in a row.
    let x = Tensor.copying(whole.transposed(), to: b.dtype)
    let single = LAPACK.batch(a) == 1
    let factors = Tensor.copying(
      single ? a.detached().reshaped([n, n]) : a.detached().expanded(to: Shape(outer + [n, n])), to: a.dtype)
    var info = LAPACK.info(factors)
    let count = single ? outer.reduce(1, *) * columns : columns
    gb_solve(LAPACK.matrices(factors), transposed, count, factors.pointer, x.pointer, &info)
    // The matrices of a broadcast A are named by their place in A.
    if !single, outer != LAPACK.outer(a) { info = inOrder(info, of: a, outer) }
    return (x.transposed(), info)
  }

  private static func inOrder(_ info: [Int32], of a: Tensor, _ outer: [Int]) -> [Int32] {
    var result = LAPACK.info(a)
    let places = Tensor.range(0, Double(result.count), dtype: .int64).reshaped(Shape(LAPACK.outer(a)))
      .expanded(to: Shape(outer)).scalars(as: Int.self)
    for (place, found) in zip(places, info) { result[place] = found }
    return result
  }
}

extension Op {
  static let solve = Op(
    "solve", "A·X = B",
    samples: [
      .succeeding("one", [.uniform([3, 3]), .uniform([3, 2])]) { try TensorCore.solve(shifted($0[0]), $0[1]) },
      .succeeding("vector", [.uniform([3, 3]), .uniform([3])]) { try TensorCore.solve(shifted($0[0]), $0[1]) },
      .succeeding("pivoting", [.uniform([2, 2], -0.5...0.5), .uniform([2, 1])]) {
        try TensorCore.solve(shifted($0[0]).flipped([0]), $0[1])
      },
      .succeeding("one for a batch", [.uniform([2, 2]), .uniform([3, 2, 2])]) {
        try TensorCore.solve(shifted($0[0]), $0[1])
      },
      .succeeding("broadcast", [.uniform([2, 1, 2, 2]), .uniform([3, 2, 1])]) {
        try TensorCore.solve(shifted($0[0]), $0[1])
      },
      .succeeding("no matrices", [.uniform([0, 2, 2]), .uniform([0, 2, 1])]) {
        try TensorCore.solve(shifted($0[0]), $0[1])
      },
    ],
    misuses: [
      Misuse("sizes", says: ["solve", "[2, 2]", "[3, 1]", "rows"]) {
        _ = try? TensorCore.solve(.ones([2, 2]), .ones([3, 1]))
      },
      Misuse("batches", says: ["solve", "[2, 2, 2]", "[3, 2, 1]", "broadcast"]) {
        _ = try? TensorCore.solve(.ones([2, 2, 2]), .ones([3, 2, 1]))
      },
      Misuse("dtypes", says: ["solve", "float32", "float64", "cast(to:"]) {
        _ = try? TensorCore.solve(.ones([2, 2]), .ones([2, 1], dtype: .float64))
      },
    ] + squareMisuses("solve") { _ = try? TensorCore.solve($0, .ones([2, 1])) })
}
