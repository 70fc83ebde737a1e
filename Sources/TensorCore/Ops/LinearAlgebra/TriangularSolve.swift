import CLAPACK

/// Solves A·X = B for triangular A by substitution. A is [..., n, n], of which one triangle is read, B [..., n,
/// columns]; the leading axes broadcast. With `unitDiagonal`, the diagonal counts as ones and is not read.
///
/// Throws `singular` when there is a zero on the diagonal.
///
/// ```swift
/// let l = Tensor([[2.0, 0.0], [1.0, 1.0]])
/// try triangularSolve(l, Tensor([[2.0], [3.0]]))  // → [[1.0], [2.0]]
/// ```
public func triangularSolve(
  _ a: Tensor, _ b: Tensor, upper: Bool = false, unitDiagonal: Bool = false
) throws(LinearAlgebraError) -> Tensor {
  if Autocast.isOn {
    return try Autocast.widening([a, b]) { x throws(LinearAlgebraError) in
      try triangularSolve(x[0], x[1], upper: upper, unitDiagonal: unitDiagonal)
    }
  }
  LinearSystem.requireFit("triangularSolve", a, b)
  if !unitDiagonal {
    let zeros = a.detached().diagonal() .== 0
    if a.count > 0, zeros.any().item(Bool.self) {
      let first = zeros.cast(to: .int32).maxWithIndices(axis: -1)
      let pivots = zip(first.values.scalars(as: Int.self), first.indices.scalars(as: Int.self))
      try LAPACK.check(pivots.map { found, place in found == 0 ? 0 : Int32(place + 1) }, "triangularSolve", a) {
        .singular(pivot: $0)
      }
    }
  }
  return TriangularSystem.solve(a, b, upper: upper, transposed: false, unitDiagonal: unitDiagonal)
}

/// Triangular systems whose diagonal is known to have no zeros, recorded.
enum TriangularSystem {
  /// X with A·X = B, or Aᵀ·X = B if `transposed`; `upper` says which triangle of A, as it stands, is read.
  static func solve(_ a: Tensor, _ b: Tensor, upper: Bool, transposed: Bool, unitDiagonal: Bool = false) -> Tensor {
    let solution = run(a, b, gb_triangle(upper: upper, transposed: transposed, unit_diagonal: unitDiagonal))
    guard Tape.records(a, b) else { return solution }
    return solution.recorded("triangularSolve", from: [a, b]) { g in
      let gradientB = solve(a, g, upper: upper, transposed: !transposed, unitDiagonal: unitDiagonal)
      var gradientA: Tensor?
      if a.node != nil {
        let x =
          Tape.isRecording
          ? solve(a, b, upper: upper, transposed: transposed, unitDiagonal: unitDiagonal) : solution
        let whole = transposed ? x.matmul(gradientB.transposed()) : gradientB.matmul(x.transposed())
        let diagonal = unitDiagonal ? 1 : 0
        gradientA = -(upper ? whole.upperTriangle(diagonal) : whole.lowerTriangle(-diagonal)).summed(to: a.shape)
      }
      return [gradientA, b.node == nil ? nil : gradientB.summed(to: b.shape)]
    }
  }

  private static func run(_ a: Tensor, _ b: Tensor, _ triangle: gb_triangle) -> Tensor {
    let outer = LinearSystem.outer("triangularSolve", a, b)
    let a = a.detached().expanded(to: Shape(outer + a.shape.dimensions.suffix(2))).rowMajor()
    let x = Tensor.copying(b.detached().expanded(to: Shape(outer + b.shape.dimensions.suffix(2))), to: b.dtype)
    gb_triangular_solve(LAPACK.matrices(a), triangle, b.shape[-1], a.pointer, x.pointer)
    return x
  }
}

extension Op {
  static let triangularSolve = Op(
    "triangularSolve", "A·X = B, A triangular",
    samples: [
      .succeeding("lower", [.uniform([3, 3]), .uniform([3, 2])]) {
        try TensorCore.triangularSolve(shifted($0[0]), $0[1])
      },
      .succeeding("upper", [.uniform([3, 3]), .uniform([3, 2])]) {
        try TensorCore.triangularSolve(shifted($0[0]), $0[1], upper: true)
      },
      .succeeding("unit diagonal", [.uniform([3, 3]), .uniform([3, 2])]) {
        try TensorCore.triangularSolve($0[0], $0[1], unitDiagonal: true)
      },
      .succeeding("broadcast", [.uniform([2, 1, 2, 2]), .uniform([3, 2, 2])]) {
        try TensorCore.triangularSolve(shifted($0[0]), $0[1])
      },
      .succeeding("no columns", [.uniform([2, 2]), .uniform([2, 0])]) {
        try TensorCore.triangularSolve(shifted($0[0]), $0[1])
      },
    ],
    misuses: [
      Misuse("sizes", says: ["triangularSolve", "[2, 2]", "[3, 1]"]) {
        _ = try? TensorCore.triangularSolve(.ones([2, 2]), .ones([3, 1]))
      },
      Misuse("dtypes", says: ["triangularSolve", "float32", "float64", "cast(to:"]) {
        _ = try? TensorCore.triangularSolve(.ones([2, 2]), .ones([2, 1], dtype: .float64))
      },
    ] + squareMisuses("triangularSolve") { _ = try? TensorCore.triangularSolve($0, .ones([2, 1])) })
}
