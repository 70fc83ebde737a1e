import CKernels

/// A sparse linear map of one axis, which resampling and adaptive pooling are made of: yᵢ = Σ wᵢⱼ·xⱼ over the few j that matter.
/// What a row leaves out has no part in it, not even when it is NaN.
struct AxisMap: Sendable {
  let from: Int
  private var starts = [0]
  private var columns: [Int] = []
  private var weights: [Double] = []

  var to: Int { starts.count - 1 }

  /// `rows[i]` holds the terms of yᵢ: pairs of j and wᵢⱼ.
  init(from: Int, rows: [[(column: Int, weight: Double)]]) {
    self.from = from
    for row in rows {
      columns += row.map(\.column)
      weights += row.map(\.weight)
      starts.append(columns.count)
    }
  }

  var transposed: AxisMap {
    var rows = [[(column: Int, weight: Double)]](repeating: [], count: from)
    for i in 0..<to {
      for term in starts[i]..<starts[i + 1] { rows[columns[term]].append((i, weights[term])) }
    }
    return AxisMap(from: to, rows: rows)
  }

  /// The map applied along `axis`, whose size becomes `to`. Its gradient is the transposed map's.
  func callAsFunction(_ op: String, _ x: Tensor, axis: Int) -> Tensor {
    let rows = x.rowMajor()
    var sizes = x.shape.dimensions
    sizes[axis] = to
    let y = Tensor(uninitialized: Shape(sizes), dtype: x.dtype)
    let (outer, inner) = x.around(axis)
    starts.withUnsafeBufferPointer { starts in
      columns.withUnsafeBufferPointer { columns in
        weights.withUnsafeBufferPointer { weights in
          var map = gb_axis_map(
            from: from, to: to, starts: starts.baseAddress, columns: columns.baseAddress, weights: weights.baseAddress)
          kernels.axis_map(x.dtype.code, &map, outer, inner, rows.pointer, y.pointer)
        }
      }
    }
    guard Tape.records(x) else { return y }
    let transposed = transposed
    return y.recorded(op, from: x) { g in transposed(op, g, axis: axis) }
  }

  /// Maps of the axes of space of [batch, channels, size …]: first those after which there is least left to do, and of equals that
  /// enlarge, the last axis.
  static func apply(_ op: String, _ maps: [AxisMap], to x: Tensor) -> Tensor {
    func growth(_ map: AxisMap) -> Double { Double(map.to) / Double(map.from) }
    let order = maps.indices.sorted { a, b in
      let (first, second) = (growth(maps[a]), growth(maps[b]))
      return first == second ? (first > 1 ? a > b : a < b) : first < second
    }
    return order.reduce(x) { y, axis in maps[axis](op, y, axis: axis + 2) }
  }
}
