import CKernels

// Trigonometric and hyperbolic functions and their inverses, element by element, in radians. All take floating-point tensors.
extension Tensor {
  /// yᵢ = tan xᵢ.
  ///
  /// ```swift
  /// Tensor([0.0]).tan()  // → [0.0]
  /// ```
  public func tan() -> Tensor {
    Elementwise.floating(GB_TAN, "tan", self).recorded("tan", from: self, usingOutput: { g, y in g * (1 + y * y) })
  }

  /// yᵢ = arcsin xᵢ in −π/2…π/2; NaN outside −1…1.
  ///
  /// ```swift
  /// Tensor([0.0, 1.0]).asin()  // → [0.0, 1.5707964]
  /// ```
  public func asin() -> Tensor {
    let y = Elementwise.floating(GB_ASIN, "asin", self)
    guard Tape.records(self) else { return y }
    return y.recorded("asin", from: self) { g in g * (1 - self * self).rsqrt() }
  }

  /// yᵢ = arccos xᵢ in 0…π; NaN outside −1…1.
  ///
  /// ```swift
  /// Tensor([1.0, 0.0]).acos()  // → [0.0, 1.5707964]
  /// ```
  public func acos() -> Tensor {
    let y = Elementwise.floating(GB_ACOS, "acos", self)
    guard Tape.records(self) else { return y }
    return y.recorded("acos", from: self) { g in -(g * (1 - self * self).rsqrt()) }
  }

  /// yᵢ = arctan xᵢ in −π/2…π/2.
  ///
  /// ```swift
  /// Tensor([0.0, 1.0]).atan()  // → [0.0, 0.7853982]
  /// ```
  public func atan() -> Tensor {
    let y = Elementwise.floating(GB_ATAN, "atan", self)
    guard Tape.records(self) else { return y }
    return y.recorded("atan", from: self) { g in g / (1 + self * self) }
  }

  /// The angle of the point (xᵢ, yᵢ) in −π…π, with broadcasting: arctan(yᵢ/xᵢ) in the right quadrant.
  ///
  /// ```swift
  /// Tensor.atan2(y: Tensor([1.0, 0.0]), x: Tensor([0.0, -1.0]))  // → [1.5707964, 3.1415927]
  /// ```
  public static func atan2(y: Tensor, x: Tensor) -> Tensor {
    Elementwise.requireFloatingPoint("atan2", y)
    if y.dtype != x.dtype { return Autocast.promoting("atan2", y, x) { atan2(y: $0, x: $1) } }
    let angle = Elementwise.binary(GB_ATAN2, "atan2", y, x)
    guard Tape.records(y, x) else { return angle }
    // ∂/∂y = x/r² and ∂/∂x = −y/r², by two divisions: r² overflows and underflows where r does not. At 0 the gradient is 0.
    @Sendable func radius() -> Tensor {
      let r = Tensor.hypot(x, y)
      return Tensor.where(r.detached() .== 0, Tensor.ones([], dtype: r.dtype), r)
    }
    return angle.recorded(
      "atan2",
      from: y,
      { [shape = y.shape] g in
        let r = radius()
        return (g * (x / r) / r).summed(to: shape)
      },
      from: x,
      { [shape = x.shape] g in
        let r = radius()
        return (-g * (y / r) / r).summed(to: shape)
      })
  }

  /// yᵢ = sinh xᵢ.
  ///
  /// ```swift
  /// Tensor([0.0]).sinh()  // → [0.0]
  /// ```
  public func sinh() -> Tensor {
    let y = Elementwise.floating(GB_SINH, "sinh", self)
    guard Tape.records(self) else { return y }
    return y.recorded("sinh", from: self) { g in g * self.cosh() }
  }

  /// yᵢ = cosh xᵢ.
  ///
  /// ```swift
  /// Tensor([0.0]).cosh()  // → [1.0]
  /// ```
  public func cosh() -> Tensor {
    let y = Elementwise.floating(GB_COSH, "cosh", self)
    guard Tape.records(self) else { return y }
    return y.recorded("cosh", from: self) { g in g * self.sinh() }
  }

  /// yᵢ = arsinh xᵢ.
  ///
  /// ```swift
  /// Tensor([0.0]).asinh()  // → [0.0]
  /// ```
  public func asinh() -> Tensor {
    let y = Elementwise.floating(GB_ASINH, "asinh", self)
    guard Tape.records(self) else { return y }
    return y.recorded("asinh", from: self) { g in g * (1 + self * self).rsqrt() }
  }

  /// yᵢ = arcosh xᵢ; NaN below 1.
  ///
  /// ```swift
  /// Tensor([1.0]).acosh()  // → [0.0]
  /// ```
  public func acosh() -> Tensor {
    let y = Elementwise.floating(GB_ACOSH, "acosh", self)
    guard Tape.records(self) else { return y }
    return y.recorded("acosh", from: self) { g in g * (self * self - 1).rsqrt() }
  }

  /// yᵢ = artanh xᵢ; ±∞ at ±1 and NaN beyond.
  ///
  /// ```swift
  /// Tensor([0.0, 1.0]).atanh()  // → [0.0, inf]
  /// ```
  public func atanh() -> Tensor {
    let y = Elementwise.floating(GB_ATANH, "atanh", self)
    guard Tape.records(self) else { return y }
    return y.recorded("atanh", from: self) { g in g / (1 - self * self) }
  }
}

extension Op {
  static let tan = Op.unary("tan", "yᵢ = tan xᵢ", over: -1.2...1.2) { $0.tan() }
  static let asin = Op.unary("asin", "yᵢ = arcsin xᵢ", over: -0.8...0.8) { $0.asin() }
  static let acos = Op.unary("acos", "yᵢ = arccos xᵢ", over: -0.8...0.8) { $0.acos() }
  static let atan = Op.unary("atan", "yᵢ = arctan xᵢ") { $0.atan() }
  static let atan2 = Op.binary("atan2", "the angle of (xᵢ, yᵢ)") { Tensor.atan2(y: $0, x: $1) }
  static let sinh = Op.unary("sinh", "yᵢ = sinh xᵢ") { $0.sinh() }
  static let cosh = Op.unary("cosh", "yᵢ = cosh xᵢ") { $0.cosh() }
  static let asinh = Op.unary("asinh", "yᵢ = arsinh xᵢ") { $0.asinh() }
  static let acosh = Op.unary("acosh", "yᵢ = arcosh xᵢ", over: 1.3...3) { $0.acosh() }
  static let atanh = Op.unary("atanh", "yᵢ = artanh xᵢ", over: -0.8...0.8) { $0.atanh() }
}
