import CKernels

/// One call of attention: what its kernels need to know, and the same computation from simpler ops.
struct AttentionProblem: Sendable {
  let batch: Int
  let heads: Int
  /// How many heads the keys and values have; each serves heads/keyHeads neighbouring heads of the queries.
  let keyHeads: Int
  let length: Int
  let keys: Int
  let width: Int
  let valueWidth: Int
  let scale: Double
  let causal: Bool
  /// Off the tape, broadcast to [batch, heads, length, keys].
  var mask: Tensor?
  let dropout: Double
  let random: RandomGenerator.State

  /// q [batch, heads, length, width], k and v [batch, key heads, keys, width]. Stops when they do not fit.
  init(
    _ op: String, _ q: Tensor, _ k: Tensor, _ v: Tensor, mask: Tensor?, causal: Bool, dropout: Double, scale: Double?,
    using generator: RandomGenerator
  ) {
    Elementwise.requireFloatingPoint(op, q)
    if q.dtype != k.dtype { Elementwise.stopOnDTypes(op, q, k) }
    if q.dtype != v.dtype { Elementwise.stopOnDTypes(op, q, v) }
    guard q.rank == 4, k.rank == 4, v.rank == 4, q.shape[0] == k.shape[0], q.shape[3] == k.shape[3],
      k.shape.dimensions[..<3] == v.shape.dimensions[..<3], k.shape[1] > 0, q.shape[1] % k.shape[1] == 0
    else {
      stop(
        op, "queries \(q.shape), keys \(k.shape) and values \(v.shape) do not fit",
        fix:
          "queries are [batch, heads, length, width], keys and values [batch, key heads, keys, width], and the key heads divide the heads"
      )
    }
    guard dropout >= 0, dropout < 1 else { stop(op, "a dropout of \(dropout)", fix: "use a probability in 0..<1") }
    (batch, heads, length, width) = (q.shape[0], q.shape[1], q.shape[2], q.shape[3])
    (keyHeads, keys, valueWidth) = (k.shape[1], k.shape[2], v.shape[3])
    self.scale = scale ?? 1 / Double(Swift.max(width, 1)).squareRoot()
    self.causal = causal
    self.dropout = dropout
    let scores: Shape = [batch, heads, length, keys]
    if let mask {
      guard Shape.broadcast(mask.shape, scores) == scores, mask.dtype == .bool || mask.dtype == q.dtype else {
        stop(
          op, "a mask \(mask.dtype) \(mask.shape) does not fit scores \(q.dtype) \(scores)",
          fix:
            "the mask broadcasts to [batch, heads, length, keys]; it is bool, true where attended, or a number to add"
        )
      }
    }
    self.mask = mask?.detached()
    // As many as a tensor of the scores' shape takes whose rows are whole blocks of four words.
    random =
      dropout > 0
      ? generator.reserve(GB_BERNOULLI, .bool, batch * heads * length * ((keys + 3) / 4 * 4)) : .init(seed: 0)
  }

  /// For the kernels; the tensors give the steps.
  private func shape(_ q: Tensor, _ k: Tensor, _ v: Tensor, _ out: Tensor) -> gb_attention {
    var shape = gb_attention()
    (shape.batch, shape.heads, shape.key_heads) = (batch, heads, keyHeads)
    (shape.length, shape.keys, shape.width, shape.value_width) = (length, keys, width, valueWidth)
    (shape.q, shape.k, shape.v, shape.out) = (q.steps, k.steps, v.steps, out.steps)
    (shape.scale, shape.causal, shape.dropout) = (scale, causal, dropout)
    (shape.seed, shape.position) = (random.seed, random.position)
    if let mask {
      let steps = mask.broadcastStrides(to: [batch, heads, length, keys])
      shape.mask = UnsafeRawPointer(mask.pointer)
      shape.mask_steps = (steps[0], steps[1], steps[2], steps[3])
      shape.mask_adds = mask.dtype != .bool
    }
    return shape
  }

  /// Fills `out` [batch, heads, length, value width], whose rows are contiguous, as those of the others; returns the
  /// logarithms of the softmax' denominators.
  func forward(_ q: Tensor, _ k: Tensor, _ v: Tensor, into out: Tensor) -> Tensor {
    let logSumExp = Tensor(uninitialized: [batch, heads, length], dtype: q.dtype)
    withUnsafePointer(to: shape(q, k, v, out)) {
      kernels.attention(q.dtype.code, $0, q.pointer, k.pointer, v.pointer, out.pointer, logSumExp.pointer)
    }
    withExtendedLifetime(self) {}
    return logSumExp
  }

  /// Fills dq, dk and dv, whose rows are contiguous.
  func backward(
    _ g: Tensor, _ q: Tensor, _ k: Tensor, _ v: Tensor, _ out: Tensor, _ logSumExp: Tensor, into dq: Tensor,
    _ dk: Tensor,
    _ dv: Tensor
  ) {
    var shape = shape(q, k, v, out)
    (shape.g, shape.dq, shape.dk, shape.dv) = (g.steps, dq.steps, dk.steps, dv.steps)
    withUnsafePointer(to: shape) {
      kernels.attention_gradient(
        q.dtype.code, $0, g.pointer, q.pointer, k.pointer, v.pointer, out.pointer, logSumExp.pointer, dq.pointer,
        dk.pointer, dv.pointer)
    }
    withExtendedLifetime(self) {}
  }

  /// softmax(scale·Q·Kᵀ + mask)·V with all scores in memory: the reference for the kernels, and what higher derivatives
  /// are taken of. `mask` is given again because it may be on the tape here.
  func composed(_ q: Tensor, _ k: Tensor, _ v: Tensor, _ mask: Tensor?) -> Tensor {
    var scores = matmul(q, repeated(k).transposed()) * scale
    var visible: Tensor?
    if causal {
      let (rows, columns) = (Tensor.range(0, Double(length)), Tensor.range(0, Double(keys)))
      let past = rows.reshaped([length, 1]) .>= columns
      visible = past
    }
    if let mask {
      let open = mask.dtype == .bool ? mask : mask.detached() .> -.infinity
      visible = visible.map { $0 .& open } ?? open
      if mask.dtype != .bool { scores = scores + Tensor.where(open, mask, Tensor.zeros([], dtype: mask.dtype)) }
    }
    // Hidden scores are far below the others but finite: a query that sees nothing has weights to set to 0, not NaN.
    if let visible { scores = Tensor.where(visible, scores, Tensor(-1e30, dtype: scores.dtype)) }
    var weights = scores.softmax()
    if let visible { weights = Tensor.where(visible, weights, Tensor.zeros([], dtype: weights.dtype)) }
    if dropout > 0 { weights = weights * kept(weights.dtype) }
    return matmul(weights, repeated(v))
  }

  /// The factors that dropout multiplies the weights with: those that the kernels use.
  private func kept(_ dtype: DType) -> Tensor {
    let drawn = Tensor.bernoulli(
      [batch, heads, length, (keys + 3) / 4 * 4], probability: 1 - dropout, dtype: .bool,
      using: RandomGenerator(state: random))
    return drawn.sliced(axis: 3, from: 0, to: keys).cast(to: dtype) * (1 / (1 - dropout))
  }

  /// Each key head as often as heads of the queries read it.
  private func repeated(_ x: Tensor) -> Tensor {
    if keyHeads == heads { return x }
    let (keys, width) = (x.shape[2], x.shape[3])
    return x.unsqueezed(2).expanded(to: [batch, keyHeads, heads / keyHeads, keys, width])
      .reshaped([batch, heads, keys, width])
  }
}

extension Tensor {
  /// The steps between batches, heads and rows of a tensor of four axes.
  fileprivate var steps: (Int, Int, Int) { (strides[0], strides[1], strides[2]) }

  /// The same elements, off the tape, with neighbours in each row: itself if they stand so.
  func withContiguousRows() -> Tensor {
    strides[rank - 1] == 1 || shape[-1] <= 1 ? detached() : Tensor.copying(self, to: dtype)
  }

  /// A fresh [batch, heads, length, width], the heads of a place side by side if they are so in this tensor: then
  /// merging them costs nothing.
  func uninitializedHeads(width: Int) -> Tensor {
    let (batch, heads, length) = (shape[0], shape[1], shape[2])
    if strides[1] >= strides[2] { return Tensor(uninitialized: [batch, heads, length, width], dtype: dtype) }
    return Tensor(uninitialized: [batch, length, heads, width], dtype: dtype).transposed(1, 2)
  }
}
