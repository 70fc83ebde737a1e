import CKernels

/// How the rows of a bag become one.
public enum EmbeddingBagMode: Sendable, Hashable {
  case sum
  case mean
  case max
}

/// The sums, means or maxima of bags of rows: y[b, :] = Σ weight[i, :] over the indices i of bag b.
///
/// weight [rows, width]. Indices are a matrix [bags, size], a bag in each row, or a vector with `offsets` [bags], where
/// each bag begins; → [bags, width], with zeros for an empty bag. `weights`, of the indices' shape, multiply the rows
/// before they are added (sum only). Indices equal to `paddingIndex` are left out. At equal maxima the first one gets
/// the gradient. Stops when shapes or dtypes do not fit, and for an index outside.
///
/// Fused: the rows are added where they stand in the table, and never copied.
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
  let weightsFit = weights.map { $0.shape == indices.shape && $0.dtype == weight.dtype && mode == .sum } ?? true
  guard weight.rank == 2, weight.dtype.isFloatingPoint, indices.dtype.isInteger, fits, weightsFit else {
    stop(
      "embeddingBag",
      "weight \(weight.dtype) \(weight.shape), indices \(indices.dtype) \(indices.shape), "
        + "offsets \(offsets.map { "\($0.dtype) \($0.shape)" } ?? "none"), "
        + "weights \(weights.map { "\($0.dtype) \($0.shape)" } ?? "none"), mode \(mode) do not fit",
      fix: "pass integer indices [bags, size], or [count] with integer offsets [bags]; "
        + "weights have the indices' shape and the table's dtype, for sums only")
  }
  let bags = Bags(indices, offsets, rows: weight.shape[0], paddingIndex: paddingIndex)
  if mode == .max { return bags.largest(of: weight) }
  let kept = weights.map { $0.reshaped([$0.count]).indexSelected(axis: 0, indices: bags.members) }
  return bags.summed(weight, kept, mean: mode == .mean)
}

/// Which rows are in which bag, padding left out.
private struct Bags: Sendable {
  let count: Int
  /// Where each bag ends among the rows that are kept, [count].
  let ends: Tensor
  /// The rows that are kept, the bag of each, and its position in the given indices, [kept].
  let index: Tensor
  let bag: Tensor
  let members: Tensor

  init(_ indices: Tensor, _ offsets: Tensor?, rows: Int, paddingIndex: Int?) {
    let flat = indices.scalars(as: Int.self)
    let starts =
      offsets.map { $0.scalars(as: Int.self) } ?? (0..<indices.shape[0]).map { $0 * indices.shape[1] }
    let ordered = zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 }
    guard starts.first ?? 0 == 0, ordered, starts.last ?? 0 <= flat.count, !starts.isEmpty || flat.isEmpty else {
      stop(
        "embeddingBag", "the offsets \(starts) do not cut \(flat.count) indices into bags",
        fix: "begin at 0, go up, and end within the indices")
    }
    if let outside = flat.first(where: { !(0..<rows).contains($0) }) {
      stop(
        "embeddingBag", "index \(outside) is outside the \(rows) rows of the weight",
        fix: "use indices in 0..<\(rows), or a larger table")
    }
    var (ends, index, bag, members): ([Int64], [Int64], [Int64], [Int64]) = ([], [], [], [])
    for (number, start) in starts.enumerated() {
      for position in start..<(number + 1 < starts.count ? starts[number + 1] : flat.count)
      where flat[position] != paddingIndex {
        index.append(Int64(flat[position]))
        bag.append(Int64(number))
        members.append(Int64(position))
      }
      ends.append(Int64(index.count))
    }
    count = starts.count
    self.ends = Tensor(ends, shape: [ends.count])
    self.index = Tensor(index, shape: [index.count])
    self.bag = Tensor(bag, shape: [bag.count])
    self.members = Tensor(members, shape: [members.count])
  }

  /// Each row's factor, in float64: its weight, or one over the size of its bag; nil for 1.
  private func scale(_ weights: Tensor?, mean: Bool) -> Tensor? {
    if let weights { return weights.detached().cast(to: .float64).rowMajor() }
    if !mean { return nil }
    var sizes = [Double](repeating: 0, count: count)
    let numbers = bag.scalars(as: Int.self)
    for number in numbers { sizes[number] += 1 }
    return Tensor(numbers.map { 1 / sizes[$0] }, shape: [numbers.count], dtype: .float64)
  }

  func summed(_ table: Tensor, _ weights: Tensor?, mean: Bool) -> Tensor {
    let (rows, width) = (table.rowMajor().detached(), table.shape[1])
    let scale = scale(weights, mean: mean)
    let y = Tensor(uninitialized: [count, width], dtype: table.dtype)
    kernels.embedding_bag(
      table.dtype.code, width, count, ends.int64Pointer, index.int64Pointer, scale?.doubles, rows.pointer,
      y.pointer, nil)
    let inputs = [table] + (weights.map { [$0] } ?? [])
    guard Tape.records(inputs) else { return y }
    let wanted = inputs.map { $0.node != nil }
    return y.recorded("embeddingBag", from: inputs) { g in
      if Tape.isRecording {
        return Tape.gradientsOfComposite(inputs, from: g) {
          self.composed($0[0], $0.count > 1 ? $0[1] : scale?.cast(to: g.dtype))
        }
      }
      return self.gradients(g.rowMajor(), rows, scale, wanted)
    }
  }

  /// The same from simpler ops: what higher derivatives are taken of.
  private func composed(_ table: Tensor, _ scale: Tensor?) -> Tensor {
    let rows = embedding(table, index)
    return Tensor.zeros([count, table.shape[1]], dtype: table.dtype)
      .indexAdded(axis: 0, indices: bag, scale.map { rows * $0.unsqueezed(1) } ?? rows)
  }

  private func gradients(_ g: Tensor, _ table: Tensor, _ scale: Tensor?, _ wanted: [Bool]) -> [Tensor?] {
    let dtable = wanted[0] ? Tensor(uninitialized: table.layout, dtype: g.dtype) : nil
    let products = wanted.count > 1 && wanted[1] ? Tensor(uninitialized: index.layout, dtype: .float64) : nil
    kernels.embedding_bag_gradient(
      g.dtype.code, table.shape[0], table.shape[1], index.count, bag.int64Pointer, index.int64Pointer,
      scale?.doubles, g.pointer, table.pointer, dtable?.pointer, products?.doubles)
    return wanted.count > 1 ? [dtable, products?.cast(to: g.dtype)] : [dtable]
  }

  func largest(of table: Tensor) -> Tensor {
    let (rows, shape) = (table.rowMajor(), table.shape)
    let y = Tensor(uninitialized: [count, shape[1]], dtype: table.dtype)
    let winners = Tensor(uninitialized: y.shape, dtype: .int64)
    kernels.embedding_bag(
      table.dtype.code, shape[1], count, ends.int64Pointer, index.int64Pointer, nil, rows.pointer, y.pointer,
      winners.int64Pointer)
    guard Tape.records(table) else { return y }
    return y.recorded("embeddingBag", from: table) { g in
      let sent = Tensor.where(winners .>= 0, g, Tensor.zeros([], dtype: g.dtype))
      return Tensor.zeros(shape, dtype: g.dtype)
        .scatterAdded(axis: 0, indices: winners.clamped(to: 0...), sent)
    }
  }
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
      Sample("weights with offsets", [.uniform([5, 70]), .integers([6], 0..<5), .uniform([6])]) {
        TensorCore.embeddingBag($0[0], $0[1], offsets: Tensor([0, 2, 2, 5]), mode: .sum, weights: $0[2])
      },
      Sample("mean without padding", [.uniform([5, 3]), .integers([3, 4], 0..<5)]) {
        TensorCore.embeddingBag($0[0], $0[1], paddingIndex: 2)
      },
      Sample("no bags", [.uniform([5, 3]), .integers([0, 2], 0..<5)]) { TensorCore.embeddingBag($0[0], $0[1]) },
    ],
    misuses: [
      Misuse("vector without offsets", says: ["embeddingBag", "[5, 3]", "[4]", "offsets"]) {
        _ = TensorCore.embeddingBag(.ones([5, 3]), Tensor([0, 1, 2, 3]))
      },
      Misuse("range", says: ["embeddingBag", "index 5", "5 rows", "0..<5"]) {
        _ = TensorCore.embeddingBag(.ones([5, 3]), Tensor([[0, 5]]))
      },
      Misuse("offsets", says: ["embeddingBag", "[1, 0]", "2 indices"]) {
        _ = TensorCore.embeddingBag(.ones([5, 3]), Tensor([0, 1]), offsets: Tensor([1, 0]))
      },
    ])
}
