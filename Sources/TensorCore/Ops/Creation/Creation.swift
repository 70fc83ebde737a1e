import CKernels

// Tensors from nothing. float32 unless said otherwise.
extension Tensor {
  /// Filled with 0 (false).
  ///
  /// ```swift
  /// Tensor.zeros([2])  // → [0.0, 0.0]
  /// ```
  public static func zeros(_ shape: Shape, dtype: DType = .float32) -> Tensor { full(shape, 0, dtype: dtype) }

  /// Filled with 1 (true).
  ///
  /// ```swift
  /// Tensor.ones([2], dtype: .int64)  // → [1, 1]
  /// ```
  public static func ones(_ shape: Shape, dtype: DType = .float32) -> Tensor { full(shape, 1, dtype: dtype) }

  /// Filled with one value.
  ///
  /// ```swift
  /// Tensor.full([2, 2], 0.5)  // → [[0.5, 0.5], [0.5, 0.5]]
  /// ```
  public static func full(_ shape: Shape, _ value: Double, dtype: DType = .float32) -> Tensor {
    let y = Tensor(uninitialized: shape, dtype: dtype)
    kernels.fill(dtype.code, y.count, value, y.pointer)
    return y
  }

  /// Zeros of another tensor's shape and dtype.
  ///
  /// ```swift
  /// Tensor.zeros(like: Tensor([3, 4]))  // → [0, 0]
  /// ```
  public static func zeros(like x: Tensor) -> Tensor { zeros(x.shape, dtype: x.dtype) }
  /// Ones of another tensor's shape and dtype.
  ///
  /// ```swift
  /// Tensor.ones(like: Tensor([3.0, 4.0]))  // → [1.0, 1.0]
  /// ```
  public static func ones(like x: Tensor) -> Tensor { ones(x.shape, dtype: x.dtype) }

  /// start, start + step, … up to but without `end`. Stops when the step is 0 or leads away from the end.
  ///
  /// ```swift
  /// Tensor.range(0, 1, by: 0.25)  // → [0.0, 0.25, 0.5, 0.75]
  /// Tensor.range(0, 3, dtype: .int64)  // → [0, 1, 2]
  /// ```
  public static func range(_ start: Double, _ end: Double, by step: Double = 1, dtype: DType = .float32) -> Tensor {
    guard step != 0, (end - start) / step >= 0 else {
      stop(
        "range", "a step of \(step) never leads from \(start) to \(end)", fix: "give the step the sign of end − start")
    }
    let y = Tensor(uninitialized: [Int(((end - start) / step).rounded(.up))], dtype: dtype)
    kernels.range(dtype.code, y.count, start, step, y.pointer)
    return y
  }

  /// `count` evenly spaced numbers from `start` to `end`, both included.
  ///
  /// ```swift
  /// Tensor.linspace(0, 1, count: 5)  // → [0.0, 0.25, 0.5, 0.75, 1.0]
  /// ```
  public static func linspace(_ start: Double, _ end: Double, count: Int, dtype: DType = .float32) -> Tensor {
    if count < 0 { stop("linspace", "\(count) numbers", fix: "ask for 0 or more") }
    let y = Tensor(uninitialized: [count], dtype: dtype)
    kernels.range(dtype.code, count, start, count > 1 ? (end - start) / Double(count - 1) : 0, y.pointer)
    // The last one exactly, whatever start + (count − 1)·step rounds to.
    if count > 1 { kernels.fill(dtype.code, 1, end, y.pointer + (count - 1) * dtype.size) }
    return y
  }

  /// The identity matrix, or a rectangular one with ones on its diagonal.
  ///
  /// ```swift
  /// Tensor.eye(2)  // → [[1.0, 0.0], [0.0, 1.0]]
  /// ```
  public static func eye(_ rows: Int, columns: Int? = nil, dtype: DType = .float32) -> Tensor {
    let columns = columns ?? rows
    let y = zeros([rows, columns], dtype: dtype)
    for row in 0..<Swift.min(rows, columns) {
      kernels.fill(dtype.code, 1, 1, y.pointer + row * (columns + 1) * dtype.size)
    }
    return y
  }
}

extension Op {
  static let creation = Op(
    "creation", "tensors from nothing", derivative: .none,
    samples: [
      Sample("full", []) { _ in Tensor.full([2, 3], 1.5) },
      Sample("range", []) { _ in [Tensor.range(1, 4, by: 0.7), Tensor.range(5, 0, by: -2, dtype: .int64)] },
      Sample("linspace", []) { _ in Tensor.linspace(-1, 2, count: 7) },
      Sample("eye", []) { _ in [Tensor.eye(3), Tensor.eye(2, columns: 4)] },
      Sample("empty", []) { _ in [Tensor.zeros([0, 2]), Tensor.range(1, 1), Tensor.linspace(0, 1, count: 0)] },
    ],
    misuses: [Misuse("step", says: ["range", "step of -1.0", "Fix"]) { _ = Tensor.range(0, 3, by: -1) }])
}
