/// Group normalisation: y = weight·(x − μ)/√(σ² + ε) + bias, with the mean μ and the biased variance σ² of each sample over each group of
/// neighbouring channels and over space (Wu & He, 2018). One group: all channels; as many as channels: instance normalisation.
///
/// x [batch, channels, ...], weight and bias [channels], or left out for 1 and 0. Same shape out. Stops when the shapes do not fit, or
/// the groups do not divide the channels.
///
/// ```swift
/// groupNorm(Tensor([[1.0, 3.0, 10.0, 14.0]]), groups: 2, epsilon: 0)  // → [[-1.0, 1.0, -1.0, 1.0]]
/// ```
public func groupNorm(
  _ x: Tensor, groups: Int, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
) -> Tensor {
  groupNorm("groupNorm", x, groups: groups, weight, bias, epsilon)
}

/// Instance normalisation: y = weight·(x − μ)/√(σ² + ε) + bias, with the mean μ and the biased variance σ² of each sample's each channel over
/// space (Ulyanov, Vedaldi & Lempitsky, 2016).
///
/// x [batch, channels, length] or [batch, channels, height, width], weight and bias [channels], or left out for 1 and 0. Same shape
/// out. Stops when the shapes do not fit, or a channel has a single value.
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
  let given = [weight, bias].compactMap(\.self)
  guard x.rank >= 2, groups >= 1, x.shape[1] % groups == 0,
    given.allSatisfy({ $0.shape == [x.shape[1]] && $0.dtype == x.dtype })
  else {
    let others = given.map { ", \($0.dtype) \($0.shape)" }.joined()
    stop(
      op, "x \(x.dtype) \(x.shape)\(others) and \(groups) groups do not fit",
      fix:
        "x is [batch, channels, ...], weight and bias are [channels], all of one dtype, and the groups divide the channels"
    )
  }
  let n = x.shape.dimensions[2...].reduce(x.shape[1] / groups, *)
  let rows = RowNorm(op: op, shape: [n], epsilon: epsilon, centred: true)
  var y = rows(x.reshaped([x.shape[0], groups, n]), nil, nil).reshaped(x.shape)
  let each = Shape([x.shape[1]] + [Int](repeating: 1, count: x.rank - 2))
  if let weight { y = y * weight.reshaped(each) }
  if let bias { y = y + bias.reshaped(each) }
  return y
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
