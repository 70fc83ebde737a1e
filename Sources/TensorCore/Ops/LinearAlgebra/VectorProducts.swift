// Products of vectors, and Kronecker's of matrices.

/// The inner product of two vectors: Σᵢ aᵢ·bᵢ. [n], [n] → [].
///
/// ```swift
/// dot(Tensor([1.0, 2.0]), Tensor([3.0, 4.0]))  // → 11.0
/// ```
public func dot(_ a: Tensor, _ b: Tensor) -> Tensor {
  guard a.rank == 1, a.shape == b.shape else {
    stop(
      "dot", "\(a.shape) and \(b.shape) are not two vectors of one length", fix: "use matmul or einsum for more axes")
  }
  return matmul(a, b)
}

/// The outer product of two vectors: yᵢⱼ = aᵢ·bⱼ. [m], [n] → [m, n].
///
/// ```swift
/// outer(Tensor([1.0, 2.0]), Tensor([3.0, 4.0]))  // → [[3.0, 4.0], [6.0, 8.0]]
/// ```
public func outer(_ a: Tensor, _ b: Tensor) -> Tensor {
  guard a.rank == 1, b.rank == 1 else {
    stop("outer", "\(a.shape) and \(b.shape) are not two vectors", fix: "use kronecker or einsum for more axes")
  }
  return a.unsqueezed(1) * b
}

/// The Kronecker product: every element of `a` times the whole of `b`. [..., m, n], [..., p, q] → [..., m·p, n·q]; of
/// two vectors [m], [n] → [m·n]. The leading axes broadcast.
///
/// ```swift
/// kronecker(Tensor([[1.0, 2.0]]), Tensor([[1.0], [10.0]]))  // → [[1.0, 2.0], [10.0, 20.0]]
/// ```
public func kronecker(_ a: Tensor, _ b: Tensor) -> Tensor {
  if a.rank == 1 && b.rank == 1 { return (a.unsqueezed(1) * b).reshaped([a.count * b.count]) }
  guard a.rank >= 2, b.rank >= 2 else {
    stop(
      "kronecker", "\(a.shape) and \(b.shape) are neither two vectors nor matrices", fix: "unsqueezed(...) one of them")
  }
  let product = a.unsqueezed(-2).unsqueezed(-1) * b.unsqueezed(-2).unsqueezed(-4)
  let outer = product.shape.dimensions.dropLast(4)
  return product.reshaped(Shape(outer + [a.shape[-2] * b.shape[-2], a.shape[-1] * b.shape[-1]]))
}

/// The cross product of vectors in space, along `axis`, whose size is 3; the other axes broadcast.
///
/// ```swift
/// cross(Tensor([1.0, 0.0, 0.0]), Tensor([0.0, 1.0, 0.0]))  // → [0.0, 0.0, 1.0]
/// ```
public func cross(_ a: Tensor, _ b: Tensor, axis: Int = -1) -> Tensor {
  guard a.rank > 0, b.rank > 0, a.shape.dimensions[a.shape.resolved(axis, for: "cross")] == 3,
    b.shape.dimensions[b.shape.resolved(axis, for: "cross")] == 3
  else {
    stop("cross", "axis \(axis) of \(a.shape) or \(b.shape) is not of size 3", fix: "name the axis of x, y and z")
  }
  func rolled(_ x: Tensor, from first: Int) -> Tensor {
    let place = x.shape.resolved(axis, for: "cross")
    let parts = [x.sliced(axis: place, from: first, to: 3), x.sliced(axis: place, from: 0, to: first)]
    return Tensor.concatenated(parts, axis: place)
  }
  return rolled(a, from: 1) * rolled(b, from: 2) - rolled(a, from: 2) * rolled(b, from: 1)
}

extension Op {
  static let dot = Op(
    "dot", "Σᵢ aᵢ·bᵢ",
    samples: [
      Sample("vectors", [.uniform([5]), .uniform([5])]) { TensorCore.dot($0[0], $0[1]) },
      Sample("empty", [.uniform([0]), .uniform([0])]) { TensorCore.dot($0[0], $0[1]) },
    ],
    misuses: [
      Misuse("lengths", says: ["dot", "[2]", "[3]", "einsum"]) { _ = TensorCore.dot(.ones([2]), .ones([3])) },
      Misuse("dtypes", says: ["matmul", "float32", "int64", "cast(to:"]) {
        _ = TensorCore.dot(.ones([2]), .ones([2], dtype: .int64))
      },
    ])
  static let outer = Op(
    "outer", "yᵢⱼ = aᵢ·bⱼ",
    samples: [
      Sample("vectors", [.uniform([3]), .uniform([4])]) { TensorCore.outer($0[0], $0[1]) },
      Sample("empty", [.uniform([0]), .uniform([4])]) { TensorCore.outer($0[0], $0[1]) },
    ],
    misuses: [
      Misuse("matrix", says: ["outer", "[2, 2]", "[3]", "einsum"]) { _ = TensorCore.outer(.ones([2, 2]), .ones([3])) }
    ])
  static let kronecker = Op(
    "kronecker", "A ⊗ B",
    samples: [
      Sample("matrices", [.uniform([2, 3]), .uniform([3, 2])]) { TensorCore.kronecker($0[0], $0[1]) },
      Sample("vectors", [.uniform([2]), .uniform([3])]) { TensorCore.kronecker($0[0], $0[1]) },
      Sample("one for a batch", [.uniform([2, 1, 2]), .uniform([2, 2])]) { TensorCore.kronecker($0[0], $0[1]) },
      Sample("empty", [.uniform([0, 3]), .uniform([2, 2])]) { TensorCore.kronecker($0[0], $0[1]) },
    ],
    misuses: [
      Misuse("ranks", says: ["kronecker", "[2]", "[2, 2]", "unsqueezed"]) {
        _ = TensorCore.kronecker(.ones([2]), .ones([2, 2]))
      }
    ])
  static let cross = Op(
    "cross", "a × b",
    samples: [
      Sample("vectors", [.uniform([3]), .uniform([3])]) { TensorCore.cross($0[0], $0[1]) },
      Sample("broadcast", [.uniform([2, 1, 3]), .uniform([4, 3])]) { TensorCore.cross($0[0], $0[1]) },
      Sample("first axis", [.uniform([3, 2]), .uniform([3, 2])]) { TensorCore.cross($0[0], $0[1], axis: 0) },
      Sample("empty", [.uniform([0, 3]), .uniform([0, 3])]) { TensorCore.cross($0[0], $0[1]) },
    ],
    misuses: [
      Misuse("size", says: ["cross", "[2]", "[3]", "size 3"]) { _ = TensorCore.cross(.ones([2]), .ones([3])) }
    ])
}
