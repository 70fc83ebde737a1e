/// How values are found between pixels: of sequences, pictures and volumes alike, axis by axis.
public enum Interpolation: Sendable {
  /// The pixel at the rounded-down place ⌊i·size/out⌋.
  case nearest
  /// The nearest pixel's, ⌊(i + ½)·size/out⌋.
  case nearestExact
  /// Between the two nearest along each axis.
  case linear
  /// By cubic convolution over four along each axis, with Keys' a = −0.75 (Keys, 1981).
  case cubic
  /// The mean of what the new pixel covers, as adaptive pooling does it.
  case area

  /// What `linear` is called on pictures.
  public static let bilinear = linear
  /// What `linear` is called on volumes.
  public static let trilinear = linear
  /// What `cubic` is called on pictures.
  public static let bicubic = cubic
}

/// Sequences, pictures or volumes at another size: x [batch, channels, size …] → [batch, channels, sizes …], with one of
/// `sizes` for each axis of space. PyTorch's `interpolate`.
///
/// Pixel i of the result looks at place (i + ½)·size/out − ½ of x, or, with `alignCorners`, at i·(size − 1)/(out − 1),
/// so that the corner pixels' centres meet; `nearest`, `nearestExact` and `area` have no such corners. Beyond the edge the
/// last pixel is repeated. With `antialias`, `linear` and `cubic` (whose a is −0.5 then) weigh all that a new pixel covers
/// where an axis gets smaller, as Pillow does. Stops when the sizes do not fit.
///
/// ```swift
/// resized(Tensor([[[1.0, 3.0]]]), to: [4], by: .linear)  // → [[[1.0, 1.5, 2.5, 3.0]]]
/// resized(Tensor([[[1.0, 2.0, 3.0]]]), to: [2], by: .area)  // → [[[1.5, 2.5]]]
/// resized(Tensor([[[0.0, 0.0, 6.0, 0.0]]]), to: [1], by: .linear, antialias: true)  // → [[[1.75]]]
/// ```
public func resized(
  _ x: Tensor, to sizes: [Int], by interpolation: Interpolation = .nearest, alignCorners: Bool = false,
  antialias: Bool = false
) -> Tensor {
  resized(x, sizes, by: interpolation, alignCorners, antialias, factors: [])
}

/// Pictures at another size: x [batch, channels, height, width] → [batch, channels, size.height, size.width].
///
/// ```swift
/// let x = Tensor([[[[1.0, 3.0]]]])
/// resized(x, to: Size2D(1, 4), by: .bilinear)  // → [[[[1.0, 1.5, 2.5, 3.0]]]]
/// ```
public func resized(
  _ x: Tensor, to size: Size2D, by interpolation: Interpolation = .nearest, alignCorners: Bool = false,
  antialias: Bool = false
) -> Tensor {
  resized(
    x, to: [size.height, size.width], by: interpolation, alignCorners: alignCorners, antialias: antialias)
}

/// Sequences, pictures or volumes enlarged by factors, one for each axis of space: out = ⌊size·factor⌋. The places to look
/// at follow the factor itself, (i + ½)/factor − ½, which is another if out has been rounded (PyTorch's, unless
/// `recompute_scale_factor`).
///
/// ```swift
/// resized(Tensor([[[1.0, 3.0, 5.0]]]), times: [1.5], by: .linear)[0, 0, 1]  // → 2.0
/// ```
public func resized(
  _ x: Tensor, times factors: [Double], by interpolation: Interpolation = .nearest, alignCorners: Bool = false,
  antialias: Bool = false
) -> Tensor {
  let sizes = zip(x.shape.dimensions.dropFirst(2), factors).map { resizedSize($0, times: $1) }
  if factors.count != x.rank - 2 { stopResizing(x, "by \(factors)") }
  return resized(x, sizes, by: interpolation, alignCorners, antialias, factors: factors)
}

/// ⌊size·factor⌋, what `resized(_:times:by:alignCorners:)` makes of an axis.
///
/// ```swift
/// resizedSize(5, times: 1.5)  // → 7
/// ```
public func resizedSize(_ size: Int, times factor: Double) -> Int {
  if !(factor > 0 && factor.isFinite) { stop("resized", "a factor of \(factor)", fix: "use a positive number") }
  return Int((Double(size) * factor).rounded(.down))
}

private func resized(
  _ x: Tensor, _ sizes: [Int], by interpolation: Interpolation, _ alignCorners: Bool, _ antialias: Bool,
  factors: [Double]
) -> Tensor {
  let from = Array(x.shape.dimensions.dropFirst(2))
  guard x.rank >= 3, x.dtype.isFloatingPoint, sizes.count == from.count, (sizes + from).allSatisfy({ $0 > 0 }) else {
    stopResizing(x, "to \(sizes)")
  }
  if alignCorners || antialias, interpolation != .linear && interpolation != .cubic || alignCorners && antialias {
    stop(
      "resized", "by .\(interpolation), alignCorners \(alignCorners), antialias \(antialias)",
      fix: "align corners or antialias, by .linear or .cubic")
  }
  let axes = from.indices.map {
    ResizedAxis(from: from[$0], to: sizes[$0], factor: factors.isEmpty ? nil : factors[$0])
  }
  switch interpolation {
  case .nearest, .nearestExact:
    return axes.enumerated().reduce(x) { y, axis in
      y.indexSelected(
        axis: axis.offset + 2, indices: Tensor(axis.element.nearest(exactly: interpolation == .nearestExact)))
    }
  case .area:
    return AxisMap.apply("resized", axes.map { AdaptiveWindow.means(from: $0.from, to: $0.to) }, to: x)
  case .linear, .cubic:
    let maps = axes.map {
      antialias ? $0.covering(interpolation) : $0.between(interpolation, alignCorners: alignCorners)
    }
    return AxisMap.apply("resized", maps, to: x)
  }
}

private func stopResizing(_ x: Tensor, _ what: String) -> Never {
  stop(
    "resized", "x \(x.dtype) \(x.shape) \(what)",
    fix:
      "x is a floating-point [batch, channels, size …], as [batch, channels, height, width]; all sizes are at least 1")
}

extension Op {
  static let resized = Op(
    "resized", "sequences, pictures or volumes at another size",
    samples: [
      Sample("nearest", [.uniform([2, 2, 3, 4])]) { TensorCore.resized($0[0], to: [5, 2]) },
      Sample("bilinear", [.uniform([1, 2, 3, 4])]) { TensorCore.resized($0[0], to: [5, 7], by: .bilinear) },
      Sample("bilinear, smaller", [.uniform([1, 1, 5, 6])]) { TensorCore.resized($0[0], to: [2, 4], by: .bilinear) },
      Sample("bilinear, corners", [.uniform([1, 2, 3, 4])]) {
        TensorCore.resized($0[0], to: [5, 1], by: .bilinear, alignCorners: true)
      },
      Sample("bicubic", [.uniform([1, 2, 3, 4])]) { TensorCore.resized($0[0], to: [5, 7], by: .bicubic) },
      Sample("bicubic, corners", [.uniform([1, 1, 4, 3])]) {
        TensorCore.resized($0[0], to: [6, 5], by: .bicubic, alignCorners: true)
      },
      Sample("linear", [.uniform([2, 2, 4])]) { TensorCore.resized($0[0], to: [7], by: .linear) },
      Sample("trilinear", [.uniform([1, 2, 2, 3, 4])]) { TensorCore.resized($0[0], to: [4, 2, 5], by: .trilinear) },
      Sample("trilinear, corners", [.uniform([1, 1, 3, 2, 3])]) {
        TensorCore.resized($0[0], to: [2, 1, 5], by: .trilinear, alignCorners: true)
      },
      Sample("nearest, sequences", [.uniform([2, 2, 4])]) { TensorCore.resized($0[0], to: [7]) },
      Sample("nearest, volumes", [.uniform([1, 2, 2, 3, 4])]) { TensorCore.resized($0[0], to: [3, 2, 6]) },
      Sample("nearest exactly", [.uniform([1, 2, 3, 4])]) { TensorCore.resized($0[0], to: [5, 3], by: .nearestExact) },
      Sample("area", [.uniform([1, 2, 5, 4])]) { TensorCore.resized($0[0], to: [3, 6], by: .area) },
      Sample("factors", [.uniform([1, 2, 3, 4])]) { TensorCore.resized($0[0], times: [2.5, 0.6], by: .bilinear) },
      Sample("factors, bicubic", [.uniform([1, 1, 4, 3])]) {
        TensorCore.resized($0[0], times: [0.7, 2.6], by: .bicubic)
      },
      Sample("factors, corners", [.uniform([1, 2, 5])]) {
        TensorCore.resized($0[0], times: [1.5], by: .linear, alignCorners: true)
      },
      Sample("factors, nearest", [.uniform([1, 2, 5])]) { TensorCore.resized($0[0], times: [1.7]) },
      Sample("factors, nearest exactly", [.uniform([1, 2, 5])]) {
        TensorCore.resized($0[0], times: [1.7], by: .nearestExact)
      },
      Sample("empty batch", [.uniform([0, 2, 3, 4])]) { TensorCore.resized($0[0], to: 2, by: .bilinear) },
    ],
    misuses: [
      Misuse("rank", says: ["resized", "[3, 4]", "height"]) { _ = TensorCore.resized(.ones([3, 4]), to: 2) },
      Misuse("factors", says: ["resized", "[1, 1, 3, 4]", "by [2.0]"]) {
        _ = TensorCore.resized(.ones([1, 1, 3, 4]), times: [2])
      },
      Misuse("corners", says: ["resized", ".nearest", "alignCorners true", ".linear"]) {
        _ = TensorCore.resized(.ones([1, 1, 3]), to: [2], alignCorners: true)
      },
    ])
  static let resizedAntialiased = Op(
    "resized, antialiased", "pictures at a smaller size, of all that a new pixel covers",
    samples: [
      Sample("bilinear", [.uniform([1, 2, 7, 5])]) {
        TensorCore.resized($0[0], to: [3, 2], by: .bilinear, antialias: true)
      },
      Sample("bicubic", [.uniform([1, 1, 9, 8])]) {
        TensorCore.resized($0[0], to: [2, 5], by: .bicubic, antialias: true)
      },
      Sample("one larger", [.uniform([1, 1, 5, 4])]) {
        TensorCore.resized($0[0], to: [2, 7], by: .bicubic, antialias: true)
      },
      Sample("factors", [.uniform([1, 1, 7, 5])]) {
        TensorCore.resized($0[0], times: [0.4, 1.5], by: .bilinear, antialias: true)
      },
      Sample("empty batch", [.uniform([0, 1, 4, 4])]) {
        TensorCore.resized($0[0], to: 2, by: .bilinear, antialias: true)
      },
    ],
    misuses: [
      Misuse("nearest", says: ["resized", ".nearest", "antialias true", ".linear"]) {
        _ = TensorCore.resized(.ones([1, 1, 3]), to: [2], antialias: true)
      }
    ])
}
