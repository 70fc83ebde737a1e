/// Scaled dot-product attention: softmax(scale·Q·Kᵀ + mask)·V (Vaswani et al., "Attention is all you need", 2017,
/// §3.2.1).
///
/// query [batch, heads, length, width], key [batch, key heads, keys, width], value [batch, key heads, keys, value
/// width] → [batch, heads, length, value width]. The key heads divide the heads, and each serves as many neighbouring
/// heads (grouped queries: Ainslie et al., 2023). The scale is 1/√width unless given.
///
/// A mask broadcasts to [batch, heads, length, keys]: bool, true where a query may attend to a key; or a number to add
/// to the score. With `causal`, query i sees the keys 0...i. A query that may attend to nothing gets zeros. `dropout`
/// is the probability of dropping an attention weight.
///
/// Computed a block of scores at a time, so that memory grows with the length, not with its square (Dao et al.,
/// "FlashAttention", 2022). Stops when the shapes do not fit.
///
/// ```swift
/// let x = Tensor([[[[1.0, 0.0], [0.0, 1.0]]]])
/// scaledDotProductAttention(x, x, x, causal: true)[0, 0, 0]  // → [1.0, 0.0]
/// scaledDotProductAttention(x, x, x, scale: 0)[0, 0, 0]  // → [0.5, 0.5]
/// ```
public func scaledDotProductAttention(
  _ query: Tensor, _ key: Tensor, _ value: Tensor, mask: Tensor? = nil, causal: Bool = false, dropout: Double = 0,
  scale: Double? = nil, using generator: RandomGenerator = .default
) -> Tensor {
  if Autocast.isOn {
    return Autocast.lowering([query, key, value] + number(mask)) {
      scaledDotProductAttention(
        $0[0], $0[1], $0[2], mask: $0.count > 3 ? $0[3] : mask, causal: causal, dropout: dropout, scale: scale,
        using: generator)
    }
  }
  let op = "scaledDotProductAttention"
  var problem = AttentionProblem(
    op, query, key, value, mask: mask, causal: causal, dropout: dropout, scale: scale, using: generator)
  if query.dtype == .bfloat16 {
    let wide = mask.map { $0.dtype == .bool ? $0 : $0.cast(to: .float32) }
    problem.mask = wide?.detached()
    return attended(op, problem, query.cast(to: .float32), key.cast(to: .float32), value.cast(to: .float32), wide)
      .cast(to: .bfloat16)
  }
  return attended(op, problem, query, key, value, mask)
}

/// A mask of numbers, which is cast as they are; none for one of bools.
private func number(_ mask: Tensor?) -> [Tensor] { mask.map { $0.dtype == .bool ? [] : [$0] } ?? [] }

private func attended(
  _ op: String, _ problem: AttentionProblem, _ query: Tensor, _ key: Tensor, _ value: Tensor, _ mask: Tensor?
) -> Tensor {
  // A mask's gradient is as large as all scores, so nothing would be saved.
  if let mask, Tape.records(mask) { return problem.composed(query, key, value, mask) }
  let (q, k, v) = (query.withContiguousRows(), key.withContiguousRows(), value.withContiguousRows())
  let y = q.uninitializedHeads(width: problem.valueWidth)
  let logSumExp = problem.forward(q, k, v, into: y)
  guard Tape.records(query, key, value) else { return y }
  return y.recorded(
    op, from: [query, key, value],
    jointly: { g in
      if Tape.isRecording {
        return Tape.gradientsOfComposite([query, key, value], from: g) {
          problem.composed($0[0], $0[1], $0[2], problem.mask)
        }
      }
      let g = g.withContiguousRows()
      if problem.keys == 0 { return [query, key, value].map { Tensor.zeros(like: $0) } }
      let dq = q.uninitializedHeads(width: problem.width)
      let dk = k.uninitializedHeads(width: problem.width)
      let dv = v.uninitializedHeads(width: problem.valueWidth)
      problem.backward(g, q, k, v, y, logSumExp, into: dq, dk, dv)
      return [dq, dk, dv]
    })
}

/// Scaled dot-product attention of a sequence to itself, from one projection that holds queries, keys and values side
/// by side.
///
/// projected [batch, length, 3·heads·width], all queries first, then all keys, then all values, and in each the heads
/// side by side → [batch, length, heads·width]. The same as cutting it apart, `scaledDotProductAttention` and merging
/// the heads, without the copies. Stops when the shapes do not fit.
///
/// ```swift
/// selfAttention(Tensor.ones([2, 5, 12]), heads: 2, causal: true).shape  // → [2, 5, 4]
/// ```
public func selfAttention(
  _ projected: Tensor, heads: Int, mask: Tensor? = nil, causal: Bool = false, dropout: Double = 0,
  scale: Double? = nil, using generator: RandomGenerator = .default
) -> Tensor {
  if Autocast.isOn {
    return Autocast.lowering([projected] + number(mask)) {
      selfAttention(
        $0[0], heads: heads, mask: $0.count > 1 ? $0[1] : mask, causal: causal, dropout: dropout, scale: scale,
        using: generator)
    }
  }
  let op = "selfAttention"
  guard projected.rank == 3, heads >= 1, projected.shape[2] % (3 * heads) == 0 else {
    stop(
      op, "a projection \(projected.shape) does not hold queries, keys and values of \(heads) heads",
      fix: "pass [batch, length, 3·heads·width]")
  }
  if projected.dtype == .bfloat16, mask?.dtype ?? .bool == .bool || mask?.dtype == .bfloat16 {
    let mask = mask.map { $0.dtype == .bool ? $0 : $0.cast(to: .float32) }
    return selfAttention(
      projected.cast(to: .float32), heads: heads, mask: mask, causal: causal, dropout: dropout, scale: scale,
      using: generator
    ).cast(to: .bfloat16)
  }
  if mask.map(Tape.records) ?? false {
    let parts = headsApart(projected, heads)
    return headsMerged(
      scaledDotProductAttention(
        parts[0], parts[1], parts[2], mask: mask, causal: causal, dropout: dropout, scale: scale, using: generator))
  }
  let row = projected.withContiguousRows()
  let parts = headsApart(row, heads)
  let problem = AttentionProblem(
    op, parts[0], parts[1], parts[2], mask: mask, causal: causal, dropout: dropout, scale: scale, using: generator)
  let y = Tensor(uninitialized: [row.shape[0], row.shape[1], row.shape[2] / 3], dtype: row.dtype)
  let out = y.reshaped([row.shape[0], row.shape[1], heads, row.shape[2] / 3 / heads]).transposed(1, 2)
  let logSumExp = problem.forward(parts[0], parts[1], parts[2], into: out)
  guard Tape.records(projected) else { return y }
  return y.recorded(op, from: projected) { g in
    if Tape.isRecording {
      return Tape.gradientsOfComposite([projected], from: g) {
        let parts = headsApart($0[0], heads)
        return headsMerged(problem.composed(parts[0], parts[1], parts[2], problem.mask))
      }[0] ?? Tensor.zeros(like: projected)
    }
    let gradient = Tensor(uninitialized: row.shape, dtype: row.dtype)
    let slopes = headsApart(gradient, heads)
    let ready = g.rowMajor().reshaped([row.shape[0], row.shape[1], heads, row.shape[2] / 3 / heads]).transposed(1, 2)
    problem.backward(
      ready, parts[0], parts[1], parts[2], out, logSumExp, into: slopes[0], slopes[1], slopes[2])
    return gradient
  }
}

/// [batch, length, 3·heads·width] as queries, keys and values [batch, heads, length, width]: views.
private func headsApart(_ x: Tensor, _ heads: Int) -> [Tensor] {
  let (batch, length, width) = (x.shape[0], x.shape[1], x.shape[2] / 3 / heads)
  let five = x.reshaped([batch, length, 3, heads, width]).permuted([2, 0, 3, 1, 4])
  return (0..<3).map { five[$0] }
}

/// [batch, heads, length, width] → [batch, length, heads·width].
private func headsMerged(_ x: Tensor) -> Tensor {
  x.transposed(1, 2).reshaped([x.shape[0], x.shape[2], x.shape[1] * x.shape[3]])
}

extension Op {
  static let scaledDotProductAttention: Op = {
    let (q, k) = (Input.uniform([2, 4, 3, 5]), Input.uniform([2, 4, 4, 5]))
    let small = [Input.uniform([1, 2, 3, 4]), .uniform([1, 2, 5, 4]), .uniform([1, 2, 5, 3])]
    return Op(
      "scaledDotProductAttention", "softmax(scale·Q·Kᵀ + mask)·V",
      samples: [
        Sample("plain", [q, k, k]) { TensorCore.scaledDotProductAttention($0[0], $0[1], $0[2]) },
        Sample("causal with other values", small) {
          TensorCore.scaledDotProductAttention($0[0], $0[1], $0[2], causal: true)
        },
        Sample("causal with few keys", [small[1], small[0], small[0]]) {
          TensorCore.scaledDotProductAttention($0[0], $0[1], $0[2], causal: true, scale: 0.3)
        },
        Sample("grouped heads", [.uniform([1, 4, 2, 3]), .uniform([1, 2, 3, 3]), .uniform([1, 2, 3, 3])]) {
          TensorCore.scaledDotProductAttention($0[0], $0[1], $0[2])
        },
        // Every query may attend to the first key.
        Sample("bool mask", small + [.bools([3, 5])]) {
          TensorCore.scaledDotProductAttention($0[0], $0[1], $0[2], mask: $0[3] .| (Tensor.range(0, 5) .< 1))
        },
        Sample("added mask with a gradient", small + [.uniform([2, 1, 5])]) {
          TensorCore.scaledDotProductAttention($0[0], $0[1], $0[2], mask: $0[3])
        },
        Sample("fixed added mask", small) {
          let mask = Tensor.range(0, 5, dtype: $0[0].dtype) * 0.25 - 0.5
          return TensorCore.scaledDotProductAttention($0[0], $0[1], $0[2], mask: mask, causal: true, scale: -0.5)
        },
        Sample("no queries", [.uniform([2, 1, 0, 3]), .uniform([2, 1, 2, 3]), .uniform([2, 1, 2, 3])]) {
          TensorCore.scaledDotProductAttention($0[0], $0[1], $0[2])
        },
      ],
      misuses: [
        Misuse("widths", says: ["scaledDotProductAttention", "[1, 1, 2, 3]", "[1, 1, 2, 4]", "[batch, heads"]) {
          _ = TensorCore.scaledDotProductAttention(.ones([1, 1, 2, 3]), .ones([1, 1, 2, 4]), .ones([1, 1, 2, 4]))
        },
        Misuse("mask", says: ["scaledDotProductAttention", "int64 [2]", "[1, 1, 2, 2]", "bool"]) {
          let x = Tensor.ones([1, 1, 2, 3])
          _ = TensorCore.scaledDotProductAttention(x, x, x, mask: Tensor([0, 1]))
        },
        Misuse("heads", says: ["scaledDotProductAttention", "[1, 3, 2, 3]", "[1, 2, 2, 3]", "divide"]) {
          let k = Tensor.ones([1, 2, 2, 3])
          _ = TensorCore.scaledDotProductAttention(.ones([1, 3, 2, 3]), k, k)
        },
      ])
  }()
  static let selfAttention = Op(
    "selfAttention", "softmax(scale·Q·Kᵀ + mask)·V with Q, K and V side by side",
    samples: [
      Sample("causal", [.uniform([2, 3, 12])]) { TensorCore.selfAttention($0[0], heads: 2, causal: true) },
      Sample("bool mask", [.uniform([1, 4, 18]), .bools([4, 4])]) {
        TensorCore.selfAttention($0[0], heads: 3, mask: $0[1] .| (Tensor.range(0, 4) .< 1))
      },
      Sample("empty", [.uniform([0, 3, 6])]) { TensorCore.selfAttention($0[0], heads: 2) },
    ],
    misuses: [
      Misuse("heads", says: ["selfAttention", "[1, 2, 6]", "4 heads"]) {
        _ = TensorCore.selfAttention(.ones([1, 2, 6]), heads: 4)
      }
    ])
}
