/// What stands beyond a picture's edge.
public enum EdgeMode: Sendable {
  case zeros
  /// The nearest pixel of the edge.
  case border
  /// The picture mirrored at its edge.
  case reflection
}

/// A picture's values at given places: x [batch, channels, height, width], grid [batch, out height, out width, 2] →
/// [batch, channels, out height, out width]. grid's last axis holds (x, y) in −1…1 from edge to edge of the picture: −1
/// and 1 are the corner pixels' outer edges, or with `alignCorners` their centres. (Jaderberg et al., 2015.)
/// Differentiable in both x and grid; `.nearest` in x alone, and a backward pass that reaches its grid stops. Stops on
/// any other interpolation.
///
/// ```swift
/// let x = Tensor([[[[1.0, 3.0]]]])
/// gridSampled(x, at: Tensor([[[[0.0, 0.0]]]]))  // → [[[[2.0]]]]
/// ```
public func gridSampled(
  _ x: Tensor, at grid: Tensor, by interpolation: Interpolation = .bilinear, edges: EdgeMode = .zeros,
  alignCorners: Bool = false
) -> Tensor {
  let (x, grid) = (Autocast.widened(x), Autocast.widened(grid))
  if x.dtype != grid.dtype { Elementwise.stopOnDTypes("gridSampled", x, grid) }
  guard x.rank == 4, grid.rank == 4, grid.shape[3] == 2, x.shape[0] == grid.shape[0],
    [.nearest, .bilinear].contains(interpolation),
    x.dtype.isFloatingPoint, x.shape[2] > 0, x.shape[3] > 0
  else {
    stop(
      "gridSampled", "x \(x.shape), grid \(grid.shape), \(interpolation)",
      fix: "x is [batch, channels, height, width], grid [batch, height, width, 2]; by .nearest or .bilinear")
  }
  let (high, wide) = (x.shape[2], x.shape[3])
  func place(_ axis: Int, _ size: Int) -> Tensor {
    let g = grid.sliced(axis: 3, from: axis, to: axis + 1).squeezed(3)
    let p = alignCorners ? (g + 1) * (Double(size - 1) / 2) : ((g + 1) * Double(size) - 1) / 2
    switch edges {
    case .zeros: return p
    case .border: return p.clamped(to: 0...Double(size - 1))
    case .reflection: return reflected(p, size, alignCorners).clamped(to: 0...Double(size - 1))
    }
  }
  let (px, py) = (place(0, wide), place(1, high))
  let flat = x.reshaped([x.shape[0], x.shape[1], high * wide])
  let points = grid.shape[1] * grid.shape[2]
  // One pixel for each place, 0 outside.
  func pixels(_ column: Tensor, _ row: Tensor) -> Tensor {
    let inside = (column .>= 0) .& (column .<= Double(wide - 1)) .& (row .>= 0) .& (row .<= Double(high - 1))
    let index =
      row.clamped(to: 0...Double(high - 1)).cast(to: .int64) * Double(wide)
      + column.clamped(to: 0...Double(wide - 1)).cast(to: .int64)
    let indices = index.reshaped([x.shape[0], 1, points]).expanded(to: [x.shape[0], x.shape[1], points])
    let values = flat.gathered(axis: 2, indices: indices)
      .reshaped([x.shape[0], x.shape[1], grid.shape[1], grid.shape[2]])
    return Tensor.where(inside.unsqueezed(1), values, Tensor.zeros([], dtype: x.dtype))
  }
  if interpolation == .nearest {
    let nearest = pixels(px.detached().round(), py.detached().round())
    guard Tape.records(grid) else { return nearest }
    return nearest
      + Tensor.zeros([], dtype: x.dtype).recordedAsConstant(
        "gridSampled", from: grid, because: "by .nearest a pixel is constant in the grid between jumps")
  }
  let (left, top) = (px.detached().floor(), py.detached().floor())
  let (tx, ty) = ((px - left).unsqueezed(1), (py - top).unsqueezed(1))
  let above = pixels(left, top) * (1 - tx) + pixels(left + 1, top) * tx
  let below = pixels(left, top + 1) * (1 - tx) + pixels(left + 1, top + 1) * tx
  return above * (1 - ty) + below * ty
}

/// Mirrored into the picture: at the edge pixels' outer edges, or with `alignCorners` at their centres.
private func reflected(_ p: Tensor, _ size: Int, _ alignCorners: Bool) -> Tensor {
  let low = alignCorners ? 0 : -0.5
  let span = Double(alignCorners ? size - 1 : size)
  if span == 0 { return p * 0 }
  let distance = (p - low).abs()
  let turns = (distance.detached() / span).floor()
  let within = distance - turns * span
  let isOdd = turns.remainder(2) .== 1
  return Tensor.where(isOdd, span - within, within) + low
}

/// The grid of `gridSampled` for an affine map: theta [batch, 2, 3] maps each place (x, y, 1) of the result to the
/// place in the picture that it shows. → [batch, size.height, size.width, 2].
///
/// ```swift
/// affineGrid(Tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]]), size: [1, 2])[0, 0]  // → [[-0.5, 0.0], [0.5, 0.0]]
/// ```
public func affineGrid(_ theta: Tensor, size: Size2D, alignCorners: Bool = false) -> Tensor {
  guard theta.rank == 3, theta.shape[1] == 2, theta.shape[2] == 3 else {
    stop("affineGrid", "theta has shape \(theta.shape)", fix: "theta is [batch, 2, 3]")
  }
  func places(_ n: Int) -> Tensor {
    let steps = Tensor.range(0, Double(n), dtype: theta.dtype)
    if !alignCorners { return (steps * 2 + 1) / Double(n) - 1 }
    return n == 1 ? steps : steps * (2 / Double(n - 1)) - 1
  }
  let grid = Tensor.meshgrid([places(size.height), places(size.width)])
  let ones = Tensor.ones([size.height, size.width], dtype: theta.dtype)
  let homogeneous = Tensor.stacked([grid[1], grid[0], ones], axis: -1).reshaped([size.height * size.width, 3])
  return matmul(homogeneous, theta.transposed(1, 2)).reshaped([theta.shape[0], size.height, size.width, 2])
}

extension Op {
  static let gridSampled = Op(
    "gridSampled", "a picture's values at given places",
    samples: [
      Sample("bilinear", [.uniform([2, 2, 3, 4]), .uniform([2, 3, 2, 2], -1.2...1.2)]) {
        TensorCore.gridSampled($0[0], at: $0[1])
      },
      Sample("border, corners", [.uniform([1, 2, 4, 3]), .uniform([1, 3, 3, 2], -1.3...1.3)]) {
        TensorCore.gridSampled($0[0], at: $0[1], edges: .border, alignCorners: true)
      },
      Sample("reflection", [.uniform([1, 1, 3, 4]), .uniform([1, 4, 3, 2], -1.75...1.45)]) {
        TensorCore.gridSampled($0[0], at: $0[1], edges: .reflection)
      },
      Sample("empty batch", [.uniform([0, 2, 3, 4]), .uniform([0, 2, 2, 2])]) {
        TensorCore.gridSampled($0[0], at: $0[1])
      },
    ],
    misuses: [
      Misuse("grid", says: ["gridSampled", "[1, 1, 2, 2]", "[1, 2, 2, 3]"]) {
        _ = TensorCore.gridSampled(.ones([1, 1, 2, 2]), at: .ones([1, 2, 2, 3]))
      }
    ])
  static let affineGrid = Op(
    "affineGrid", "the places that an affine map shows",
    samples: [
      Sample("plain", [.uniform([2, 2, 3])]) { TensorCore.affineGrid($0[0], size: [3, 4]) },
      Sample("corners", [.uniform([1, 2, 3])]) { TensorCore.affineGrid($0[0], size: [2, 1], alignCorners: true) },
      Sample("empty batch", [.uniform([0, 2, 3])]) { TensorCore.affineGrid($0[0], size: 2) },
    ],
    misuses: [Misuse("theta", says: ["affineGrid", "[2, 3]"]) { _ = TensorCore.affineGrid(.ones([2, 3]), size: 2) }])
}
