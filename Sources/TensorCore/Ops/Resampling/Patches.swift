import CKernels

/// The patches that a window sees, as columns: x [batch, channels, height, width] → [batch, channels·kernel
/// height·kernel width, places], zeros outside the picture. A convolution is the product of its weights with them.
///
/// ```swift
/// patches(Tensor.ones([1, 3, 4, 4]), kernel: 2, stride: 2).shape  // → [1, 12, 4]
/// ```
public func patches(
  _ x: Tensor, kernel: Size2D, stride: Size2D = 1, padding: Size2D = 0, dilation: Size2D = 1
) -> Tensor {
  guard x.rank == 4, x.dtype.isFloatingPoint else {
    stop("patches", "x \(x.dtype) \(x.shape)", fix: "x is a floating-point [batch, channels, height, width]")
  }
  return PatchMap("patches", x.shape, kernel, stride, padding, dilation).taken(x)
}

/// The transpose of `patches`: each column's elements added to where they were taken from. columns [batch,
/// channels·kernel height·kernel width, places] → [batch, channels, size.height, size.width].
///
/// ```swift
/// patchesAdded(Tensor.ones([1, 4, 4]), to: 3, kernel: 2)[0, 0, 1]  // → [2.0, 4.0, 2.0]
/// ```
public func patchesAdded(
  _ columns: Tensor, to size: Size2D, kernel: Size2D, stride: Size2D = 1, padding: Size2D = 0, dilation: Size2D = 1
) -> Tensor {
  let area = kernel.height * kernel.width
  guard columns.rank == 3, columns.dtype.isFloatingPoint, area > 0, columns.shape[1] % area == 0 else {
    stop(
      "patchesAdded", "columns \(columns.dtype) \(columns.shape) for a kernel of \(kernel)",
      fix: "columns are a floating-point [batch, channels·kernel height·kernel width, places]")
  }
  let map = PatchMap(
    "patchesAdded", [columns.shape[0], columns.shape[1] / area, size.height, size.width], kernel, stride, padding,
    dilation)
  if columns.shape != map.columns {
    stop("patchesAdded", "columns \(columns.shape) for pictures \(map.pictures)", fix: "pass \(map.columns)")
  }
  return map.added(columns)
}

/// Taking patches of pictures of one shape, and adding them back: each is the other's transpose.
private struct PatchMap: Sendable {
  let pictures: Shape
  let columns: Shape
  private let kernel: Size2D
  private let stride: Size2D
  private let padding: Size2D
  private let dilation: Size2D
  private let out: Size2D

  init(
    _ op: String, _ pictures: Shape, _ kernel: Size2D, _ stride: Size2D, _ padding: Size2D, _ dilation: Size2D
  ) {
    out = Size2D(pictures[2], pictures[3]).slid(
      op, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
    self.pictures = pictures
    columns = [pictures[0], pictures[1] * kernel.height * kernel.width, out.height * out.width]
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
  }

  func taken(_ x: Tensor) -> Tensor {
    let rows = x.rowMajor()
    let y = Tensor(uninitialized: columns, dtype: x.dtype)
    forEachPicture(x.dtype, rows, y, kernels.unfold)
    return y.recorded("patches", from: x) { g in self.added(g) }
  }

  func added(_ x: Tensor) -> Tensor {
    let rows = x.rowMajor()
    let y = Tensor(uninitialized: pictures, dtype: x.dtype)
    forEachPicture(x.dtype, rows, y, kernels.fold)
    return y.recorded("patchesAdded", from: x) { g in self.taken(g) }
  }

  private typealias Kernel = (
    gb_dtype, Int, UnsafePointer<Int>?, UnsafePointer<Int>?, UnsafePointer<Int>?, UnsafePointer<Int>?,
    UnsafePointer<Int>?, UnsafePointer<Int>?, UnsafeRawPointer?, UnsafeMutableRawPointer?
  ) -> Void

  private func forEachPicture(_ dtype: DType, _ from: Tensor, _ to: Tensor, _ kernel: Kernel) {
    guard from.count > 0, to.count > 0 else { return }
    let steps = (from.count / pictures[0] * dtype.size, to.count / pictures[0] * dtype.size)
    for picture in 0..<pictures[0] {
      kernel(
        dtype.code, pictures[1], [pictures[2], pictures[3]], [self.kernel.height, self.kernel.width],
        [stride.height, stride.width], [padding.height, padding.width], [dilation.height, dilation.width],
        [out.height, out.width], from.pointer + picture * steps.0, to.pointer + picture * steps.1)
    }
  }
}

extension Tensor {
  /// Channels as finer pixels: [batch, channels·r², height, width] → [batch, channels, height·r, width·r]. (Shi et al.,
  /// 2016.)
  ///
  /// ```swift
  /// Tensor.range(0, 4).reshaped([1, 4, 1, 1]).pixelsShuffled(by: 2)[0, 0, 1]  // → [2.0, 3.0]
  /// ```
  public func pixelsShuffled(by r: Int) -> Tensor {
    guard rank == 4, r > 0, shape[1] % (r * r) == 0 else {
      stop("pixelsShuffled", "\(shape) by \(r)", fix: "pass [batch, channels·\(r)², height, width]")
    }
    let (channels, high, wide) = (shape[1] / (r * r), shape[2], shape[3])
    return reshaped([shape[0], channels, r, r, high, wide]).permuted([0, 1, 4, 2, 5, 3])
      .reshaped([shape[0], channels, high * r, wide * r])
  }

  /// The reverse of `pixelsShuffled`: [batch, channels, height·r, width·r] → [batch, channels·r², height, width]. Stops
  /// unless r divides height and width.
  ///
  /// ```swift
  /// Tensor.range(0, 4).reshaped([1, 1, 2, 2]).pixelsUnshuffled(by: 2).shape  // → [1, 4, 1, 1]
  /// ```
  public func pixelsUnshuffled(by r: Int) -> Tensor {
    guard rank == 4, r > 0, shape[2] % r == 0, shape[3] % r == 0 else {
      stop("pixelsUnshuffled", "\(shape) by \(r)", fix: "make height and width multiples of \(r)")
    }
    let (channels, high, wide) = (shape[1], shape[2] / r, shape[3] / r)
    return reshaped([shape[0], channels, high, r, wide, r]).permuted([0, 1, 3, 5, 2, 4])
      .reshaped([shape[0], channels * r * r, high, wide])
  }

  /// Channels of `groups` groups dealt out in turn, so that each new group holds some of every old one (Zhang et al.,
  /// "ShuffleNet", 2018): [batch, channels, ...], same shape out. Stops unless the groups divide the channels.
  ///
  /// ```swift
  /// Tensor([[1, 2, 3, 4]]).channelsShuffled(groups: 2)  // → [[1, 3, 2, 4]]
  /// ```
  public func channelsShuffled(groups: Int) -> Tensor {
    guard rank >= 2, groups >= 1, shape[1] % groups == 0 else {
      stop(
        "channelsShuffled", "\(shape) in \(groups) groups",
        fix: "use groups that divide the channels of [batch, channels, ...]")
    }
    let space = shape.dimensions[2...].reduce(1, *)
    return reshaped([shape[0], groups, shape[1] / groups, space]).transposed(1, 2).reshaped(shape)
  }

  /// Surrounded by a continuation of itself: mirrored without the edge (`reflected`), its edge repeated (`repeated`) or
  /// from the other side (`wrapped`). `widths[i]` is the number of elements before and after axis i.
  ///
  /// ```swift
  /// Tensor([1.0, 2.0, 3.0]).padded([(2, 1)], by: .reflected)  // → [3.0, 2.0, 1.0, 2.0, 3.0, 2.0]
  /// ```
  public func padded(_ widths: [(before: Int, after: Int)], by continuation: Continuation) -> Tensor {
    guard widths.count == rank else {
      stop("padded", "\(widths.count) widths for shape \(shape)", fix: "give a pair for each of the \(rank) axes")
    }
    var x = self
    for (axis, width) in widths.enumerated() where width != (0, 0) {
      let n = shape.dimensions[axis]
      let most = continuation.widest(around: n)
      guard (0...most).contains(width.before), (0...most).contains(width.after) else {
        stop(
          "padded", "\(width) around axis \(axis) of \(shape), \(continuation)", fix: "use widths of at most \(most)")
      }
      let places = (-width.before..<(n + width.after)).map { i -> Int in
        switch continuation {
        case .reflected: i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i
        case .repeated: Swift.min(Swift.max(i, 0), n - 1)
        case .wrapped: (i + n) % n
        }
      }
      x = x.indexSelected(axis: axis, indices: Tensor(places))
    }
    return x
  }

  /// How a tensor goes on beyond its edge.
  public enum Continuation: Sendable {
    case reflected, repeated, wrapped

    /// The width up to which so many elements can be continued.
    ///
    /// ```swift
    /// Tensor.Continuation.reflected.widest(around: 3)  // → 2
    /// ```
    public func widest(around size: Int) -> Int {
      switch self {
      case .reflected: size - 1
      case .repeated: size == 0 ? 0 : Int.max
      case .wrapped: size
      }
    }
  }
}

extension Op {
  static let patches = Op(
    "patches", "what a window sees, as columns",
    samples: [
      Sample("plain", [.uniform([2, 2, 3, 4])]) { TensorCore.patches($0[0], kernel: 2) },
      Sample("all options", [.uniform([1, 2, 5, 4])]) {
        TensorCore.patches($0[0], kernel: [2, 3], stride: [1, 2], padding: [1, 2], dilation: [2, 1])
      },
      Sample("empty batch", [.uniform([0, 2, 3, 4])]) { TensorCore.patches($0[0], kernel: 2) },
    ],
    misuses: [
      Misuse("kernel", says: ["patches", "[5, 5]", "[4, 4]", "does not fit"]) {
        _ = TensorCore.patches(.ones([1, 1, 4, 4]), kernel: 5)
      }
    ])
  static let patchesAdded = Op(
    "patchesAdded", "columns added to where they were taken from",
    samples: [
      Sample("plain", [.uniform([2, 8, 6])]) { TensorCore.patchesAdded($0[0], to: [3, 4], kernel: 2) },
      Sample("all options", [.uniform([1, 12, 15])]) {
        TensorCore.patchesAdded(
          $0[0], to: [5, 4], kernel: [2, 3], stride: [1, 2], padding: [1, 2], dilation: [2, 1])
      },
      Sample("empty batch", [.uniform([0, 8, 6])]) { TensorCore.patchesAdded($0[0], to: [3, 4], kernel: 2) },
    ],
    misuses: [
      Misuse("columns", says: ["patchesAdded", "[1, 4, 5]", "[1, 4, 4]"]) {
        _ = TensorCore.patchesAdded(.ones([1, 4, 5]), to: 3, kernel: 2)
      }
    ])
  static let pixelsShuffled = Op(
    "pixelsShuffled", "channels as finer pixels",
    samples: [
      Sample("two", [.uniform([2, 8, 2, 3])]) { $0[0].pixelsShuffled(by: 2) },
      Sample("empty batch", [.uniform([0, 4, 2, 3])]) { $0[0].pixelsShuffled(by: 2) },
    ],
    misuses: [
      Misuse("channels", says: ["pixelsShuffled", "[1, 3, 2, 2]"]) {
        _ = Tensor.ones([1, 3, 2, 2]).pixelsShuffled(by: 2)
      }
    ])
  static let pixelsUnshuffled = Op(
    "pixelsUnshuffled", "finer pixels as channels",
    samples: [
      Sample("two", [.uniform([2, 2, 4, 6])]) { $0[0].pixelsUnshuffled(by: 2) },
      Sample("empty batch", [.uniform([0, 1, 2, 4])]) { $0[0].pixelsUnshuffled(by: 2) },
    ],
    misuses: [
      Misuse("size", says: ["pixelsUnshuffled", "[1, 1, 3, 2]"]) {
        _ = Tensor.ones([1, 1, 3, 2]).pixelsUnshuffled(by: 2)
      }
    ])
  static let channelsShuffled = Op(
    "channelsShuffled", "channels dealt out among groups",
    samples: [
      Sample("pictures", [.uniform([2, 6, 2, 3])]) { $0[0].channelsShuffled(groups: 3) },
      Sample("rows", [.uniform([2, 4])]) { $0[0].channelsShuffled(groups: 2) },
      Sample("empty batch", [.uniform([0, 4, 3])]) { $0[0].channelsShuffled(groups: 2) },
    ],
    misuses: [
      Misuse("groups", says: ["channelsShuffled", "[1, 3]", "2 groups"]) {
        _ = Tensor.ones([1, 3]).channelsShuffled(groups: 2)
      }
    ])
  static let paddedByContinuation = Op(
    "padded by continuation", "surrounded by a continuation of itself",
    samples: [
      Sample("reflected", [.uniform([2, 2, 4])]) { $0[0].padded([(0, 0), (1, 0), (3, 2)], by: .reflected) },
      Sample("repeated", [.uniform([2, 2, 3])]) { $0[0].padded([(0, 0), (1, 2), (0, 4)], by: .repeated) },
      Sample("wrapped", [.uniform([2, 2, 3])]) { $0[0].padded([(0, 0), (1, 2), (3, 0)], by: .wrapped) },
      Sample("empty batch", [.uniform([0, 2, 3])]) { $0[0].padded([(0, 0), (0, 0), (1, 1)], by: .wrapped) },
    ],
    misuses: [
      Misuse("width", says: ["padded", "[3]", "at most 2"]) {
        _ = Tensor.ones([3]).padded([(3, 0)], by: .reflected)
      }
    ])
}
