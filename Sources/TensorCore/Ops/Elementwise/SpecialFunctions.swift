import CKernels

// The error function, the gamma function's logarithm, and their kin.
extension Tensor {
  /// The error function, yᵢ = 2/√π·∫₀^xᵢ e^−t² dt.
  ///
  /// ```swift
  /// Tensor([0.0, 1.0]).erf()  // → [0.0, 0.8427008]
  /// ```
  public func erf() -> Tensor {
    let y = Elementwise.floating(GB_ERF, "erf", self)
    guard Tape.records(self) else { return y }
    return y.recorded("erf", from: self) { g in g * (-(self * self)).exp() * 2 / Double.pi.squareRoot() }
  }

  /// The complementary error function, 1 − erf xᵢ, exact where erf is close to 1.
  ///
  /// ```swift
  /// Tensor([0.0]).erfc()  // → [1.0]
  /// ```
  public func erfc() -> Tensor {
    let y = Elementwise.floating(GB_ERFC, "erfc", self)
    guard Tape.records(self) else { return y }
    return y.recorded("erfc", from: self) { g in g * (-(self * self)).exp() * -2 / Double.pi.squareRoot() }
  }

  /// The yᵢ with erf yᵢ = xᵢ; ±∞ at ±1 and NaN beyond.
  ///
  /// ```swift
  /// Tensor([0.0, 1.0]).erfInverse()  // → [0.0, inf]
  /// ```
  public func erfInverse() -> Tensor {
    Elementwise.floating(GB_ERF_INVERSE, "erfInverse", self).recorded(
      "erfInverse", from: self, usingOutput: { g, y in g * (y * y).exp() * Double.pi.squareRoot() / 2 })
  }

  /// The logarithm of the gamma function's size, yᵢ = ln |Γ(xᵢ)|; ∞ at 0, −1, −2, …
  ///
  /// ```swift
  /// Tensor([1.0, 5.0]).logGamma().exp()  // → [1.0, 24.0]
  /// ```
  public func logGamma() -> Tensor {
    let y = Elementwise.floating(GB_LOG_GAMMA, "logGamma", self)
    guard Tape.records(self) else { return y }
    return y.recorded("logGamma", from: self) { g in g * self.digamma() }
  }

  /// The digamma function, yᵢ = ψ(xᵢ) = d/dx ln Γ(xᵢ).
  ///
  /// ```swift
  /// (Tensor([3.0]).digamma() - Tensor([2.0]).digamma())  // → [0.5]
  /// ```
  public func digamma() -> Tensor {
    let y = Elementwise.floating(GB_DIGAMMA, "digamma", self)
    guard Tape.records(self) else { return y }
    return y.recorded("digamma", from: self) { g in g * self.polygamma(1) }
  }

  /// The polygamma function, the order-th derivative of ψ. Stops when `order` is negative.
  ///
  /// ```swift
  /// Tensor([1.0]).polygamma(1)  // → [1.644934]
  /// ```
  public func polygamma(_ order: Int) -> Tensor {
    if order < 0 { stop("polygamma", "the order is \(order)", fix: "pass 0 for digamma, 1 for its derivative, …") }
    let y = Activation.value(GB_POLYGAMMA, "polygamma", self, Double(order))
    guard Tape.records(self) else { return y }
    return y.recorded("polygamma", from: self) { g in g * self.polygamma(order + 1) }
  }

  /// sin(πx)/(πx), and 1 at 0.
  ///
  /// ```swift
  /// Tensor([0.0, 0.5]).sinc()  // → [1.0, 0.63661975]
  /// ```
  public func sinc() -> Tensor {
    Elementwise.requireFloatingPoint("sinc", self)
    let angle = detached() * Double.pi
    let one = Tensor.ones([], dtype: dtype)
    let y = Tensor.where(angle .== 0, one, angle.sin() / angle)
    guard Tape.records(self) else { return y }
    return y.recorded("sinc", from: self) { g in g * self.sincDerivative() }
  }

  /// π·(cos z − sin z/z)/z for z = πx; for a small z, where the difference cancels, its Taylor series at 0.
  private func sincDerivative() -> Tensor {
    let z = self * Double.pi
    let isSmall = z.detached().abs() .< 0.5
    let near = Tensor.where(isSmall, z, Tensor.zeros([], dtype: dtype))
    let far = Tensor.where(isSmall, Tensor.ones([], dtype: dtype), z)
    let s = near * near
    let series =
      near
      * (-1 / 3.0 + s * (1 / 30.0 + s * (-1 / 840.0 + s * (1 / 45_360.0 + s * (-1 / 3_991_680.0 + s / 518_918_400)))))
    return Tensor.where(isSmall, series, (far.cos() - far.sin() / far) / far) * Double.pi
  }
}

extension Op {
  static let erf = Op.unary("erf", "yᵢ = 2/√π·∫₀^xᵢ e^−t² dt") { $0.erf() }
  static let erfc = Op.unary("erfc", "yᵢ = 1 − erf xᵢ") { $0.erfc() }
  static let erfInverse = Op.unary("erfInverse", "erf yᵢ = xᵢ", over: -0.8...0.8) { $0.erfInverse() }
  static let logGamma = Op.unary("logGamma", "yᵢ = ln |Γ(xᵢ)|", over: 0.6...4) { $0.logGamma() }
  static let digamma = Op.unary("digamma", "yᵢ = ψ(xᵢ)", over: 0.6...4) { $0.digamma() }
  static let polygamma = Op.unary("polygamma", "yᵢ = ψ⁽ⁿ⁾(xᵢ)", over: 0.8...4) { $0.polygamma(2) }
  static let sinc = Op.unary("sinc", "yᵢ = sin(πxᵢ)/(πxᵢ)", over: 0.3...2) { $0.sinc() }
}
