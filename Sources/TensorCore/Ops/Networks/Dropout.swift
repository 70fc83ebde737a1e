import CKernels

/// Sets each element to 0 with probability p and multiplies the rest by 1/(1 − p), so that the mean stays (Srivastava
/// et al., 2014). Stops unless 0 ≤ p < 1.
///
/// ```swift
/// let y = dropout(Tensor.ones([1000]), 0.5, using: RandomGenerator(seed: 1))
/// y.max().item()  // → 2.0
/// ```
public func dropout(_ x: Tensor, _ p: Double, using generator: RandomGenerator = .default) -> Tensor {
  Elementwise.requireFloatingPoint("dropout", x)
  guard p >= 0, p < 1 else { stop("dropout", "a probability of \(p)", fix: "use one in 0..<1") }
  if p == 0 { return x }
  let row = x.rowMajor()
  let y = Tensor(uninitialized: row.layout, dtype: x.dtype)
  let mask = Tensor(uninitialized: row.layout, dtype: .uint8)
  let state = generator.reserve(GB_DROPOUT, x.dtype, x.count)
  kernels.dropout(
    x.dtype.code, x.count, state.seed, state.position, p, row.pointer, y.pointer,
    mask.pointer.assumingMemoryBound(to: UInt8.self))
  guard Tape.records(x) else { return y }
  return y.recorded("dropout", from: x) { g in g * (mask.cast(to: g.dtype) * (1 / (1 - p))) }
}

extension Op {
  static let dropout = Op(
    "dropout", "yᵢ = xᵢ·mᵢ/(1 − p), mᵢ ~ Bernoulli(1 − p)",
    samples: [
      Sample("half", [.uniform([4, 5])]) { TensorCore.dropout($0[0], 0.5, using: RandomGenerator(seed: 3)) },
      Sample("none", [.uniform([3])]) { TensorCore.dropout($0[0], 0) },
      Sample("empty", [.uniform([0])]) { TensorCore.dropout($0[0], 0.2, using: RandomGenerator(seed: 3)) },
    ],
    misuses: [Misuse("probability", says: ["dropout", "1.0", "0..<1"]) { _ = TensorCore.dropout(.ones([2]), 1) }])
}
