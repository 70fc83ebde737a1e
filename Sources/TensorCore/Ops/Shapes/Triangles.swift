// Triangles of matrices, and vectors with a single 1.
extension Tensor {
  /// The elements on and below the given diagonal of each matrix, 0 above; diagonal 0 is the main one, 1 the next above it.
  ///
  /// ```swift
  /// Tensor([[1.0, 2.0], [3.0, 4.0]]).lowerTriangle()  // → [[1.0, 0.0], [3.0, 4.0]]
  /// ```
  public func lowerTriangle(_ diagonal: Int = 0) -> Tensor {
    triangle("lowerTriangle") { rows, columns in columns .<= rows + Double(diagonal) }
  }

  /// The elements on and above the given diagonal of each matrix, 0 below.
  public func upperTriangle(_ diagonal: Int = 0) -> Tensor {
    triangle("upperTriangle") { rows, columns in columns .>= rows + Double(diagonal) }
  }

  private func triangle(_ op: String, _ kept: (Tensor, Tensor) -> Tensor) -> Tensor {
    if rank < 2 { stop(op, "shape \(shape) is not a matrix", fix: "pass two axes or more") }
    let rows = Tensor.range(0, Double(shape.dimensions[rank - 2]), dtype: .int64).unsqueezed(1)
    let columns = Tensor.range(0, Double(shape.dimensions[rank - 1]), dtype: .int64).unsqueezed(0)
    return Tensor.where(kept(rows, columns), self, Tensor.zeros([], dtype: dtype))
  }

  /// A vector of `classes` elements for each label, 1 at the label and 0 elsewhere: [...] → [..., classes]. Labels are integers in
  /// 0..<classes.
  ///
  /// ```swift
  /// Tensor([2, 0]).oneHot(classes: 3)  // → [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
  /// ```
  public func oneHot(classes: Int, dtype: DType = .float32) -> Tensor {
    guard self.dtype.isInteger else {
      stop("oneHot", "labels are \(self.dtype) \(shape)", fix: "cast(to: .int64) first")
    }
    let labels = cast(to: .int64)
    if count > 0 {
      let (low, high) = (labels.min().item(Int.self), labels.max().item(Int.self))
      if low < 0 || high >= classes {
        stop("oneHot", "label \(low < 0 ? low : high) of \(shape)", fix: "use labels in 0..<\(classes)")
      }
    }
    return (labels.detached().unsqueezed(-1) .== Tensor.range(0, Double(classes), dtype: .int64)).cast(to: dtype)
      .recordedAsConstant("oneHot", from: self, because: "its input is an integer")
  }
}

extension Op {
  private static func triangle(_ name: String, _ f: @escaping @Sendable (Tensor, Int) -> Tensor) -> Op {
    Op(
      name, "one side of a diagonal",
      samples: [
        Sample("square", [.uniform([3, 3])]) { f($0[0], 0) },
        Sample("batch", [.uniform([2, 2, 4])]) { f($0[0], 1) },
        Sample("below", [.uniform([4, 2])]) { f($0[0], -2) },
        Sample("empty", [.uniform([0, 3])]) { f($0[0], 0) },
      ],
      misuses: [Misuse("rank", says: [name, "[3]", "matrix"]) { _ = f(.ones([3]), 0) }])
  }

  static let lowerTriangle = triangle("lowerTriangle") { $0.lowerTriangle($1) }
  static let upperTriangle = triangle("upperTriangle") { $0.upperTriangle($1) }
  static let oneHot = Op(
    "oneHot", "1 at the label, 0 elsewhere", derivative: .none,
    samples: [
      Sample("vector", [.integers([5], 0..<4)]) { $0[0].oneHot(classes: 4) },
      Sample("matrix", [.integers([2, 3], 0..<3)]) { $0[0].oneHot(classes: 5) },
      Sample("empty", [.integers([0], 0..<3)]) { $0[0].oneHot(classes: 3) },
    ],
    misuses: [
      Misuse("range", says: ["oneHot", "label 3", "0..<3"]) { _ = Tensor([3]).oneHot(classes: 3) },
      Misuse("dtype", says: ["oneHot", "float32", "cast(to: .int64)"]) { _ = Tensor.ones([2]).oneHot(classes: 3) },
    ])
}
