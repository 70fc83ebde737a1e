import CKernels

// Arithmetic: tensor with tensor (broadcasting; equal dtypes, or any floating ones under `withAutocast`) and tensor with number.
extension Tensor {
  /// yᵢ = aᵢ + bᵢ, with broadcasting.
  ///
  /// ```swift
  /// Tensor([[1.0], [2.0]]) + Tensor([10.0, 20.0])  // → [[11.0, 21.0], [12.0, 22.0]]
  /// ```
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    if a.dtype != b.dtype { return Autocast.promoting("add", a, b, +) }
    let y = Elementwise.binary(GB_ADD, "add", a, b)
    guard Tape.records(a, b) else { return y }
    return y.recorded(
      "add",
      from: a, { [shape = a.shape] g in g.summed(to: shape) },
      from: b, { [shape = b.shape] g in g.summed(to: shape) })
  }

  /// yᵢ = aᵢ − bᵢ, with broadcasting.
  ///
  /// ```swift
  /// Tensor([1.0, 2.0]) - Tensor([0.5, 0.5])  // → [0.5, 1.5]
  /// ```
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    if a.dtype != b.dtype { return Autocast.promoting("subtract", a, b, -) }
    let y = Elementwise.binary(GB_SUBTRACT, "subtract", a, b)
    guard Tape.records(a, b) else { return y }
    return y.recorded(
      "subtract",
      from: a, { [shape = a.shape] g in g.summed(to: shape) },
      from: b, { [shape = b.shape] g in -g.summed(to: shape) })
  }

  /// yᵢ = aᵢ · bᵢ, with broadcasting: the element-wise (Hadamard) product. The matrix product is `matmul`.
  ///
  /// ```swift
  /// Tensor([1.0, 2.0]) * Tensor([3.0, 4.0])  // → [3.0, 8.0]
  /// ```
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    if a.dtype != b.dtype { return Autocast.promoting("multiply", a, b, *) }
    let y = Elementwise.binary(GB_MULTIPLY, "multiply", a, b)
    guard Tape.records(a, b) else { return y }
    return y.recorded(
      "multiply",
      from: a, { [shape = a.shape] g in (g * b).summed(to: shape) },
      from: b, { [shape = b.shape] g in (g * a).summed(to: shape) })
  }

  /// yᵢ = aᵢ / bᵢ, with broadcasting. Integers divide towards zero, and x/0 is 0.
  ///
  /// ```swift
  /// Tensor([1.0, 9.0]) / Tensor([2.0, 3.0])  // → [0.5, 3.0]
  /// ```
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    if a.dtype != b.dtype { return Autocast.promoting("divide", a, b, /) }
    let y = Elementwise.binary(GB_DIVIDE, "divide", a, b)
    guard Tape.records(a, b) else { return y }
    return y.recorded(
      "divide",
      from: a, { [shape = a.shape] g in (g / b).summed(to: shape) },
      // By two divisions: b² overflows and underflows where b does not.
      from: b, { [shape = b.shape] g in (-g * (a / b) / b).summed(to: shape) })
  }

  /// yᵢ = aᵢ + s.
  ///
  /// ```swift
  /// Tensor([1.0, 2.0]) + 1  // → [2.0, 3.0]
  /// ```
  public static func + (a: Tensor, s: Double) -> Tensor {
    Elementwise.binary(GB_ADD, "add", a, s).recorded("add", from: a) { g in g }
  }

  /// yᵢ = aᵢ − s.
  public static func - (a: Tensor, s: Double) -> Tensor {
    Elementwise.binary(GB_SUBTRACT, "subtract", a, s).recorded("subtract", from: a) { g in g }
  }

  /// yᵢ = aᵢ · s.
  public static func * (a: Tensor, s: Double) -> Tensor {
    Elementwise.binary(GB_MULTIPLY, "multiply", a, s).recorded("multiply", from: a) { g in g * s }
  }

  /// yᵢ = aᵢ / s.
  public static func / (a: Tensor, s: Double) -> Tensor {
    Elementwise.binary(GB_DIVIDE, "divide", a, s).recorded("divide", from: a) { g in g / s }
  }

  /// yᵢ = s + bᵢ.
  public static func + (s: Double, b: Tensor) -> Tensor { b + s }

  /// yᵢ = s · bᵢ.
  public static func * (s: Double, b: Tensor) -> Tensor { b * s }

  /// yᵢ = s − bᵢ.
  ///
  /// ```swift
  /// 1 - Tensor([0.25, 2.0])  // → [0.75, -1.0]
  /// ```
  public static func - (s: Double, b: Tensor) -> Tensor {
    Elementwise.binary(GB_SUBTRACT, "subtract", b, s, reversed: true).recorded("subtract", from: b) { g in -g }
  }

  /// yᵢ = s / bᵢ.
  ///
  /// ```swift
  /// 1 / Tensor([0.25, 2.0])  // → [4.0, 0.5]
  /// ```
  public static func / (s: Double, b: Tensor) -> Tensor {
    let y = Elementwise.binary(GB_DIVIDE, "divide", b, s, reversed: true)
    guard Tape.records(b) else { return y }
    return y.recorded("divide", from: b) { g in g * (-s / b) / b }
  }

  /// yᵢ = −xᵢ.
  public static prefix func - (x: Tensor) -> Tensor {
    Elementwise.unary(GB_NEGATE, x).recorded("negate", from: x) { g in -g }
  }

  /// In place where nobody else sees the storage and nothing is recorded; else `a = a + b`.
  ///
  /// ```swift
  /// var x = Tensor([1.0, 2.0])
  /// x += Tensor([10.0, 20.0])
  /// x  // → [11.0, 22.0]
  /// ```
  public static func += (a: inout Tensor, b: Tensor) { a.combine(GB_ADD, b) { $0 + $1 } }
  public static func -= (a: inout Tensor, b: Tensor) { a.combine(GB_SUBTRACT, b) { $0 - $1 } }
  public static func *= (a: inout Tensor, b: Tensor) { a.combine(GB_MULTIPLY, b) { $0 * $1 } }
  public static func /= (a: inout Tensor, b: Tensor) { a.combine(GB_DIVIDE, b) { $0 / $1 } }
  public static func += (a: inout Tensor, s: Double) { a = a + s }
  public static func -= (a: inout Tensor, s: Double) { a = a - s }
  public static func *= (a: inout Tensor, s: Double) { a = a * s }
  public static func /= (a: inout Tensor, s: Double) { a = a / s }

  private mutating func combine(_ op: gb_binary_op, _ b: Tensor, _ otherwise: (Tensor, Tensor) -> Tensor) {
    if !Tape.records(self, b), node == nil, dtype == b.dtype, shape == b.shape, isContiguous, b.isContiguous,
      storage.isWritable,
      isKnownUniquelyReferenced(&storage)
    {
      kernels.binary_flat(op, dtype.code, count, 1, pointer, 1, b.pointer, pointer)
    } else {
      self = otherwise(self, b)
    }
  }
}

extension Op {
  static let add = Op.binary("add", "yᵢ = aᵢ + bᵢ") { $0 + $1 }
  static let subtract = Op.binary("subtract", "yᵢ = aᵢ − bᵢ") { $0 - $1 }
  static let multiply = Op.binary("multiply", "yᵢ = aᵢ·bᵢ") { $0 * $1 }
  static let divide = Op.binary("divide", "yᵢ = aᵢ/bᵢ") { $0 / $1 }
  static let negate = Op.unary("negate", "yᵢ = −xᵢ", misuses: []) { -$0 }
  static let addScalar = Op.unary("add scalar", "yᵢ = xᵢ + s", misuses: []) { 1.5 + ($0 + 2.5) }
  static let subtractScalar = Op.unary("subtract scalar", "yᵢ = s − (xᵢ − t)", misuses: []) { 1.5 - ($0 - 2.5) }
  static let multiplyScalar = Op.unary("multiply scalar", "yᵢ = s·xᵢ", misuses: []) { 1.5 * ($0 * 2.5) }
  static let divideScalar = Op.unary("divide scalar", "yᵢ = s/(xᵢ/t)", over: 0.5...2, misuses: []) { 1.5 / ($0 / 2.5) }
}
