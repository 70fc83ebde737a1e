/// How a picture's values are found between its pixels.
public enum Interpolation: Sendable {
  /// The nearest pixel's.
  case nearest
  /// Between the two nearest in each direction.
  case bilinear
  /// By cubic convolution over four in each direction, with Keys' a = −0.75 (Keys, 1981).
  case bicubic
}

/// Pictures at another size: x [batch, channels, height, width] → [batch, channels, size.height, size.width].
///
/// Pixel i of the result looks at place (i + ½)·size/out − ½ of x, or, with `alignCorners`, at i·(size − 1)/(out − 1),
/// so that the corner pixels' centres meet. Beyond the edge the last pixel is repeated. `nearest` takes
/// pixels by their index ⌊i·size/out⌋.
///
/// ```swift
/// let x = Tensor([[[[1.0, 3.0]]]])
/// resized(x, to: [1, 4], by: .bilinear)  // → [[[[1.0, 1.5, 2.5, 3.0]]]]
/// ```
public func resized(
  _ x: Tensor, to size: Size2D, by interpolation: Interpolation = .nearest, alignCorners: Bool = false
) -> Tensor {
  guard x.rank == 4, x.dtype.isFloatingPoint, size.height > 0, size.width > 0, x.shape[2] > 0, x.shape[3] > 0 else {
    stop(
      "resized", "x \(x.dtype) \(x.shape) to \(size)",
      fix: "x is a floating-point [batch, channels, height, width]; all sizes are at least 1")
  }
  if interpolation == .nearest {
    func places(_ from: Int, _ to: Int) -> Tensor { Tensor((0..<to).map { $0 * from / to }) }
    return x.indexSelected(axis: 2, indices: places(x.shape[2], size.height))
      .indexSelected(axis: 3, indices: places(x.shape[3], size.width))
  }
  return AxisMap.apply(
    "resized",
    rows: .interpolation(interpolation, from: x.shape[2], to: size.height, alignCorners: alignCorners),
    columns: .interpolation(interpolation, from: x.shape[3], to: size.width, alignCorners: alignCorners), to: x)
}

/// Sequences at another length: x [batch, channels, length] → [batch, channels, length]; see
/// `resized(_:to:by:alignCorners:)`. Bilinear means linear here.
///
/// ```swift
/// resized(Tensor([[[1.0, 3.0]]]), toLength: 4, by: .bilinear)  // → [[[1.0, 1.5, 2.5, 3.0]]]
/// ```
public func resized(
  _ x: Tensor, toLength length: Int, by interpolation: Interpolation = .nearest, alignCorners: Bool = false
) -> Tensor {
  if x.rank != 3 { stop("resized", "x has shape \(x.shape)", fix: "x is [batch, channels, length]") }
  return resized(x.unsqueezed(2), to: [1, length], by: interpolation, alignCorners: alignCorners).squeezed(2)
}

extension AxisMap {
  /// What each of `to` pixels is made of.
  fileprivate static func interpolation(
    _ interpolation: Interpolation, from: Int, to: Int, alignCorners: Bool
  ) -> AxisMap {
    let rows = (0..<to).map { i in
      var place =
        alignCorners
        ? (to == 1 ? 0 : Double(i) * Double(from - 1) / Double(to - 1))
        : (Double(i) + 0.5) * Double(from) / Double(to) - 0.5
      if interpolation == .bilinear, place < 0 { place = 0 }
      let left = Int(place.rounded(.down))
      let t = place - Double(left)
      let weights = interpolation == .bilinear ? [(0, 1 - t), (1, t)] : cubic(t)
      return weights.compactMap { step, weight in
        weight == 0 ? nil : (column: Swift.min(Swift.max(left + step, 0), from - 1), weight: weight)
      }
    }
    return AxisMap(from: from, rows: rows)
  }

  /// Keys' weights of the pixels at −1, 0, 1, 2 for a place t between 0 and 1.
  private static func cubic(_ t: Double) -> [(Int, Double)] {
    let a = -0.75
    func near(_ d: Double) -> Double { ((a + 2) * d - (a + 3)) * d * d + 1 }
    func far(_ d: Double) -> Double { ((a * d - 5 * a) * d + 8 * a) * d - 4 * a }
    return [(-1, far(t + 1)), (0, near(t)), (1, near(1 - t)), (2, far(2 - t))]
  }
}

extension Op {
  static let resized = Op(
    "resized", "pictures at another size",
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
      Sample("linear", [.uniform([2, 2, 4])]) { TensorCore.resized($0[0], toLength: 7, by: .bilinear) },
      Sample("empty batch", [.uniform([0, 2, 3, 4])]) { TensorCore.resized($0[0], to: 2, by: .bilinear) },
    ],
    misuses: [Misuse("rank", says: ["resized", "[3, 4]", "height"]) { _ = TensorCore.resized(.ones([3, 4]), to: 2) }])
}
