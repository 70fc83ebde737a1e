import CKernels

/// Batch normalisation in training: each channel of x [batch, channels, ...] to mean 0 and variance 1 over the batch
/// and space, then scaled and shifted (Ioffe & Szegedy, 2015): y = weight·(x − μ)/√(σ² + ε) + bias.
///
/// weight and bias are [channels]; also returns the batch's mean and biased variance, [channels], off the tape. Stops
/// when the shapes do not fit or a channel has fewer than two values.
///
/// ```swift
/// let x = Tensor([[1.0], [3.0]])
/// let (y, mean, variance) = batchNorm(x, weight: Tensor([2.0]), bias: Tensor([1.0]), epsilon: 0)
/// y  // → [[-1.0], [3.0]]
/// mean  // → [2.0]
/// variance  // → [1.0]
/// ```
public func batchNorm(
  _ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Double = 1e-5
) -> (y: Tensor, mean: Tensor, variance: Tensor) {
  if Autocast.isOn {
    let (y, mean, variance) = Autocast.widening([x, weight, bias]) {
      batchNorm($0[0], weight: $0[1], bias: $0[2], epsilon: epsilon)
    }
    return (y.cast(to: x.dtype), mean, variance)
  }
  BatchNorm.check(x, [weight, bias])
  let (batch, channels, space) = BatchNorm.sizes(x)
  if batch * space < 2 {
    stop(
      "batchNorm", "x \(x.shape) has \(batch * space) values per channel, and a variance needs two",
      fix: "use larger batches, or evaluation mode")
  }
  let row = x.rowMajor().detached()
  let mean = Tensor(uninitialized: [channels], dtype: x.dtype)
  let variance = Tensor(uninitialized: [channels], dtype: x.dtype)
  kernels.moments(x.dtype.code, batch, channels, space, row.pointer, mean.pointer, variance.pointer)
  let r = withoutGradients { (variance + epsilon).rsqrt() }
  let y = BatchNorm.affine(row, mean, withoutGradients { weight * r }, bias)
  guard Tape.records(x, weight, bias) else { return (y, mean, variance) }
  let recorded = y.recorded(
    "batchNorm", from: [x, weight, bias],
    jointly: { g in
      if Tape.isRecording {
        return Tape.gradientsOfComposite([x, weight, bias], from: g) {
          BatchNorm.composed($0[0], $0[1], $0[2], epsilon)
        }
      }
      return BatchNorm.gradients(g, row, mean, r, weight.detached())
    })
  return (recorded, mean, variance)
}

/// Batch normalisation in evaluation, with given statistics: y = weight·(x − mean)/√(variance + ε) + bias per channel.
///
/// ```swift
/// let one = Tensor([1.0])
/// batchNorm(Tensor([[3.0]]), mean: one, variance: Tensor([4.0]), weight: one, bias: one, epsilon: 0)  // → [[2.0]]
/// ```
public func batchNorm(
  _ x: Tensor, mean: Tensor, variance: Tensor, weight: Tensor, bias: Tensor, epsilon: Double = 1e-5
) -> Tensor {
  if Autocast.isOn {
    return Autocast.widening([x, mean, variance, weight, bias]) {
      batchNorm($0[0], mean: $0[1], variance: $0[2], weight: $0[3], bias: $0[4], epsilon: epsilon)
    }.cast(to: x.dtype)
  }
  BatchNorm.check(x, [mean, variance, weight, bias])
  if Tape.records([x, mean, variance, weight, bias]) {
    let each = BatchNorm.channelShape(x)
    let scale = weight * (variance + epsilon).rsqrt()
    return (x - mean.reshaped(each)) * scale.reshaped(each) + bias.reshaped(each)
  }
  return BatchNorm.affine(x.rowMajor(), mean, weight * (variance + epsilon).rsqrt(), bias)
}

private enum BatchNorm {
  static func check(_ x: Tensor, _ channelwise: [Tensor]) {
    for tensor in channelwise where x.rank < 2 || tensor.shape != [x.shape[1]] || tensor.dtype != x.dtype {
      stop(
        "batchNorm", "x \(x.dtype) \(x.shape) and a \(tensor.dtype) \(tensor.shape) do not fit",
        fix: "x is [batch, channels, ...]; mean, variance, weight and bias are [channels], all of one dtype")
    }
    if x.dtype != .float32 && x.dtype != .float64 {
      stop("batchNorm", "x is \(x.dtype)", fix: "cast(to: .float32) first")
    }
  }

  static func sizes(_ x: Tensor) -> (batch: Int, channels: Int, space: Int) {
    (x.shape[0], x.shape[1], x.shape.dimensions.dropFirst(2).reduce(1, *))
  }

  static func channelShape(_ x: Tensor) -> Shape {
    Shape([1, x.shape[1]] + [Int](repeating: 1, count: x.rank - 2))
  }

  static func affine(_ x: Tensor, _ mean: Tensor, _ scale: Tensor, _ shift: Tensor) -> Tensor {
    let (batch, channels, space) = sizes(x)
    let (mean, scale, shift) = (mean.rowMajor(), scale.rowMajor(), shift.rowMajor())
    let y = Tensor(uninitialized: x.layout, dtype: x.dtype)
    kernels.channel_affine(
      x.dtype.code, batch, channels, space, x.pointer, mean.pointer, scale.pointer, shift.pointer, y.pointer)
    return y
  }

  static func gradients(_ g: Tensor, _ x: Tensor, _ mean: Tensor, _ r: Tensor, _ weight: Tensor) -> [Tensor?] {
    let (batch, channels, space) = sizes(x)
    let (g, weight) = (g.rowMajor(), weight.rowMajor())
    let dx = Tensor(uninitialized: x.layout, dtype: x.dtype)
    let dweight = Tensor(uninitialized: [channels], dtype: x.dtype)
    let dbias = Tensor(uninitialized: [channels], dtype: x.dtype)
    kernels.batch_norm_gradient(
      x.dtype.code, batch, channels, space, g.pointer, x.pointer, mean.pointer, r.pointer, weight.pointer, dx.pointer,
      dweight.pointer,
      dbias.pointer)
    return [dx, dweight, dbias]
  }

  /// The same from simpler ops: the reference for the fused kernels, and what higher derivatives are taken of.
  static func composed(_ x: Tensor, _ weight: Tensor, _ bias: Tensor, _ epsilon: Double) -> Tensor {
    let axes = [0] + Array(2..<x.rank)
    let centred = x - x.mean(axes: axes, keepingDimensions: true)
    let variance = centred.square().mean(axes: axes, keepingDimensions: true)
    let each = channelShape(x)
    return centred * (variance + epsilon).rsqrt() * weight.reshaped(each) + bias.reshaped(each)
  }
}

extension Op {
  static let batchNorm = Op(
    "batchNorm", "y = weight·(x − μ)/√(σ² + ε) + bias",
    samples: [
      Sample("rows", [.uniform([5, 3]), .uniform([3], 0.5...1.5), .uniform([3])]) {
        TensorCore.batchNorm($0[0], weight: $0[1], bias: $0[2]).y
      },
      Sample("pictures", [.uniform([2, 3, 2, 2]), .uniform([3], 0.5...1.5), .uniform([3])]) {
        TensorCore.batchNorm($0[0], weight: $0[1], bias: $0[2]).y
      },
      Sample("evaluation", [.uniform([2, 3, 2, 2]), .uniform([3], 0.5...1.5), .uniform([3])]) {
        TensorCore.batchNorm(
          $0[0], mean: Tensor([0.1, 0.2, 0.3], dtype: $0[0].dtype),
          variance: Tensor([1.0, 2.0, 0.5], dtype: $0[0].dtype), weight: $0[1], bias: $0[2])
      },
      Sample("empty batch in evaluation", [.uniform([0, 3]), .uniform([3]), .uniform([3])]) {
        TensorCore.batchNorm(
          $0[0], mean: Tensor.zeros([3], dtype: $0[0].dtype), variance: Tensor.ones([3], dtype: $0[0].dtype),
          weight: $0[1], bias: $0[2])
      },
    ],
    misuses: [
      Misuse("channels", says: ["batchNorm", "[2, 3]", "[4]", "[channels]"]) {
        _ = TensorCore.batchNorm(.ones([2, 3]), weight: .ones([4]), bias: .ones([4]))
      },
      Misuse("one value", says: ["batchNorm", "[1, 3]", "1 values per channel"]) {
        _ = TensorCore.batchNorm(.ones([1, 3]), weight: .ones([3]), bias: .ones([3]))
      },
    ])
}
