import CKernels

// Pooling of [batch, channels, height, width] in windows; windows step by their own size unless a stride is given. With `ceilMode` sizes
// are rounded up: see `windowCount`.

/// The largest element of each window of pictures; padding never wins. The gradient goes to the winner, the first among
/// equals.
///
/// x [batch, channels, height, width] → [batch, channels, out height, out width] with out = ⌊(size + 2·padding −
/// dilation·(kernel − 1) − 1)/stride⌋ + 1. The padding is at most half of the kernel. Stops when the window does not
/// fit.
///
/// ```swift
/// maxPool2d(Tensor([[[[1.0, 2.0], [3.0, 4.0]]]]), kernel: 2)  // → [[[[4.0]]]]
/// ```
public func maxPool2d(
  _ x: Tensor, kernel: Size2D, stride: Size2D? = nil, padding: Size2D = 0, dilation: Size2D = 1,
  ceilMode: Bool = false
) -> Tensor {
  maxPool2dWithIndices(
    x, kernel: kernel, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode
  ).values
}

/// The same, and where each largest element stands in its channel of x, counted row by row (int64): what `maxUnpooled`
/// takes.
///
/// ```swift
/// maxPool2dWithIndices(Tensor([[[[1.0, 2.0], [3.0, 4.0]]]]), kernel: 2).indices  // → [[[[3]]]]
/// ```
public func maxPool2dWithIndices(
  _ x: Tensor, kernel: Size2D, stride: Size2D? = nil, padding: Size2D = 0, dilation: Size2D = 1,
  ceilMode: Bool = false
) -> (values: Tensor, indices: Tensor) {
  let window = PoolingWindow("maxPool2d", x, kernel, stride ?? kernel, padding, dilation, ceilMode)
  let y = Tensor(uninitialized: window.output, dtype: x.dtype)
  let winners = Tensor(uninitialized: window.output, dtype: .int64)
  let row = x.rowMajor()
  window.withPairs { size, kernel, stride, padding, dilation, out in
    kernels.max_pool(
      x.dtype.code, window.planes, size, kernel, stride, padding, dilation, out, row.pointer, y.pointer,
      winners.int64Pointer)
  }
  guard Tape.records(x) else { return (y, winners) }
  return (y.recorded("maxPool2d", from: x) { g in window.scattered(g, winners) }, winners)
}

/// The mean of each window of pictures. With `countPadding`, zeros of the padding count as elements; without, only what is
/// inside. With a `divisor`, the sum is divided by that instead of the number of elements.
///
/// x [batch, channels, height, width] → [batch, channels, out height, out width] with out = ⌊(size + 2·padding −
/// kernel)/stride⌋ + 1. The padding is at most half of the kernel. Stops when the window does not fit.
///
/// ```swift
/// averagePool2d(Tensor([[[[1.0, 2.0], [3.0, 4.0]]]]), kernel: 2)  // → [[[[2.5]]]]
/// ```
public func averagePool2d(
  _ x: Tensor, kernel: Size2D, stride: Size2D? = nil, padding: Size2D = 0, ceilMode: Bool = false,
  countPadding: Bool = true, divisor: Int? = nil
) -> Tensor {
  if let divisor, divisor < 1 { stop("averagePool2d", "a divisor of \(divisor)", fix: "use at least 1, or none") }
  let window = PoolingWindow("averagePool2d", x, kernel, stride ?? kernel, padding, 1, ceilMode)
  return window.averaged(x, countPadding, divisor ?? 0)
}

/// A pooling window on pictures of one shape, and the linear maps that belong to it.
private struct PoolingWindow: Sendable {
  let input: Shape
  let output: Shape
  let kernel: Size2D
  let stride: Size2D
  let padding: Size2D
  let dilation: Size2D

  init(
    _ op: String, _ x: Tensor, _ kernel: Size2D, _ stride: Size2D, _ padding: Size2D, _ dilation: Size2D,
    _ ceilMode: Bool
  ) {
    guard x.rank == 4, x.dtype.isFloatingPoint, 2 * padding.height <= kernel.height, 2 * padding.width <= kernel.width
    else {
      stop(
        op, "x \(x.dtype) \(x.shape), kernel \(kernel), padding \(padding)",
        fix: "x is a floating-point [batch, channels, height, width]; padding is at most half of the kernel")
    }
    let out = Size2D(x.shape[2], x.shape[3]).slid(
      op, kernel: kernel, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
    input = x.shape
    output = [x.shape[0], x.shape[1], out.height, out.width]
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
  }

  var planes: Int { input[0] * input[1] }

  func withPairs(
    _ body: (
      UnsafePointer<Int>, UnsafePointer<Int>, UnsafePointer<Int>, UnsafePointer<Int>, UnsafePointer<Int>,
      UnsafePointer<Int>
    ) -> Void
  ) {
    body(
      [input[2], input[3]], [kernel.height, kernel.width], [stride.height, stride.width],
      [padding.height, padding.width],
      [dilation.height, dilation.width], [output[2], output[3]])
  }

  /// Each element of g where its window's winner stood: the transpose of choosing the winners.
  func scattered(_ g: Tensor, _ winners: Tensor) -> Tensor {
    let dx = Tensor.zeros(input, dtype: g.dtype)
    let row = g.rowMajor()
    _ = kernels.scatter_add(
      g.dtype.code, planes, input[2] * input[3], 1, output[2] * output[3], row.pointer, winners.int64Pointer, dx.pointer
    )
    guard Tape.records(g) else { return dx }
    return dx.recorded("maxPool2d gradient", from: g) { gg in self.chosen(gg, winners) }
  }

  /// The elements of x at the winners' places.
  func chosen(_ x: Tensor, _ winners: Tensor) -> Tensor {
    let y = Tensor(uninitialized: output, dtype: x.dtype)
    let row = x.rowMajor()
    _ = kernels.gather(
      x.dtype.code, planes, input[2] * input[3], 1, output[2] * output[3], row.pointer, winners.int64Pointer, y.pointer)
    guard Tape.records(x) else { return y }
    return y.recorded("maxPool2d", from: x) { g in self.scattered(g, winners) }
  }

  func averaged(_ x: Tensor, _ countPadding: Bool, _ divisor: Int) -> Tensor {
    let y = Tensor(uninitialized: output, dtype: x.dtype)
    let row = x.rowMajor()
    withPairs { size, kernel, stride, padding, _, out in
      kernels.average_pool(
        x.dtype.code, planes, size, kernel, stride, padding, countPadding, divisor, out, row.pointer, y.pointer)
    }
    guard Tape.records(x) else { return y }
    return y.recorded("averagePool2d", from: x) { g in self.spread(g, countPadding, divisor) }
  }

  /// The transpose of averaging: each element of g in equal parts over its window.
  func spread(_ g: Tensor, _ countPadding: Bool, _ divisor: Int) -> Tensor {
    let dx = Tensor(uninitialized: input, dtype: g.dtype)
    let row = g.rowMajor()
    withPairs { size, kernel, stride, padding, _, out in
      kernels.average_pool_gradient(
        g.dtype.code, planes, size, kernel, stride, padding, countPadding, divisor, out, row.pointer, dx.pointer)
    }
    guard Tape.records(g) else { return dx }
    return dx.recorded("averagePool2d gradient", from: g) { gg in self.averaged(gg, countPadding, divisor) }
  }
}

extension Op {
  static let maxPool2d = Op(
    "maxPool2d", "y = max over each window",
    samples: [
      Sample("plain", [.uniform([2, 2, 4, 6])]) { TensorCore.maxPool2d($0[0], kernel: 2) },
      Sample("overlapping", [.uniform([1, 2, 5, 5])]) { TensorCore.maxPool2d($0[0], kernel: 3, stride: 2, padding: 1) },
      Sample("dilation", [.uniform([1, 1, 5, 6])]) {
        TensorCore.maxPool2d($0[0], kernel: [2, 3], stride: 1, dilation: [2, 1])
      },
      Sample("ceil mode", [.uniform([2, 1, 6, 5])]) {
        TensorCore.maxPool2d($0[0], kernel: 3, stride: [2, 3], padding: [0, 1], ceilMode: true)
      },
      Sample("ceil mode, none beyond", [.uniform([1, 2, 3, 4])]) {
        TensorCore.maxPool2d($0[0], kernel: 2, stride: [3, 4], padding: 1, ceilMode: true)
      },
      Sample("empty batch", [.uniform([0, 2, 4, 4])]) { TensorCore.maxPool2d($0[0], kernel: 2) },
    ],
    misuses: [
      Misuse("kernel", says: ["maxPool2d", "[3, 3]", "[2, 2]"]) {
        _ = TensorCore.maxPool2d(.ones([1, 1, 2, 2]), kernel: 3)
      }
    ])
  static let averagePool2d = Op(
    "averagePool2d", "y = mean over each window",
    samples: [
      Sample("plain", [.uniform([2, 2, 4, 6])]) { TensorCore.averagePool2d($0[0], kernel: 2) },
      Sample("padding counts", [.uniform([1, 2, 5, 5])]) {
        TensorCore.averagePool2d($0[0], kernel: 3, stride: 2, padding: 1)
      },
      Sample("padding does not count", [.uniform([1, 2, 5, 5])]) {
        TensorCore.averagePool2d($0[0], kernel: 3, stride: 2, padding: 1, countPadding: false)
      },
      Sample("ceil mode", [.uniform([1, 2, 6, 5])]) {
        TensorCore.averagePool2d($0[0], kernel: 3, stride: [2, 3], padding: [0, 1], ceilMode: true)
      },
      Sample("ceil mode, padding does not count", [.uniform([1, 2, 6, 5])]) {
        TensorCore.averagePool2d(
          $0[0], kernel: 3, stride: [2, 3], padding: [0, 1], ceilMode: true, countPadding: false)
      },
      Sample("divisor", [.uniform([1, 2, 5, 5])]) {
        TensorCore.averagePool2d($0[0], kernel: 3, stride: 2, padding: 1, ceilMode: true, divisor: 5)
      },
      Sample("empty batch", [.uniform([0, 2, 4, 4])]) { TensorCore.averagePool2d($0[0], kernel: 2) },
    ],
    misuses: [
      Misuse("rank", says: ["averagePool2d", "[4, 4]", "[batch, channels, height, width]"]) {
        _ = TensorCore.averagePool2d(.ones([4, 4]), kernel: 2)
      },
      Misuse("divisor", says: ["averagePool2d", "a divisor of 0", "at least 1"]) {
        _ = TensorCore.averagePool2d(.ones([1, 1, 4, 4]), kernel: 2, divisor: 0)
      },
    ])
}
