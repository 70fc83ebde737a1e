/// Einstein's summation: products of elements, summed over every letter that the output does not name. "ij,jk->ik" is
/// the matrix product.
///
/// Each operand's axes are named by letters. A letter twice in one operand takes its diagonal; `...` stands for any
/// further axes, which broadcast, as axes of size 1 do; without `->`, the output is the ellipsis and then the letters
/// that occur once, in alphabetical order. Three and more operands are multiplied in the order of `einsumPath`; each
/// pair becomes one matrix product of views. Stops with the position in an equation that can't be read, and for sizes
/// that do not fit. (Einstein, 1916; the notation is NumPy's.)
///
/// ```swift
/// let (q, k) = (Tensor.ones([2, 4, 3, 8]), Tensor.ones([2, 4, 5, 8]))
/// einsum("bhid,bhjd->bhij", q, k).shape  // → [2, 4, 3, 5]
/// einsum("ii", Tensor([[1.0, 2.0], [3.0, 4.0]]))  // → 5.0
/// ```
public func einsum(_ equation: String, _ operands: Tensor...) -> Tensor { einsum(equation, operands) }

/// See `einsum(_:_:)` with the operands one by one.
///
/// ```swift
/// einsum("ij,j->i", [Tensor([[1.0, 2.0]]), Tensor([3.0, 4.0])])  // → [11.0]
/// ```
public func einsum(_ equation: String, _ operands: [Tensor]) -> Tensor {
  guard let first = operands.first else { stop("einsum", "there are no operands", fix: "pass one or more") }
  for operand in operands {
    // Its products go through `matmul` and `*`, which cast for themselves.
    let isCast = Autocast.isOn && operand.dtype.isFloatingPoint && first.dtype.isFloatingPoint
    if operand.dtype != first.dtype, !isCast { Elementwise.stopOnDTypes("einsum", first, operand) }
    if operand.dtype == .bool {
      stop("einsum", "bool \(operand.shape) has no products", fix: "cast(to: .float32) first")
    }
  }
  let equation = EinsumEquation(equation, operands.map(\.shape))
  var terms = zip(operands, equation.operands).map {
    EinsumTerm($0, labels: $1).withDiagonals().withoutRepeatedSizes(equation.sizes)
  }
  for (i, j) in ContractionPath(equation).steps {
    let (b, a) = (terms.remove(at: j), terms.remove(at: i))
    let needed = terms.reduce(into: Set(equation.output)) { $0.formUnion($1.labels) }
    terms.append(a.contracted(with: b, keeping: needed))
  }
  return terms[0].summed(keeping: Set(equation.output)).arranged(equation.output)
}

/// A tensor whose axes bear labels.
private struct EinsumTerm {
  let tensor: Tensor
  let labels: [EinsumEquation.Label]

  init(_ tensor: Tensor, labels: [EinsumEquation.Label]) {
    self.tensor = tensor
    self.labels = labels
  }

  /// Each label once: the diagonal of the axes that share one. A view.
  func withDiagonals() -> EinsumTerm {
    for (i, label) in labels.enumerated() {
      guard let j = labels[(i + 1)...].firstIndex(of: label) else { continue }
      guard tensor.shape[i] == tensor.shape[j] else {
        stop(
          "einsum", "axes \(i) and \(j) of \(tensor.shape) bear one letter, but differ in size",
          fix: "use two letters, or make the sizes equal")
      }
      var others = labels
      others.remove(at: j)
      others.remove(at: i)
      return EinsumTerm(tensor.diagonal(i, j), labels: others + [label]).withDiagonals()
    }
    return self
  }

  /// Without the axes of size 1 whose label is longer elsewhere: they broadcast.
  func withoutRepeatedSizes(_ sizes: [EinsumEquation.Label: Int]) -> EinsumTerm {
    let kept = labels.indices.filter { tensor.shape.dimensions[$0] == (sizes[labels[$0]] ?? 1) }
    if kept.count == labels.count { return self }
    let single = labels.indices.filter { !kept.contains($0) }
    let groups = kept.isEmpty ? [] : kept.dropLast().map { [$0] } + [[kept[kept.count - 1]] + single]
    return EinsumTerm(
      kept.isEmpty ? tensor.reshaped([]) : tensor.grouped(groups), labels: kept.map { labels[$0] })
  }

  /// Summed over the labels that nobody needs.
  func summed(keeping needed: Set<EinsumEquation.Label>) -> EinsumTerm {
    let axes = labels.indices.filter { !needed.contains(labels[$0]) }
    if axes.isEmpty { return self }
    let sum = tensor.sum(axes: axes)
    return EinsumTerm(
      sum.dtype == tensor.dtype ? sum : sum.cast(to: tensor.dtype), labels: labels.filter(needed.contains))
  }

  /// The axes in the order of `output`. A view.
  func arranged(_ output: [EinsumEquation.Label]) -> Tensor {
    labels == output ? tensor : tensor.permuted(axes(output))
  }

  private func axes(_ list: [EinsumEquation.Label]) -> [Int] { list.compactMap(labels.firstIndex) }

  /// Those of `list` in the order in which they stand in memory, so that neighbours can be merged without a copy.
  private func inMemoryOrder(_ list: [EinsumEquation.Label]) -> [EinsumEquation.Label] {
    axes(list).sorted { tensor.strides[$0] > tensor.strides[$1] }.map { labels[$0] }
  }

  private func sizes(_ list: [EinsumEquation.Label]) -> [Int] { axes(list).map { tensor.shape.dimensions[$0] } }

  /// The product of two, summed over the labels that nobody else needs.
  func contracted(with other: EinsumTerm, keeping needed: Set<EinsumEquation.Label>) -> EinsumTerm {
    let a = summed(keeping: needed.union(other.labels))
    let b = other.summed(keeping: needed.union(labels))
    let larger = a.tensor.count >= b.tensor.count ? a : b
    let shared = larger.inMemoryOrder(a.labels.filter(b.labels.contains))
    let batch = shared.filter(needed.contains)
    let summed = shared.filter { !needed.contains($0) }
    let rows = a.inMemoryOrder(a.labels.filter { !shared.contains($0) })
    let columns = b.inMemoryOrder(b.labels.filter { !shared.contains($0) })
    let labels = batch + rows + columns
    let axesOfBatch = { (term: EinsumTerm) in
      // A product's batch may have several axes, in whatever order of memory; but there are limits to its rank.
      let axes = term.axes(batch)
      return axes.count <= Shape.maximumRank - 2 ? axes.map { [$0] } : [axes]
    }
    let product: Tensor
    if summed.isEmpty {
      product =
        a.tensor.grouped(axesOfBatch(a) + [a.axes(rows), []])
        * b.tensor.grouped(axesOfBatch(b) + [[], b.axes(columns)])
    } else {
      product = a.tensor.grouped(axesOfBatch(a) + [a.axes(rows), a.axes(summed)])
        .matmul(b.tensor.grouped(axesOfBatch(b) + [b.axes(summed), b.axes(columns)]))
    }
    return EinsumTerm(product.reshaped(Shape(a.sizes(batch) + a.sizes(rows) + b.sizes(columns))), labels: labels)
  }
}

extension Tensor {
  /// The axes in the order of `groups`, those of a group merged into one; an empty group is a new axis of size 1. A
  /// view where the strides allow it.
  fileprivate func grouped(_ groups: [[Int]]) -> Tensor {
    let order = Array(groups.joined())
    let merged = Shape(groups.map { $0.reduce(1) { $0 * shape.dimensions[$1] } })
    var steps: [Int] = []
    for group in groups {
      // An axis of size 1 has no step of its own.
      let wide = group.filter { shape.dimensions[$0] != 1 }
      for (axis, next) in zip(wide, wide.dropFirst()) where strides[axis] != strides[next] * shape.dimensions[next] {
        return permuted(order).reshaped(merged)
      }
      steps.append(wide.last.map { strides[$0] } ?? 1)
    }
    let y = Tensor(storage: storage, layout: Layout(merged, strides: steps), offset: offset)
    guard Tape.records(self) else { return y }
    let sizes = Shape(order.map { shape.dimensions[$0] })
    var back = order
    for (axis, source) in order.enumerated() { back[source] = axis }
    return y.recorded("einsum", from: self) { [back] g in g.reshaped(sizes).permuted(back) }
  }
}

extension Op {
  static let einsum = Op(
    "einsum", "Σ of products over the letters that the output does not name",
    samples: [
      sample("ij,jk->ik", [2, 3], [3, 4]), sample("bhid,bhjd->bhij", [2, 2, 3, 2], [2, 2, 2, 2]),
      sample("bihd,bjhd->bhij", [2, 3, 2, 2], [2, 2, 2, 2]), sample("ij,jk", [2, 3], [3, 2]),
      sample("ba", [2, 3]), sample("ii", [3, 3]), sample("ii->i", [3, 3]), sample("iij,jk->ki", [2, 2, 3], [3, 2]),
      sample("...ij,...jk->...ik", [2, 1, 2, 3], [2, 3, 2]), sample("i...,i...->...", [3, 2, 2], [3, 2]),
      sample("b...->...", [2, 3]), sample("ij->", [2, 3]), sample("i,i", [3], [3]), sample("i,j->ji", [2], [3]),
      sample("ij,ij->ij", [2, 3], [2, 3]), sample("ij,kj->ik", [1, 3], [2, 1]),
      sample("ij,jk,kl,lm->im", [2, 3], [3, 2], [2, 4], [4, 2]),
      sample("ijk,jl,kl,l->il", [2, 3, 2], [3, 2], [2, 2], [2]), sample("i,ij,j->", [2], [2, 3], [3]),
      sample("ij,jk->ik ", [2, 0], [0, 3]), sample("i j , j k -> i k", [0, 2], [2, 3]),
    ],
    misuses: [
      Misuse("letter", says: ["einsum", "position 3", "\"1\" is no letter"]) {
        _ = TensorCore.einsum("ij,1", .ones([2, 2]))
      },
      Misuse("arrow", says: ["einsum", "position 2", "- without >"]) { _ = TensorCore.einsum("ij-ji", .ones([2, 2])) },
      Misuse("unknown output", says: ["einsum", "position 5", "axis k is in no operand"]) {
        _ = TensorCore.einsum("ij->ik", .ones([2, 2]))
      },
      Misuse("output twice", says: ["einsum", "position 5", "axis i is twice"]) {
        _ = TensorCore.einsum("ij->ii", .ones([2, 2]))
      },
      Misuse("dots", says: ["einsum", "position 1", "not three"]) { _ = TensorCore.einsum("i..", .ones([2, 2])) },
      Misuse("operands", says: ["einsum", "2 operands", "1 tensors"]) { _ = TensorCore.einsum("i,j", .ones([2])) },
      Misuse("rank", says: ["einsum", "operand 0", "names 1 axes", "[2, 2]"]) {
        _ = TensorCore.einsum("i", .ones([2, 2]))
      },
      Misuse("sizes", says: ["einsum", "axis j", "3", "operand 1 [4, 2]"]) {
        _ = TensorCore.einsum("ij,jk", .ones([2, 3]), .ones([4, 2]))
      },
      Misuse("dtypes", says: ["einsum", "float32", "int64", "cast(to:"]) {
        _ = TensorCore.einsum("i,i", .ones([2]), .ones([2], dtype: .int64))
      },
    ])

  /// Named by its equation, with dots for the commas that would part names in the goldens' script.
  private static func sample(_ equation: String, _ shapes: Shape...) -> Sample {
    Sample(String(equation.map { $0 == "," ? "·" : $0 }), shapes.map { .uniform($0, -1...1) }) {
      TensorCore.einsum(equation, $0)
    }
  }
}
