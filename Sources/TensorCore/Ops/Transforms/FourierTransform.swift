import CKernels

// There are no complex dtypes: a complex tensor is a real one whose last axis has size 2, the real part and the imaginary part, as
// PyTorch's `view_as_real` gives it. The axes that these functions take are those of the complex tensor, the pair not counted.

/// What a Fourier transform is multiplied with, so that there and back again is the identity.
public enum FourierNormalization: Sendable, Hashable {
  /// 1 forwards, 1/n backwards.
  case backward
  /// 1/√n both ways.
  case orthonormal
  /// 1/n forwards, 1 backwards.
  case forward

  func scale(_ n: Int, inverse: Bool) -> Double {
    switch self {
    case .backward: inverse ? 1 / Double(n) : 1
    case .orthonormal: 1 / Double(n).squareRoot()
    case .forward: inverse ? 1 : 1 / Double(n)
    }
  }
}

extension Tensor {
  /// The discrete Fourier transform along an axis of a complex tensor [..., n, ..., 2]: y_k = Σⱼ xⱼ·e^(−2πijk/n).
  ///
  /// Any n is fast, also a prime. `length` cuts the axis, or fills it up with zeros, first.
  /// Cooley & Tukey, "An algorithm for the machine calculation of complex Fourier series", 1965.
  ///
  /// ```swift
  /// let x = Tensor([[1.0, 0.0], [0.0, 0.0]])  // 1, 0
  /// x.fft()  // → [[1.0, 0.0], [1.0, 0.0]]
  /// ```
  public func fft(axis: Int = -1, length: Int? = nil, normalization: FourierNormalization = .backward) -> Tensor {
    if Autocast.isOn {
      return Autocast.widening(self) { $0.fft(axis: axis, length: length, normalization: normalization) }
    }
    return alongComplex("fft", axis, length) { x, n in
      Fourier.complex(x, inverse: false, scale: normalization.scale(n, inverse: false))
    }
  }

  /// The inverse of `fft`: xⱼ = Σ_k y_k·e^(2πijk/n)/n.
  ///
  /// ```swift
  /// Tensor([[1.0, 0.0], [1.0, 0.0]]).ifft()  // → [[1.0, 0.0], [0.0, 0.0]]
  /// ```
  public func ifft(axis: Int = -1, length: Int? = nil, normalization: FourierNormalization = .backward) -> Tensor {
    if Autocast.isOn {
      return Autocast.widening(self) { $0.ifft(axis: axis, length: length, normalization: normalization) }
    }
    return alongComplex("ifft", axis, length) { x, n in
      Fourier.complex(x, inverse: true, scale: normalization.scale(n, inverse: true))
    }
  }

  /// The discrete Fourier transform along an axis of a real tensor, of which only the first n/2 + 1 values are given:
  /// the others are their conjugates. [..., n, ...] → complex [..., n/2 + 1, ..., 2].
  ///
  /// ```swift
  /// Tensor([1.0, 0.0, 0.0, 0.0]).rfft()  // → [[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]]
  /// ```
  public func rfft(axis: Int = -1, length: Int? = nil, normalization: FourierNormalization = .backward) -> Tensor {
    if Autocast.isOn {
      return Autocast.widening(self) { $0.rfft(axis: axis, length: length, normalization: normalization) }
    }
    let op = "rfft"
    Fourier.requireNumbers(op, self)
    let axis = shape.resolved(axis, for: op)
    let n = length ?? shape.dimensions[axis]
    Fourier.requireLength(op, n, shape)
    let rows = fitted(axis, n).moved(axis, to: rank - 1)
    return Fourier.real(rows, scale: normalization.scale(n, inverse: false)).moved(rank - 1, to: axis)
  }

  /// The inverse of `rfft`: the real tensor [..., n, ...] that belongs to a complex [..., n/2 + 1, ..., 2]. Its
  /// `length` n is 2·(size − 1) unless said otherwise; an odd one must be said.
  ///
  /// The imaginary part of the first value and, for even n, of the last do not count.
  ///
  /// ```swift
  /// Tensor([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]]).irfft()  // → [1.0, 0.0, 0.0, 0.0]
  /// ```
  public func irfft(axis: Int = -1, length: Int? = nil, normalization: FourierNormalization = .backward) -> Tensor {
    if Autocast.isOn {
      return Autocast.widening(self) { $0.irfft(axis: axis, length: length, normalization: normalization) }
    }
    let op = "irfft"
    let axis = Fourier.complexAxis(op, self, axis)
    let n = length ?? 2 * (shape.dimensions[axis] - 1)
    Fourier.requireLength(op, n, shape)
    let rows = fitted(axis, n / 2 + 1).moved(axis, to: rank - 2)
    return Fourier.hermitian(rows, n, scale: normalization.scale(n, inverse: true)).moved(rank - 2, to: axis)
  }

  private func alongComplex(_ op: String, _ axis: Int, _ length: Int?, _ transform: (Tensor, Int) -> Tensor) -> Tensor {
    let axis = Fourier.complexAxis(op, self, axis)
    let n = length ?? shape.dimensions[axis]
    Fourier.requireLength(op, n, shape)
    return transform(fitted(axis, n).moved(axis, to: rank - 2), n).moved(rank - 2, to: axis)
  }

  /// Cut to n, or filled up with zeros.
  private func fitted(_ axis: Int, _ n: Int) -> Tensor {
    let size = shape.dimensions[axis]
    if n <= size { return n == size ? self : sliced(axis: axis, from: 0, to: n) }
    return padded((0..<rank).map { (0, $0 == axis ? n - size : 0) })
  }

  /// An axis put in another place, the others keeping their order. A view.
  private func moved(_ axis: Int, to place: Int) -> Tensor {
    if axis == place { return self }
    var order = Array(0..<rank)
    order.remove(at: axis)
    order.insert(axis, at: place)
    return permuted(order)
  }
}

/// The transforms along the last axis, recorded. They are linear, so that the gradient of each is the transpose of it,
/// which is another of them: gradients of every order.
enum Fourier {
  static func requireNumbers(_ op: String, _ x: Tensor) {
    if x.dtype != .float32 && x.dtype != .float64 {
      stop(op, "\(x.dtype) \(x.shape) is neither float32 nor float64", fix: "cast(to: .float32) first")
    }
  }

  /// The axis of a complex tensor, the pair at its end not counted.
  static func complexAxis(_ op: String, _ x: Tensor, _ axis: Int) -> Int {
    requireNumbers(op, x)
    guard x.rank >= 2, x.shape[-1] == 2 else {
      stop(
        op, "\(x.shape) is no complex tensor: [..., 2] with real and imaginary parts last",
        fix: "use rfft for real numbers, or Tensor.stacked([re, im], axis: -1)")
    }
    return Shape(x.shape.dimensions.dropLast()).resolved(axis, for: op)
  }

  static func requireLength(_ op: String, _ n: Int, _ shape: Shape) {
    if n < 1 { stop(op, "a transform of length \(n) of \(shape)", fix: "transform an axis of 1 or more elements") }
  }

  /// [..., n, 2] → [..., n, 2].
  static func complex(_ x: Tensor, inverse: Bool, scale: Double) -> Tensor {
    let source = x.rowMajor()
    let y = Tensor(uninitialized: source.layout, dtype: x.dtype)
    let n = x.shape[-2]
    gb_fourier(shape(x, rows: x.count / (2 * n), n, scale), inverse, source.pointer, y.pointer)
    guard Tape.records(x) else { return y }
    return y.recorded(inverse ? "ifft" : "fft", from: x) { g in complex(g, inverse: !inverse, scale: scale) }
  }

  /// [..., n] → [..., n/2 + 1, 2].
  static func real(_ x: Tensor, scale: Double) -> Tensor {
    let source = x.rowMajor()
    let n = x.shape[-1]
    let y = Tensor(uninitialized: Shape(x.shape.dimensions.dropLast() + [n / 2 + 1, 2]), dtype: x.dtype)
    gb_fourier_real(shape(x, rows: x.count / n, n, scale), source.pointer, y.pointer)
    guard Tape.records(x) else { return y }
    return y.recorded("rfft", from: x) { g in hermitian(g / occurrences(n, g.dtype), n, scale: scale) }
  }

  /// [..., n/2 + 1, 2] → [..., n].
  static func hermitian(_ x: Tensor, _ n: Int, scale: Double) -> Tensor {
    let source = x.rowMajor()
    let outer = x.shape.dimensions.dropLast(2)
    let y = Tensor(uninitialized: Shape(outer + [n]), dtype: x.dtype)
    gb_fourier_hermitian(shape(x, rows: outer.reduce(1, *), n, scale), source.pointer, y.pointer)
    guard Tape.records(x) else { return y }
    return y.recorded("irfft", from: x) { g in real(g, scale: scale) * occurrences(n, g.dtype) }
  }

  private static func shape(_ x: Tensor, rows: Int, _ n: Int, _ scale: Double) -> gb_fourier_shape {
    gb_fourier_shape(is_double: x.dtype == .float64, rows: rows, n: n, scale: scale)
  }

  /// How often each value of a half spectrum is in the whole: once in the middle of the symmetry, else twice. [n/2 + 1,
  /// 1]
  private static func occurrences(_ n: Int, _ dtype: DType) -> Tensor {
    let counts = (0...(n / 2)).map { k -> Double in k == 0 || 2 * k == n ? 1 : 2 }
    return Tensor(counts, shape: [counts.count, 1], dtype: dtype)
  }
}

extension Op {
  static let fft = complexTransform("fft", "y_k = Σⱼ xⱼ·e^(−2πijk/n)") {
    $0.fft(axis: $1, length: $2, normalization: $3)
  }
  static let ifft = complexTransform("ifft", "xⱼ = Σ_k y_k·e^(2πijk/n)/n") {
    $0.ifft(axis: $1, length: $2, normalization: $3)
  }

  private static func complexTransform(
    _ name: String, _ formula: String, _ f: @escaping @Sendable (Tensor, Int, Int?, FourierNormalization) -> Tensor
  ) -> Op {
    Op(
      name, formula,
      samples: [
        Sample("4", [.uniform([4, 2])]) { f($0[0], -1, nil, .backward) },
        Sample("30", [.uniform([30, 2])]) { f($0[0], -1, nil, .backward) },
        Sample("37 as a convolution", [.uniform([37, 2])]) { f($0[0], -1, nil, .backward) },
        Sample("first axis", [.uniform([7, 2, 2])]) { f($0[0], 0, nil, .orthonormal) },
        Sample("cut", [.uniform([2, 5, 2])]) { f($0[0], -1, 3, .forward) },
        Sample("filled", [.uniform([3, 2])]) { f($0[0], -1, 5, .backward) },
        Sample("no rows", [.uniform([0, 3, 2])]) { f($0[0], -1, nil, .backward) },
      ],
      misuses: [
        Misuse("real", says: [name, "[3]", "no complex tensor", "rfft"]) { _ = f(.ones([3]), -1, nil, .backward) },
        Misuse("axis", says: [name, "[4]", "no axis 1"]) { _ = f(.ones([4, 2]), 1, nil, .backward) },
        Misuse("length", says: [name, "length 0", "[0, 2]"]) { _ = f(.ones([0, 2]), -1, nil, .backward) },
        Misuse("dtype", says: [name, "int64", "cast(to: .float32)"]) {
          _ = f(.ones([4, 2], dtype: .int64), -1, nil, .backward)
        },
      ])
  }

  static let rfft = Op(
    "rfft", "y_k = Σⱼ xⱼ·e^(−2πijk/n), k ≤ n/2",
    samples: [
      Sample("even", [.uniform([2, 8])]) { $0[0].rfft() },
      Sample("odd", [.uniform([15])]) { $0[0].rfft(normalization: .orthonormal) },
      Sample("one", [.uniform([1])]) { $0[0].rfft() },
      Sample("two", [.uniform([2])]) { $0[0].rfft() },
      Sample("first axis", [.uniform([6, 2])]) { $0[0].rfft(axis: 0) },
      Sample("filled", [.uniform([3])]) { $0[0].rfft(length: 6, normalization: .forward) },
      Sample("no rows", [.uniform([0, 3])]) { $0[0].rfft() },
    ],
    misuses: [
      Misuse("axis", says: ["rfft", "[4]", "no axis 1"]) { _ = Tensor.ones([4]).rfft(axis: 1) },
      Misuse("dtype", says: ["rfft", "int64", "cast(to: .float32)"]) { _ = Tensor([1, 2]).rfft() },
    ])
  static let irfft = Op(
    "irfft", "xⱼ = Σ_k y_k·e^(2πijk/n)/n, the second half of y being conjugate",
    samples: [
      Sample("even", [.uniform([2, 5, 2])]) { $0[0].irfft() },
      Sample("odd", [.uniform([4, 2])]) { $0[0].irfft(length: 7, normalization: .orthonormal) },
      Sample("one", [.uniform([1, 2])]) { $0[0].irfft(length: 1) },
      Sample("first axis", [.uniform([4, 2, 2])]) { $0[0].irfft(axis: 0) },
      Sample("filled", [.uniform([3, 2])]) { $0[0].irfft(length: 8, normalization: .forward) },
      Sample("no rows", [.uniform([0, 3, 2])]) { $0[0].irfft() },
    ],
    misuses: [
      Misuse("real", says: ["irfft", "[3]", "no complex tensor"]) { _ = Tensor.ones([3]).irfft() },
      Misuse("length", says: ["irfft", "length 0", "[1, 2]"]) { _ = Tensor.ones([1, 2]).irfft() },
    ])
}
