/// Group normalisation: y = weight·(x − μ)/√(σ² + ε) + bias, with the mean μ and the biased variance σ² of each sample
/// over each group of neighbouring channels and over space (Wu & He, 2018). One group: all channels; as many as
/// channels: instance normalisation.
///
/// x [batch, channels, ...], weight and bias [channels], or left out for 1 and 0. Same shape out. Stops when the shapes
/// do not fit, or the groups do not divide the channels.
///
/// ```swift
/// groupNorm(Tensor([[1.0, 3.0, 10.0, 14.0]]), groups: 2, epsilon: 0)  // → [[-1.0, 1.0, -1.0, 1.0]]
/// ```
public func groupNorm(
  _ x: Tensor, groups: Int, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
) -> Tensor {
  groupNorm("groupNorm", x, groups: groups, weight, bias, epsilon)
}

/// Instance normalisation: y = weight·(x − μ)/√(σ² + ε) + bias, with the mean μ and the biased variance σ² of each
/// sample's each channel over space (Ulyanov, Vedaldi & Lempitsky, 2016).
///
/// x [batch, channels, length] or [batch, channels, height, width], weight and bias [channels], or left out for 1 and
/// 0. Same shape out. Stops when the shapes do not fit, or a channel has a single value.
///
/// ```swift
/// instanceNorm(Tensor([[[1.0, 3.0]]]), epsilon: 0)  // → [[[-1.0,  1.0]]]
/// ```
public func instanceNorm(
  _ x: Tensor, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
) -> Tensor {
  if x.rank < 3 || x.shape.dimensions[2...].reduce(1, *) < 2 {
    stop(
      "instanceNorm", "x \(x.shape) has no two values per channel",
      fix: "pass [batch, channels, length] or [batch, channels, height, width] with more than one place")
  }
  return groupNorm("instanceNorm", x, groups: x.shape[1], weight, bias, epsilon)
}

private func groupNorm(
  _ op: String, _ x: Tensor, groups: Int, _ weight: Tensor?, _ bias: Tensor?, _ epsilon: Double
) -> Tensor {
  if Autocast.isOn {
    return Autocast.keepingDType(of: x, weight, bias) { groupNorm(op, $0, groups: groups, $1, $2, epsilon) }
  }
  let given = [weight, bias].compactMap(\.self)
  guard x.rank >= 2, groups >= 1, x.dtype.isFloatingPoint, x.shape[1] % groups == 0,
    given.allSatisfy({ $0.shape == [x.shape[1]] && $0.dtype == x.dtype })
  else {
    let others = given.map { ", \($0.dtype) \($0.shape)" }.joined()
    stop(
      op, "x \(x.dtype) \(x.shape)\(others) and \(groups) groups do not fit",
      fix:
        "x is [batch, channels, ...], weight and bias are [channels], all of one floating dtype, and the groups divide the channels"
    )
  }
  if x.dtype == .bfloat16 {
    return groupNorm(
      op, x.cast(to: .float32), groups: groups, weight?.cast(to: .float32), bias?.cast(to: .float32), epsilon
    ).cast(to: .bfloat16)
  }
  return GroupNorm(op: op, groups: groups, epsilon: epsilon)(x, weight, bias)
}

private struct GroupNorm: Sendable {
  let op: String
  let groups: Int
  let epsilon: Double

  func callAsFunction(_ x: Tensor, _ weight: Tensor?, _ bias: Tensor?) -> Tensor {
    let (batch, channels, space) = (x.shape[0], x.shape[1], x.shape.dimensions[2...].reduce(1, *))
    let row = x.rowMajor().detached()
    let (w, b) = (weight?.rowMajor().detached(), bias?.rowMajor().detached())
    let y = Tensor(uninitialized: row.layout, dtype: x.dtype)
    let mean = Tensor(uninitialized: [batch, groups], dtype: x.dtype)
    let r = Tensor(uninitialized: [batch, groups], dtype: x.dtype)
    kernels.group_norm(
      x.dtype.code, batch, channels, groups, space, epsilon, row.pointer, w?.pointer, b?.pointer, y.pointer,
      mean.pointer, r.pointer)
    withExtendedLifetime((w, b)) {}
    guard Tape.records(x, weight ?? x, bias) else { return y }
    let inputs = [x, weight, bias].compactMap(\.self)
    let (hasWeight, hasBias) = (weight != nil, bias != nil)
    return y.recorded(
      op, from: inputs,
      jointly: { g in
        if Tape.isRecording {
          return Tape.gradientsOfComposite(inputs, from: g) {
            composed($0[0], hasWeight ? $0[1] : nil, hasBias ? $0[$0.count - 1] : nil)
          }
        }
        let g = g.rowMajor()
        let dx = Tensor(uninitialized: row.layout, dtype: x.dtype)
        let dweight = hasWeight ? Tensor(uninitialized: [channels], dtype: x.dtype) : nil
        let dbias = hasBias ? Tensor(uninitialized: [channels], dtype: x.dtype) : nil
        kernels.group_norm_gradient(
          x.dtype.code, batch, channels, groups, space, g.pointer, row.pointer, mean.pointer, r.pointer, w?.pointer,
          dx.pointer, dweight?.pointer, dbias?.pointer)
        withExtendedLifetime(w) {}
        return [dx] + (hasWeight ? [dweight] : []) + (hasBias ? [dbias] : [])
      })
  }

  /// The same from simpler ops: the reference for the fused kernels, and what higher derivatives are taken of.
  private func composed(_ x: Tensor, _ weight: Tensor?, _ bias: Tensor?) -> Tensor {
    let n = x.shape.dimensions[2...].reduce(x.shape[1] / groups, *)
    let each = Shape([x.shape[1]] + [Int](repeating: 1, count: x.rank - 2))
    let rows = RowNorm(op: op, shape: [n], epsilon: epsilon, centred: true)
    var y = rows.composed(x.reshaped([x.shape[0], groups, n]), nil, nil).reshaped(x.shape)
    if let weight { y = y * weight.reshaped(each) }
    if let bias { y = y + bias.reshaped(each) }
    return y
  }
}

extension Op {
  static let groupNorm = Op(
    "groupNorm", "y = weight·(x − μ)/√(σ² + ε) + bias for each group of channels",
    samples: [
      Sample("pictures", [.uniform([2, 4, 3, 2]), .uniform([4], 0.5...1.5), .uniform([4])]) {
        TensorCore.groupNorm($0[0], groups: 2, weight: $0[1], bias: $0[2])
      },
      Sample("rows", [.uniform([3, 6])]) { TensorCore.groupNorm($0[0], groups: 2, epsilon: 0.1) },
      Sample("one group", [.uniform([2, 3, 5]), .uniform([3], 0.5...1.5), .uniform([3])]) {
        TensorCore.groupNorm($0[0], groups: 1, weight: $0[1], bias: $0[2])
      },
      Sample("empty batch", [.uniform([0, 4, 3]), .uniform([4]), .uniform([4])]) {
        TensorCore.groupNorm($0[0], groups: 2, weight: $0[1], bias: $0[2])
      },
    ],
    misuses: [
      Misuse("groups", says: ["groupNorm", "[2, 4, 3]", "3 groups"]) {
        _ = TensorCore.groupNorm(.ones([2, 4, 3]), groups: 3)
      },
      Misuse("weight", says: ["groupNorm", "[2, 4]", "[3]"]) {
        _ = TensorCore.groupNorm(.ones([2, 4]), groups: 2, weight: .ones([3]))
      },
    ])
  static let instanceNorm = Op(
    "instanceNorm", "y = weight·(x − μ)/√(σ² + ε) + bias for each channel",
    samples: [
      Sample("sequences", [.uniform([2, 3, 5])]) { TensorCore.instanceNorm($0[0]) },
      Sample("pictures", [.uniform([2, 3, 3, 2]), .uniform([3], 0.5...1.5), .uniform([3])]) {
        TensorCore.instanceNorm($0[0], weight: $0[1], bias: $0[2])
      },
      Sample("empty batch", [.uniform([0, 3, 4])]) { TensorCore.instanceNorm($0[0]) },
    ],
    misuses: [
      Misuse("one value", says: ["instanceNorm", "[2, 3, 1]", "no two values"]) {
        _ = TensorCore.instanceNorm(.ones([2, 3, 1]))
      }
    ])
}
