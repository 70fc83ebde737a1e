import CKernels

// Functions of one tensor, element by element. All take floating-point tensors; abs, sign, square and negate take integers too.
extension Tensor {
  /// yᵢ = e^xᵢ.
  ///
  /// ```swift
  /// Tensor([0.0, 1.0]).exp()  // → [1.0, 2.7182817]
  /// ```
  public func exp() -> Tensor {
    floating(GB_EXP, "exp").recorded("exp", from: self, usingOutput: { g, y in g * y })
  }

  /// yᵢ = ln xᵢ; −∞ at 0 and NaN below.
  ///
  /// ```swift
  /// Tensor([1.0, 0.0]).log()  // → [0.0, -inf]
  /// ```
  public func log() -> Tensor {
    let y = floating(GB_LOG, "log")
    guard Tape.records(self) else { return y }
    return y.recorded("log", from: self) { g in g / self }
  }

  /// yᵢ = √xᵢ; NaN below 0. Its derivative at 0 is infinite.
  ///
  /// ```swift
  /// Tensor([4.0, 2.25]).sqrt()  // → [2.0, 1.5]
  /// ```
  public func sqrt() -> Tensor {
    floating(GB_SQRT, "sqrt").recorded("sqrt", from: self, usingOutput: { g, y in g * 0.5 / y })
  }

  /// yᵢ = 1/√xᵢ.
  ///
  /// ```swift
  /// Tensor([4.0, 0.25]).rsqrt()  // → [0.5, 2.0]
  /// ```
  public func rsqrt() -> Tensor {
    floating(GB_RSQRT, "rsqrt").recorded("rsqrt", from: self, usingOutput: { g, y in g * -0.5 * (y * y * y) })
  }

  /// yᵢ = tanh xᵢ.
  ///
  /// ```swift
  /// Tensor([0.0, 100.0]).tanh()  // → [0.0, 1.0]
  /// ```
  public func tanh() -> Tensor {
    floating(GB_TANH, "tanh").recorded(
      "tanh", from: self,
      usingOutput: { g, y in
        Tape.records(g, y) ? g * (1 - y * y) : Elementwise.binary(GB_TANH_GRADIENT, "tanh", g, y)
      })
  }

  /// The logistic function, yᵢ = 1/(1 + e^−xᵢ).
  ///
  /// ```swift
  /// Tensor([0.0]).sigmoid()  // → [0.5]
  /// ```
  public func sigmoid() -> Tensor {
    floating(GB_SIGMOID, "sigmoid").recorded(
      "sigmoid", from: self,
      usingOutput: { g, y in
        Tape.records(g, y) ? g * (y * (1 - y)) : Elementwise.binary(GB_SIGMOID_GRADIENT, "sigmoid", g, y)
      })
  }

  /// The rectifier, yᵢ = max(xᵢ, 0); its derivative at 0 is taken as 0. NaN passes, and so does its gradient. (Glorot, Bordes & Bengio, 2011.)
  ///
  /// ```swift
  /// Tensor([-1.0, 2.0]).relu()  // → [0.0, 2.0]
  /// ```
  public func relu() -> Tensor {
    Elementwise.unary(GB_RELU, self).recorded(
      "relu", from: self,
      usingOutput: { g, y in
        Tape.records(g)
          ? g * (.!(y.detached() .<= 0)).cast(to: g.dtype) : Elementwise.binary(GB_RELU_GRADIENT, "relu", g, y)
      })
  }

  /// yᵢ = |xᵢ|; its derivative at 0 is taken as 0.
  ///
  /// ```swift
  /// Tensor([-1.5, 2.0]).abs()  // → [1.5, 2.0]
  /// ```
  public func abs() -> Tensor {
    let y = Elementwise.unary(GB_ABS, self)
    guard Tape.records(self) else { return y }
    return y.recorded("abs", from: self) { g in g * self.detached().sign() }
  }

  /// −1, 0 or 1. Its derivative is 0 wherever it has one.
  ///
  /// ```swift
  /// Tensor([-1.5, 0.0, 2.0]).sign()  // → [-1.0, 0.0, 1.0]
  /// ```
  public func sign() -> Tensor {
    Elementwise.unary(GB_SIGN, self).recordedAsConstant("sign", from: self, because: "it is constant between jumps")
  }

  /// yᵢ = xᵢ².
  ///
  /// ```swift
  /// Tensor([-3.0, 0.5]).square()  // → [9.0, 0.25]
  /// ```
  public func square() -> Tensor {
    let y = Elementwise.unary(GB_SQUARE, self)
    guard Tape.records(self) else { return y }
    return y.recorded("square", from: self) { g in g * 2 * self }
  }

  /// yᵢ = 1/xᵢ.
  ///
  /// ```swift
  /// Tensor([4.0, 0.5]).reciprocal()  // → [0.25, 2.0]
  /// ```
  public func reciprocal() -> Tensor {
    floating(GB_RECIPROCAL, "reciprocal").recorded("reciprocal", from: self, usingOutput: { g, y in -(g * y * y) })
  }

  /// yᵢ = sin xᵢ, in radians.
  ///
  /// ```swift
  /// Tensor([0.0]).sin()  // → [0.0]
  /// ```
  public func sin() -> Tensor {
    let y = floating(GB_SIN, "sin")
    guard Tape.records(self) else { return y }
    return y.recorded("sin", from: self) { g in g * self.cos() }
  }

  /// yᵢ = cos xᵢ, in radians.
  ///
  /// ```swift
  /// Tensor([0.0]).cos()  // → [1.0]
  /// ```
  public func cos() -> Tensor {
    let y = floating(GB_COS, "cos")
    guard Tape.records(self) else { return y }
    return y.recorded("cos", from: self) { g in -(g * self.sin()) }
  }

  /// The largest integer not above xᵢ.
  ///
  /// ```swift
  /// Tensor([1.5, -1.5]).floor()  // → [1.0, -2.0]
  /// ```
  public func floor() -> Tensor { rounded(GB_FLOOR, "floor") }
  /// The smallest integer not below xᵢ.
  ///
  /// ```swift
  /// Tensor([1.5, -1.5]).ceil()  // → [2.0, -1.0]
  /// ```
  public func ceil() -> Tensor { rounded(GB_CEIL, "ceil") }
  /// The nearest integer, ties to even.
  ///
  /// ```swift
  /// Tensor([0.5, 1.5, -2.7]).round()  // → [0.0, 2.0, -3.0]
  /// ```
  public func round() -> Tensor { rounded(GB_ROUND, "round") }

  /// Where xᵢ is not a number, as bools.
  ///
  /// ```swift
  /// Tensor([1.0, .nan]).isNaN()  // → [false, true]
  /// ```
  public func isNaN() -> Tensor {
    Elementwise.unary(GB_IS_NAN, self, result: .bool).recordedAsConstant("isNaN", from: self, because: "it is a bool")
  }

  /// Where xᵢ is neither infinite nor NaN, as bools.
  ///
  /// ```swift
  /// Tensor([1.0, .infinity]).isFinite()  // → [true, false]
  /// ```
  public func isFinite() -> Tensor {
    Elementwise.unary(GB_IS_FINITE, self, result: .bool).recordedAsConstant(
      "isFinite", from: self, because: "it is a bool")
  }

  private func floating(_ op: gb_unary_op, _ name: String) -> Tensor { Elementwise.floating(op, name, self) }

  private func rounded(_ op: gb_unary_op, _ name: String) -> Tensor {
    floating(op, name).recordedAsConstant(name, from: self, because: "it is constant between jumps")
  }
}

extension Op {
  static let exp = Op.unary("exp", "yᵢ = e^xᵢ") { $0.exp() }
  static let log = Op.unary("log", "yᵢ = ln xᵢ", over: 0.3...3) { $0.log() }
  static let sqrt = Op.unary("sqrt", "yᵢ = √xᵢ", over: 0.3...3) { $0.sqrt() }
  static let rsqrt = Op.unary("rsqrt", "yᵢ = 1/√xᵢ", over: 0.3...3) {
    $0.rsqrt()
  }
  static let tanh = Op.unary("tanh", "yᵢ = tanh xᵢ") { $0.tanh() }
  static let sigmoid = Op.unary(
    "sigmoid", "yᵢ = 1/(1 + e^−xᵢ)", over: -6...6
  ) { $0.sigmoid() }
  static let relu = Op.unary("relu", "yᵢ = max(xᵢ, 0)", misuses: []) { $0.relu() }
  static let abs = Op.unary("abs", "yᵢ = |xᵢ|", misuses: []) { $0.abs() }
  static let sign = Op.unary("sign", "yᵢ = sign xᵢ", derivative: .none, misuses: []) { $0.sign() }
  static let square = Op.unary("square", "yᵢ = xᵢ²", misuses: []) { $0.square() }
  static let reciprocal = Op.unary(
    "reciprocal", "yᵢ = 1/xᵢ", over: 0.5...2
  ) { $0.reciprocal() }
  static let sin = Op.unary("sin", "yᵢ = sin xᵢ") { $0.sin() }
  static let cos = Op.unary("cos", "yᵢ = cos xᵢ") { $0.cos() }
  static let floor = Op.unary("floor", "yᵢ = ⌊xᵢ⌋", derivative: .none, misuses: []) { $0.floor() }
  static let ceil = Op.unary("ceil", "yᵢ = ⌈xᵢ⌉", derivative: .none, misuses: []) { $0.ceil() }
  static let round = Op.unary("round", "the nearest integer", derivative: .none, misuses: []) { $0.round() }
  static let isNaN = Op.unary("isNaN", "xᵢ ≠ xᵢ", derivative: .none, misuses: []) { $0.isNaN() }
  static let isFinite = Op.unary("isFinite", "|xᵢ| < ∞", derivative: .none, misuses: []) { $0.isFinite() }
}
