import CKernels

/// Rows of a table: y[..., :] = weight[indices[...], :].
///
/// weight [rows, width], indices integers of any shape → [..., width]. The row at `paddingIndex` is read like any other
/// but gets no gradient. Gradients of a row that is read several times are added in the order of the indices. Stops for
/// an index outside the table.
///
/// ```swift
/// embedding(Tensor([[1.0, 2.0], [3.0, 4.0]]), Tensor([1, 0, 1]))  // → [[3.0, 4.0], [1.0, 2.0], [3.0, 4.0]]
/// ```
public func embedding(_ weight: Tensor, _ indices: Tensor, paddingIndex: Int? = nil) -> Tensor {
  guard weight.rank == 2, indices.dtype.isInteger else {
    stop(
      "embedding", "weight \(weight.dtype) \(weight.shape) and indices \(indices.dtype) \(indices.shape) do not fit",
      fix: "weight is [rows, width], and the indices are integers: cast(to: .int64)")
  }
  let positions = (indices.dtype == .int64 ? indices.rowMajor() : Tensor.copying(indices, to: .int64)).detached()
  let (table, rows, width) = (weight.rowMajor(), weight.shape[0], weight.shape[1])
  let y = Tensor(uninitialized: Shape(indices.shape.dimensions + [width]), dtype: weight.dtype)
  let outside = kernels.index_select(
    weight.dtype.code, 1, rows, width, positions.count, table.pointer, positions.int64Pointer, y.pointer)
  if outside >= 0 {
    stop(
      "embedding", "index \(positions.int64Pointer[outside]) is outside the \(rows) rows of weight \(weight.shape)",
      fix: "use indices in 0..<\(rows), or a larger table")
  }
  guard Tape.records(weight) else { return y }
  return y.recorded("embedding", from: weight) { g in
    embeddingGradient(g, positions, rows: rows, paddingIndex: paddingIndex)
  }
}

/// The transpose of `embedding`: row r of the result is the sum of g[j, :] over the j with positions[j] = r.
private func embeddingGradient(_ g: Tensor, _ positions: Tensor, rows: Int, paddingIndex: Int?) -> Tensor {
  let (row, width) = (g.rowMajor(), g.shape[-1])
  let y = Tensor(uninitialized: [rows, width], dtype: g.dtype)
  kernels.embedding_gradient(
    g.dtype.code, rows, width, positions.count, row.pointer, positions.int64Pointer, Int64(paddingIndex ?? -1),
    y.pointer)
  guard Tape.records(g) else { return y }
  return y.recorded("embedding gradient", from: g) { gg in
    let read = embedding(gg, positions, paddingIndex: paddingIndex)
    guard let paddingIndex else { return read }
    return read * (positions .!= Double(paddingIndex)).cast(to: gg.dtype).unsqueezed(-1)
  }
}

extension Op {
  static let embedding = Op(
    "embedding", "y[…, :] = weight[indices[…], :]",
    samples: [
      Sample("vector", [.uniform([4, 3]), .integers([5], 0..<4)]) { TensorCore.embedding($0[0], $0[1]) },
      Sample("matrix", [.uniform([5, 17]), .integers([2, 3], 0..<5)]) { TensorCore.embedding($0[0], $0[1]) },
      Sample("scalar", [.uniform([4, 3]), .integers([], 0..<4)]) { TensorCore.embedding($0[0], $0[1]) },
      // Gradients at the padding itself are meant to differ from the derivative: the layer's tests look at them.
      Sample("padding elsewhere", [.uniform([5, 2]), .integers([3, 2], 0..<4)]) {
        TensorCore.embedding($0[0], $0[1], paddingIndex: 4)
      },
      Sample("none", [.uniform([4, 3]), .integers([0], 0..<4)]) { TensorCore.embedding($0[0], $0[1]) },
    ],
    misuses: [
      Misuse("range", says: ["embedding", "index 4", "[4, 3]", "0..<4"]) {
        _ = TensorCore.embedding(.ones([4, 3]), Tensor([0, 4]))
      },
      Misuse("dtype", says: ["embedding", "float32 [2]", "integers"]) {
        _ = TensorCore.embedding(.ones([4, 3]), .ones([2]))
      },
    ])
}
