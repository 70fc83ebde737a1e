/// Each element back to where a max pooling found it, zeros elsewhere (Zeiler, Taylor & Fergus, "Adaptive
/// deconvolutional networks", 2011): the inverse of what the pooling kept.
///
/// x and indices [batch, channels, …] of one shape → [batch, channels] and `sizes`; an index counts the places of its
/// channel row by row, as `maxPool2dWithIndices` gives it. Of several elements for one place the last one stays. Stops
/// when the shapes do not fit or an index is outside.
///
/// ```swift
/// let pool = maxPool1dWithIndices(Tensor([[[1.0, 3.0, 2.0, 0.0]]]), kernel: 2)
/// maxUnpooled(pool.values, indices: pool.indices, to: [4])  // → [[[0.0, 3.0, 2.0, 0.0]]]
/// ```
public func maxUnpooled(_ x: Tensor, indices: Tensor, to sizes: [Int]) -> Tensor {
  guard x.rank >= 3, indices.dtype.isInteger, indices.shape == x.shape, sizes.count == x.rank - 2,
    sizes.allSatisfy({ $0 >= 1 })
  else {
    stop(
      "maxUnpooled", "x \(x.shape), indices \(indices.dtype) \(indices.shape) and sizes \(sizes) do not fit",
      fix:
        "pass x and integer indices of one shape [batch, channels, …], and a size of at least 1 for each further axis")
  }
  let (channels, places) = (x.shape[0] * x.shape[1], sizes.reduce(1, *))
  let rows: Shape = [channels, x.shape.dimensions[2...].reduce(1, *)]
  return Tensor.zeros([channels, places], dtype: x.dtype)
    .scattered(axis: 1, indices: indices.reshaped(rows), x.reshaped(rows))
    .reshaped(Shape(Array(x.shape.dimensions[..<2]) + sizes))
}

extension Op {
  static let maxUnpooled = Op(
    "maxUnpooled", "y[index[i]] = x[i]",
    samples: [
      Sample("pictures", [.uniform([2, 2, 4, 6])]) {
        let pool = TensorCore.maxPool2dWithIndices($0[0], kernel: 2)
        return TensorCore.maxUnpooled(pool.values, indices: pool.indices, to: [4, 6])
      },
      Sample("volumes", [.uniform([1, 2, 4, 5, 2])]) {
        let pool = TensorCore.maxPool3dWithIndices($0[0], kernel: 2)
        return TensorCore.maxUnpooled(pool.values, indices: pool.indices, to: [4, 5, 2])
      },
      Sample("empty batch", [.uniform([0, 2, 3])]) {
        TensorCore.maxUnpooled($0[0], indices: Tensor.zeros([0, 2, 3], dtype: .int64), to: [6])
      },
    ],
    misuses: [
      Misuse("shapes", says: ["maxUnpooled", "[1, 1, 2]", "[1, 1, 3]"]) {
        _ = TensorCore.maxUnpooled(.ones([1, 1, 2]), indices: Tensor.zeros([1, 1, 3], dtype: .int64), to: [4])
      }
    ])
}
