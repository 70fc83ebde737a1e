/// How the rows of a bag become one.
public enum EmbeddingBagMode: Sendable, Hashable {
  case sum
  case mean
  case max
}

/// The sums, means or maxima of bags of rows: y[b, :] = Σ weight[i, :] over the indices i of bag b.
///
/// weight [rows, width]. Indices are a matrix [bags, size], a bag in each row, or a vector with `offsets` [bags], where each bag begins; →
/// [bags, width], with zeros for an empty bag. `weights`, of the indices' shape, multiply the rows before they are added (sum only).
/// Indices equal to `paddingIndex` are left out. At equal maxima the first one gets the gradient. Stops when the shapes do not fit.
///
/// ```swift
/// let table = Tensor([[1.0], [10.0], [100.0]])
/// embeddingBag(table, Tensor([[0, 1], [2, 2]]), mode: .sum)  // → [[11.0], [200.0]]
/// embeddingBag(table, Tensor([0, 1, 2]), offsets: Tensor([0, 2]), mode: .max)  // → [[10.0], [100.0]]
/// ```
public func embeddingBag(
  _ weight: Tensor, _ indices: Tensor, offsets: Tensor? = nil, mode: EmbeddingBagMode = .mean,
  weights: Tensor? = nil, paddingIndex: Int? = nil
) -> Tensor {
  let fits = offsets.map { $0.rank == 1 && $0.dtype.isInteger && indices.rank == 1 } ?? (indices.rank == 2)
  guard weight.rank == 2, fits, weights == nil || weights?.shape == indices.shape, weights == nil || mode == .sum else {
    stop(
      "embeddingBag",
      "weight \(weight.shape), indices \(indices.shape), offsets \(offsets.map { "\($0.dtype) \($0.shape)" } ?? "none"), weights \(weights.map { "\($0.shape)" } ?? "none"), mode \(mode) do not fit",
      fix:
        "pass indices [bags, size], or [count] with integer offsets [bags]; weights have the indices' shape, for sums only"
    )
  }
  var rows = embedding(weight, indices.reshaped([indices.count]), paddingIndex: paddingIndex)
  if let weights { rows = rows * weights.reshaped([weights.count, 1]) }
  let bags = bagMembers(indices, offsets, paddingIndex: paddingIndex)
  let kept = bags.flatMap(\.self)
  let numbers = bags.enumerated().flatMap { number, members in members.map { _ in number } }
  if mode == .max { return largest(of: rows, in: bags) }
  let chosen =
    kept.count == rows.shape[0] ? rows : rows.indexSelected(axis: 0, indices: Tensor(kept, shape: [kept.count]))
  let sums = Tensor.zeros([bags.count, weight.shape[1]], dtype: weight.dtype)
    .indexAdded(axis: 0, indices: Tensor(numbers, shape: [numbers.count]), chosen)
  if mode == .sum { return sums }
  let shares = bags.map { 1 / Double(max($0.count, 1)) }
  return sums * Tensor(shares, shape: [bags.count, 1], dtype: weight.dtype)
}

/// The positions in `indices` that belong to each bag.
private func bagMembers(_ indices: Tensor, _ offsets: Tensor?, paddingIndex: Int?) -> [[Int]] {
  let flat = indices.scalars(as: Int.self)
  let starts: [Int]
  if let offsets {
    starts = offsets.scalars(as: Int.self)
    let ordered = zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 }
    guard starts.first ?? 0 == 0, ordered, starts.last ?? 0 <= flat.count, !starts.isEmpty || flat.isEmpty else {
      stop(
        "embeddingBag", "the offsets \(starts) do not cut \(flat.count) indices into bags",
        fix: "begin at 0, go up, and end within the indices")
    }
  } else {
    starts = (0..<indices.shape[0]).map { $0 * indices.shape[1] }
  }
  return starts.indices.map { bag in
    (starts[bag]..<(bag + 1 < starts.count ? starts[bag + 1] : flat.count)).filter { flat[$0] != paddingIndex }
  }
}

/// The largest elements of each bag's rows: bags of one size side by side, filled up with their first member, which changes no maximum.
private func largest(of rows: Tensor, in bags: [[Int]]) -> Tensor {
  let (size, width) = (bags.map(\.count).max() ?? 0, rows.shape[1])
  if size == 0 { return Tensor.zeros([bags.count, width], dtype: rows.dtype) }
  let positions = bags.flatMap { bag in bag + [Int](repeating: bag.first ?? 0, count: size - bag.count) }
  let members = rows.indexSelected(axis: 0, indices: Tensor(positions, shape: [positions.count]))
    .reshaped([bags.count, size, width])
  let y = members.maxWithIndices(axis: 1).values
  if bags.allSatisfy({ !$0.isEmpty }) { return y }
  let filled = Tensor(bags.map { !$0.isEmpty }, shape: [bags.count, 1])
  return Tensor.where(filled, y, Tensor.zeros([], dtype: y.dtype))
}

extension Op {
  static let embeddingBag = Op(
    "embeddingBag", "y[b, :] = Σ weight[i, :] over the indices of bag b",
    samples: [
      Sample("sum", [.uniform([5, 3]), .integers([2, 4], 0..<5)]) {
        TensorCore.embeddingBag($0[0], $0[1], mode: .sum)
      },
      Sample("weighted sum", [.uniform([5, 3]), .integers([2, 4], 0..<5), .uniform([2, 4])]) {
        TensorCore.embeddingBag($0[0], $0[1], mode: .sum, weights: $0[2])
      },
      Sample("mean with offsets", [.uniform([5, 3]), .integers([6], 0..<5)]) {
        TensorCore.embeddingBag($0[0], $0[1], offsets: Tensor([0, 2, 2, 5]))
      },
      Sample("max", [.uniform([5, 3]), .integers([3, 2], 0..<5)]) {
        TensorCore.embeddingBag($0[0], $0[1], mode: .max)
      },
      Sample("max with offsets", [.uniform([5, 3]), .integers([6], 0..<5)]) {
        TensorCore.embeddingBag($0[0], $0[1], offsets: Tensor([0, 1, 1]), mode: .max)
      },
      Sample("no bags", [.uniform([5, 3]), .integers([0, 2], 0..<5)]) { TensorCore.embeddingBag($0[0], $0[1]) },
    ],
    misuses: [
      Misuse("vector without offsets", says: ["embeddingBag", "[5, 3]", "[4]", "offsets"]) {
        _ = TensorCore.embeddingBag(.ones([5, 3]), Tensor([0, 1, 2, 3]))
      },
      Misuse("offsets", says: ["embeddingBag", "[1, 0]", "2 indices"]) {
        _ = TensorCore.embeddingBag(.ones([5, 3]), Tensor([0, 1]), offsets: Tensor([1, 0]))
      },
    ])
}
