import CKernels
import Foundation

// Exponentials and logarithms beside `exp` and `log`: to other bases, and the ones that stay exact near 0.
extension Tensor {
  /// yᵢ = e^xᵢ − 1, without the cancellation near 0.
  ///
  /// ```swift
  /// Tensor([1e-10, 0.0]).expm1()  // → [1e-10, 0.0]
  /// ```
  public func expm1() -> Tensor {
    Elementwise.floating(GB_EXPM1, "expm1", self).recorded("expm1", from: self, usingOutput: { g, y in g * (y + 1) })
  }

  /// yᵢ = ln(1 + xᵢ), without the cancellation near 0; −∞ at −1 and NaN below.
  ///
  /// ```swift
  /// Tensor([1e-10, 0.0]).log1p()  // → [1e-10, 0.0]
  /// ```
  public func log1p() -> Tensor {
    let y = Elementwise.floating(GB_LOG1P, "log1p", self)
    guard Tape.records(self) else { return y }
    return y.recorded("log1p", from: self) { g in g / (self + 1) }
  }

  /// yᵢ = 2^xᵢ.
  ///
  /// ```swift
  /// Tensor([0.0, 3.0, -1.0]).exp2()  // → [1.0, 8.0, 0.5]
  /// ```
  public func exp2() -> Tensor {
    Elementwise.floating(GB_EXP2, "exp2", self)
      .recorded("exp2", from: self, usingOutput: { g, y in g * y * M_LN2 })
  }

  /// yᵢ = log₂ xᵢ; −∞ at 0 and NaN below.
  ///
  /// ```swift
  /// Tensor([1.0, 2.0, 1024.0]).log2()  // → [0.0, 1.0, 10.0]
  /// ```
  public func log2() -> Tensor {
    let y = Elementwise.floating(GB_LOG2, "log2", self)
    guard Tape.records(self) else { return y }
    return y.recorded("log2", from: self) { g in g / (self * M_LN2) }
  }

  /// yᵢ = log₁₀ xᵢ; −∞ at 0 and NaN below.
  ///
  /// ```swift
  /// Tensor([1.0, 1000.0]).log10()  // → [0.0, 3.0]
  /// ```
  public func log10() -> Tensor {
    let y = Elementwise.floating(GB_LOG10, "log10", self)
    guard Tape.records(self) else { return y }
    return y.recorded("log10", from: self) { g in g / (self * M_LN10) }
  }

  /// ln(e^aᵢ + e^bᵢ), with broadcasting, where neither may overflow: max(a, b) + ln(1 + e^−|a − b|).
  ///
  /// ```swift
  /// Tensor.logAddExp(Tensor([1000.0]), Tensor([1000.0])) - 1000  // → [0.69317627]
  /// ```
  public static func logAddExp(_ a: Tensor, _ b: Tensor) -> Tensor {
    Elementwise.requireFloatingPoint("logAddExp", a)
    if a.dtype != b.dtype { return Autocast.promoting("logAddExp", a, b, logAddExp) }
    let y = logAddExpValue(a, b)
    guard Tape.records(a, b) else { return y }
    // ∂/∂a = e^(a − y) = σ(a − b), which is exact at either end.
    return y.recorded(
      "logAddExp",
      from: a, { [shape = a.shape] g in (g * (a - b).sigmoid()).summed(to: shape) },
      from: b, { [shape = b.shape] g in (g * (b - a).sigmoid()).summed(to: shape) })
  }

  private static func logAddExpValue(_ a: Tensor, _ b: Tensor) -> Tensor {
    withoutGradients {
      let larger = Elementwise.binary(GB_MAXIMUM, "logAddExp", a, b)
      let y = larger + (-(a - b).abs()).exp().log1p()
      // Two infinities of one sign have no difference.
      return Tensor.where(a .== b, larger + M_LN2, y)
    }
  }

  /// xᵢ·ln yᵢ, with broadcasting, and 0 where x is 0 and y is not NaN: the convention of entropies. The gradient for x is ln yᵢ, and
  /// 0 where x is 0 and y is not positive.
  ///
  /// ```swift
  /// Tensor.xlogy(Tensor([0.0, 2.0]), Tensor([0.0, 1.0]))  // → [0.0, 0.0]
  /// ```
  public static func xlogy(_ x: Tensor, _ y: Tensor) -> Tensor {
    Elementwise.requireFloatingPoint("xlogy", x)
    if x.dtype != y.dtype { return Autocast.promoting("xlogy", x, y, xlogy) }
    let product = Elementwise.binary(GB_MULTIPLY, "xlogy", x, y.detached().log())
    let vanishes = (x .== 0) .& .!y.isNaN()
    let value = Tensor.where(vanishes, Tensor.zeros([], dtype: x.dtype), product.detached())
    guard Tape.records(x, y) else { return value }
    return value.recorded(
      "xlogy",
      from: x,
      { [shape = x.shape] g in
        let isFlat = vanishes .& (y .<= 0)
        return Tensor.where(isFlat, Tensor.zeros([], dtype: g.dtype), g * y.log()).summed(to: shape)
      },
      from: y, { [shape = y.shape] g in (g * x / y).summed(to: shape) })
  }

  /// The inverse of the logistic function, yᵢ = ln(pᵢ/(1 − pᵢ)); NaN outside 0…1.
  ///
  /// ```swift
  /// Tensor([0.5, 1.0]).logit()  // → [0.0, inf]
  /// ```
  public func logit() -> Tensor {
    Elementwise.requireFloatingPoint("logit", self)
    return (self / (1 - self)).log()
  }
}

extension Op {
  static let expm1 = Op.unary("expm1", "yᵢ = e^xᵢ − 1") { $0.expm1() }
  static let log1p = Op.unary("log1p", "yᵢ = ln(1 + xᵢ)", over: -0.7...3) { $0.log1p() }
  static let exp2 = Op.unary("exp2", "yᵢ = 2^xᵢ") { $0.exp2() }
  static let log2 = Op.unary("log2", "yᵢ = log₂ xᵢ", over: 0.3...3) { $0.log2() }
  static let log10 = Op.unary("log10", "yᵢ = log₁₀ xᵢ", over: 0.3...3) { $0.log10() }
  static let logAddExp = Op.binary("logAddExp", "ln(e^aᵢ + e^bᵢ)") { Tensor.logAddExp($0, $1) }
  static let xlogy = Op.binary("xlogy", "xᵢ·ln yᵢ") { Tensor.xlogy($0, $1) }
  static let logit = Op.unary("logit", "yᵢ = ln(pᵢ/(1 − pᵢ))", over: 0.1...0.9) { $0.logit() }
}
