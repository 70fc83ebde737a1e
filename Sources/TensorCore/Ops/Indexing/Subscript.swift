import CKernels

extension Tensor {
  /// A part of the tensor, and assignment to it. Axes that are not named are taken whole.
  ///
  /// Positions, ranges and new axes give views; tensors give copies. A bool tensor stands for as many axes as it has,
  /// and gives the elements where it is true; an integer tensor gives the slices at its positions, and its shape takes
  /// the axis' place. At most one index may be a tensor. Assignment broadcasts.
  ///
  /// ```swift
  /// var x = Tensor.range(0, 12).reshaped([3, 4])
  /// x[1]  // → [4.0, 5.0, 6.0, 7.0]
  /// x[1..., .every(2)]  // → [[4.0, 6.0], [8.0, 10.0]]
  /// x[-1, -1].item()  // → 11.0
  /// x[x .> 9]  // → [10.0, 11.0]
  /// x[.all, Tensor([3, 0])].shape  // → [3, 2]
  /// x[0] = Tensor.zeros([4])
  /// x.sum().item()  // → 60.0
  /// ```
  public subscript(_ indices: any TensorIndex...) -> Tensor {
    get { Selection(self, indices.map(\.index)).read(self) }
    set {
      let selection = Selection(self, indices.map(\.index))
      selection.check(newValue, in: self)
      if selection.isView && !Tape.records(self, newValue) {
        selection.write(newValue, inPlaceOf: &self)
      } else {
        self = selection.write(newValue, into: self)
      }
    }
  }

  /// The part along one axis from `from` to `to` (exclusive) in steps of `step`; a negative step goes backwards. A
  /// view.
  func sliced(axis: Int, from: Int, to: Int, by step: Int = 1) -> Tensor {
    let size = step > 0 ? Swift.max((to - from + step - 1) / step, 0) : Swift.max((from - to - step - 1) / -step, 0)
    var sizes = shape.dimensions
    var steps = strides
    sizes[axis] = size
    steps[axis] = strides[axis] * step
    let y = Tensor(
      storage: storage, layout: Layout(Shape(sizes), strides: steps),
      offset: size == 0 ? offset : offset + from * strides[axis])
    guard Tape.records(self) else { return y }
    return y.recorded("slice", from: self) { [shape] g in
      Tensor.embedding(g, in: shape, axis: axis, from: from, by: step)
    }
  }

  /// Zeros of `shape` with `part` where `sliced` would have taken it from: the transpose of `sliced`.
  private static func embedding(_ part: Tensor, in shape: Shape, axis: Int, from: Int, by step: Int) -> Tensor {
    let y = Tensor.zeros(shape, dtype: part.dtype)
    var steps = y.strides
    steps[axis] *= step
    if part.count > 0 { part.copyElements(into: y, strides: steps, at: from * y.strides[axis]) }
    guard Tape.records(part) else { return y }
    let size = part.shape.dimensions[axis]
    return y.recorded("slice gradient", from: part) { g in
      g.sliced(axis: axis, from: from, to: from + size * step, by: step)
    }
  }
}

/// A list of indices applied to a shape: first a chain of views, then at most one selection by a tensor.
private struct Selection {
  private enum Step {
    case slice(axis: Int, from: Int, to: Int, by: Int)
    case reshape(Shape)
  }

  private var steps: [Step] = []
  /// After the views: the axis that a tensor selects on, and its positions, of shape `selectedShape`.
  private var selected: (axis: Int, positions: Tensor)?
  private var finalShape: Shape

  init(_ x: Tensor, _ indices: [AnyTensorIndex]) {
    var sizes = x.shape.dimensions
    let covered = indices.reduce(0) { total, index in
      switch index {
      case .insertedAxis, .remainingAxes: total
      case .tensor(let mask) where mask.dtype == .bool: total + mask.rank
      default: total + 1
      }
    }
    let ellipses = indices.filter { if case .remainingAxes = $0 { true } else { false } }.count
    guard covered <= x.rank, ellipses <= 1 else {
      stop(
        "subscript",
        "\(covered) axes are indexed in shape \(x.shape)" + (ellipses > 1 ? ", with \(ellipses) ellipses" : ""),
        fix: "name at most \(x.rank) axes, and one .ellipsis")
    }
    // The axis of the view so far, and the one of x that it comes from, for messages.
    var axis = 0
    var named = 0
    var pending: Tensor?
    for index in indices {
      switch index {
      case .position(let position):
        let size = sizes[axis]
        guard (-size..<size).contains(position) else {
          stop(
            "subscript", "position \(position) is outside axis \(named) of \(x.shape)",
            fix: size == 0 ? "the axis is empty" : "use a position in \(-size)..<\(size)")
        }
        let from = position < 0 ? position + size : position
        steps.append(.slice(axis: axis, from: from, to: from + 1, by: 1))
        sizes.remove(at: axis)
        named += 1
        steps.append(.reshape(Shape(sizes)))
      case .range(let from, let to, let step):
        let (first, end) = Selection.bounds(from, to, step, sizes[axis], named, x.shape)
        if first != 0 || end != sizes[axis] || step != 1 {
          steps.append(.slice(axis: axis, from: first, to: end, by: step))
          sizes[axis] =
            step > 0 ? Swift.max((end - first + step - 1) / step, 0) : Swift.max((first - end - step - 1) / -step, 0)
        }
        axis += 1
        named += 1
      case .insertedAxis:
        sizes.insert(1, at: axis)
        steps.append(.reshape(Shape(sizes)))
        axis += 1
      case .remainingAxes:
        axis += x.rank - covered
        named += x.rank - covered
      case .tensor(let tensor):
        if pending != nil { stop("subscript", "two indices are tensors", fix: "index with one tensor at a time") }
        if tensor.dtype == .bool {
          let masked = Array(sizes[axis..<(axis + tensor.rank)])
          guard tensor.shape == Shape(masked) else {
            stop(
              "subscript", "a mask of shape \(tensor.shape) meets axes of sizes \(masked) in \(x.shape)",
              fix: "make the mask as large as the axes it stands for")
          }
          sizes.replaceSubrange(axis..<(axis + tensor.rank), with: [tensor.count])
          steps.append(.reshape(Shape(sizes)))
          pending = tensor.truePositions("subscript")
        } else {
          guard tensor.dtype.isInteger else {
            stop("subscript", "a \(tensor.dtype) tensor can't index", fix: "use a bool mask or integer positions")
          }
          pending = tensor
        }
        selected = pending.map { (axis, $0) }
        axis += 1
        named += tensor.dtype == .bool ? tensor.rank : 1
      }
    }
    if let selected {
      sizes.replaceSubrange(selected.axis..<(selected.axis + 1), with: selected.positions.shape.dimensions)
    }
    finalShape = Shape(sizes)
  }

  /// Python's rules for slices: ends are resolved from the end and clipped to the axis.
  private static func bounds(_ from: Int?, _ to: Int?, _ step: Int, _ size: Int, _ axis: Int, _ shape: Shape) -> (
    Int, Int
  ) {
    if step == 0 { stop("subscript", "a step of 0 along axis \(axis) of \(shape)", fix: "use a step other than 0") }
    let (low, high) = step > 0 ? (0, size) : (-1, size - 1)
    func resolved(_ end: Int?, _ whole: Int) -> Int {
      guard let end else { return whole }
      return Swift.min(Swift.max(end < 0 ? end + size : end, low), high)
    }
    return (resolved(from, step > 0 ? 0 : size - 1), resolved(to, step > 0 ? size : -1))
  }

  private func view(_ x: Tensor) -> Tensor {
    var y = x
    for step in steps {
      switch step {
      case .slice(let axis, let from, let to, let by): y = y.sliced(axis: axis, from: from, to: to, by: by)
      case .reshape(let shape): y = y.reviewed(shape)
      }
    }
    return y
  }

  func read(_ x: Tensor) -> Tensor {
    let y = view(x)
    guard let selected else { return y }
    return y.indexSelected(axis: selected.axis, indices: selected.positions.reshaped([selected.positions.count]))
      .reshaped(finalShape)
  }

  /// Whether positions and ranges alone say which elements are meant.
  var isView: Bool { selected == nil }

  func check(_ value: Tensor, in x: Tensor) {
    if value.dtype != x.dtype { Elementwise.stopOnDTypes("subscript assignment", x, value) }
    guard Shape.broadcast(value.shape, finalShape) == finalShape else {
      stop(
        "subscript assignment",
        "shape \(value.shape) does not broadcast to the selected \(finalShape) of \(x.shape)",
        fix: "assign a tensor of the selected shape")
    }
  }

  /// Writes through a view, off the tape: only the selected elements are touched.
  func write(_ value: Tensor, inPlaceOf x: inout Tensor) {
    x.node = nil
    x.makeWritable()
    let target = view(x)
    value.expanded(to: finalShape).copyElements(into: target, strides: target.strides, at: 0)
  }

  /// A copy of x with the selected elements replaced, on the tape.
  func write(_ value: Tensor, into x: Tensor) -> Tensor {
    // Where every element of x stands in the selection tells the gradients apart; and the write itself goes
    // by the same positions, so that both always agree.
    let everywhere = Tensor.range(0, Double(x.count), dtype: .int64).reshaped(x.shape)
    let positions = withoutGradients { read(everywhere) }.reshaped([finalShape.elementCount]).contiguous()
    let flat = value.expanded(to: finalShape).reshaped([finalShape.elementCount])
    return x.reshaped([x.count]).replacing(positions, with: flat).reshaped(x.shape)
  }
}

extension Tensor {
  /// `reshaped`, but a view even of a tensor that is not contiguous: only for inserting or removing axes of size 1 and
  /// merging axes where strides allow; falls back to a copy.
  fileprivate func reviewed(_ target: Shape) -> Tensor {
    if layout.isContiguous { return reshaped(target) }
    let kept = zip(shape.dimensions, strides).filter { $0.0 != 1 }
    guard kept.map(\.0) == target.dimensions.filter({ $0 != 1 }) else { return reshaped(target) }
    var next = kept.map(\.1).makeIterator()
    let steps = target.dimensions.map { $0 == 1 ? 1 : next.next() ?? 1 }
    let y = Tensor(storage: storage, layout: Layout(target, strides: steps), offset: offset)
    guard Tape.records(self) else { return y }
    return y.recorded("reshaped", from: self) { [old = shape] g in g.reshaped(old) }
  }

  /// A copy of this vector with the elements at `positions` replaced, in order, by those of `values`.
  fileprivate func replacing(_ positions: Tensor, with values: Tensor) -> Tensor {
    let y = Tensor.copying(self, to: dtype)
    let source = values.rowMajor()
    let size = dtype.size
    let places = positions.int64Pointer
    for index in 0..<positions.count {
      y.pointer.advanced(by: Int(places[index]) * size).copyMemory(
        from: source.pointer.advanced(by: index * size), byteCount: size)
    }
    guard Tape.records(self, values) else { return y }
    return y.recorded(
      "subscript assignment",
      from: self, { g in g.replacing(positions, with: Tensor.zeros([positions.count], dtype: g.dtype)) },
      from: values,
      { g in
        // A position that was written twice keeps its last value, so only the last write gets the gradient.
        g.indexSelected(axis: 0, indices: positions) * Tensor.lastWrites(positions, in: g.count).cast(to: g.dtype)
      })
  }

  /// Where a position is the last of its kind in the list.
  private static func lastWrites(_ positions: Tensor, in count: Int) -> Tensor {
    var last = [Int](repeating: -1, count: count)
    let list = positions.scalars(as: Int.self)
    for (index, position) in list.enumerated() { last[position] = index }
    return Tensor(list.enumerated().map { last[$1] == $0 })
  }
}

extension Op {
  static let subscripted = Op(
    "subscript", "a part of the tensor",
    samples: [
      Sample("position", [.uniform([3, 4])]) { $0[0][-1] },
      Sample("ranges", [.uniform([3, 4, 5])]) { $0[0][1..., .all, 2..<5] },
      Sample("steps", [.uniform([5, 4])]) { $0[0][.every(2), .every(-1)] },
      Sample("negative slice", [.uniform([6])]) { $0[0][.slice(from: -4, to: -1)] },
      Sample("new axis", [.uniform([3, 4])]) { $0[0][.all, .newAxis, 1...2] },
      Sample("ellipsis", [.uniform([2, 3, 4])]) { $0[0][.ellipsis, 0] },
      Sample("positions", [.uniform([4, 3]), .integers([2, 2], -4..<4)]) { $0[0][$0[1]] },
      Sample("mask", [.uniform([3, 4]), .bools([3, 4])]) { $0[0][$0[1]] },
      Sample("mask of rows", [.uniform([3, 4]), .bools([3])]) { $0[0][$0[1], 1...] },
      Sample("empty", [.uniform([3, 4])]) { $0[0][3...] },
    ],
    misuses: [
      Misuse("position", says: ["subscript", "[3]", "position 3", "-3..<3"]) { _ = Tensor.ones([3])[3] },
      Misuse("axes", says: ["subscript", "[3]", "2 axes"]) { _ = Tensor.ones([3])[0, 0] },
      Misuse("mask", says: ["subscript", "[2]", "[3]", "mask"]) { _ = Tensor.ones([3])[Tensor([true, false])] },
    ])
  static let subscriptAssignment = Op(
    "subscript assignment", "a part of the tensor replaced",
    samples: [
      Sample("row", [.uniform([3, 4]), .uniform([4])]) {
        var x = $0[0]
        x[1] = $0[1]
        return x
      },
      Sample("broadcast", [.uniform([3, 4]), .uniform([2, 1])]) {
        var x = $0[0]
        x[1..., .every(2)] = $0[1]
        return x
      },
      Sample("mask", [.uniform([3, 4]), .uniform([]), .bools([3, 4])]) {
        var x = $0[0]
        x[$0[2]] = $0[1]
        return x
      },
      Sample("repeated positions", [.uniform([4]), .uniform([3])]) {
        var x = $0[0]
        x[Tensor([1, 3, 1])] = $0[1]
        return x
      },
      Sample("empty", [.uniform([3]), .uniform([0])]) {
        var x = $0[0]
        x[3...] = $0[1]
        return x
      },
    ],
    misuses: [
      Misuse("shape", says: ["subscript assignment", "[3]", "[4]", "[2, 4]"]) {
        var x = Tensor.ones([2, 4])
        x[0] = Tensor.ones([3])
      },
      Misuse("dtype", says: ["subscript assignment", "int64", "cast(to:"]) {
        var x = Tensor.ones([2])
        x[0] = Tensor(1)
      },
    ])
}
