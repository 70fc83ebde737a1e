import CKernels
import Foundation

/// Which formula of GELU: with the normal distribution's cumulative function itself, or its approximation by tanh.
public enum GELUFormula: Sendable {
  case exact, tanh
}

// Smooth activations. Each is one pass over the tensor forward and one backward.
extension Tensor {
  /// The Gaussian error linear unit, yᵢ = xᵢ·Φ(xᵢ), or with `.tanh` ½x(1 + tanh(√(2/π)(x + 0.044715x³))).
  /// (Hendrycks & Gimpel, 2016.)
  ///
  /// ```swift
  /// Tensor([0.0, 1.0]).gelu()  // → [0.0, 0.8413447]
  /// ```
  public func gelu(_ formula: GELUFormula = .exact) -> Tensor {
    switch formula {
    case .exact:
      Activation.recorded(GB_GELU, "gelu", self) { x in x * 0.5 * (1 + (x * 0.5.squareRoot()).erf()) }
    case .tanh:
      Activation.recorded(GB_GELU_TANH, "gelu", self) { x in
        x * ((x + x * x * x * 0.044715) * (8 / Double.pi).squareRoot()).sigmoid()
      }
    }
  }

  /// The sigmoid linear unit, or swish: yᵢ = xᵢ·σ(xᵢ). (Elfwing, Uchibe & Doya, 2017; Ramachandran, Zoph & Le, 2017.)
  ///
  /// ```swift
  /// Tensor([0.0, 1.0]).silu()  // → [0.0, 0.7310586]
  /// ```
  public func silu() -> Tensor { Activation.recorded(GB_SILU, "silu", self) { x in x * x.sigmoid() } }

  /// yᵢ = xᵢ·tanh(softplus xᵢ). (Misra, 2019.)
  ///
  /// ```swift
  /// Tensor([0.0, 1.0]).mish()  // → [0.0, 0.86509836]
  /// ```
  public func mish() -> Tensor { Activation.recorded(GB_MISH, "mish", self) { x in x * x.softplus().tanh() } }

  /// yᵢ = ln(1 + e^βxᵢ)/β, a smooth rectifier; x itself where βx exceeds `threshold`. (Dugas et al., 2000.)
  ///
  /// ```swift
  /// Tensor([0.0, 100.0]).softplus()  // → [0.6931472, 100.0]
  /// ```
  public func softplus(beta: Double = 1, threshold: Double = 20) -> Tensor {
    Activation.recorded(GB_SOFTPLUS, "softplus", self, beta, threshold) { x in
      let linear = x.detached() * beta .> threshold
      let bounded = Tensor.where(linear, Tensor.zeros([], dtype: x.dtype), x)
      return Tensor.where(linear, x, (bounded * beta).exp().log1p() / beta)
    }
  }

  /// yᵢ = ln σ(xᵢ) = −ln(1 + e^−xᵢ), exact where the logistic function itself underflows.
  ///
  /// ```swift
  /// Tensor([0.0, -1000.0]).logSigmoid()  // → [-0.6931472, -1000.0]
  /// ```
  public func logSigmoid() -> Tensor {
    Elementwise.requireFloatingPoint("logSigmoid", self)
    let y = Tensor.minimum(detached(), .zeros([], dtype: dtype)) - (-detached().abs()).exp().log1p()
    guard Tape.records(self) else { return y }
    return y.recorded("logSigmoid", from: self) { g in g * (-self).sigmoid() }
  }

  /// yᵢ = xᵢ/(1 + |xᵢ|).
  ///
  /// ```swift
  /// Tensor([-1.0, 3.0]).softsign()  // → [-0.5, 0.75]
  /// ```
  public func softsign() -> Tensor {
    Elementwise.requireFloatingPoint("softsign", self)
    return self / (abs() + 1)
  }

  /// yᵢ = xᵢ − tanh xᵢ.
  ///
  /// ```swift
  /// Tensor([0.0, 100.0]).tanhShrink()  // → [0.0, 99.0]
  /// ```
  public func tanhShrink() -> Tensor {
    Elementwise.requireFloatingPoint("tanhShrink", self)
    return self - tanh()
  }

  /// The gated linear unit: the first half of `axis` times the logistic function of the second. (Dauphin et al., 2017.)
  /// Stops when the axis has an odd length.
  ///
  /// ```swift
  /// Tensor([[4.0, 0.0]]).glu()  // → [[2.0]]
  /// ```
  public func glu(axis: Int = -1) -> Tensor {
    let axis = shape.resolved(axis, for: "glu")
    if shape[axis] % 2 != 0 {
      stop("glu", "axis \(axis) of \(shape) has an odd length", fix: "give it two halves: values and gates")
    }
    let halves = split(every: Swift.max(shape[axis] / 2, 1), axis: axis)
    if halves.isEmpty { return self }
    return halves[0] * halves[1].sigmoid()
  }
}

extension Op {
  static let gelu = Op.unary("gelu", "yᵢ = xᵢ·Φ(xᵢ)") { $0.gelu() }
  static let geluTanh = Op.unary(
    "gelu by tanh", "½x(1 + tanh(√(2/π)(x + 0.044715x³)))",
    misuses: [Misuse("integers", says: ["gelu", "int64 [1]"]) { _ = Tensor([1]).gelu(.tanh) }]
  ) { $0.gelu(.tanh) }
  static let silu = Op.unary("silu", "yᵢ = xᵢ·σ(xᵢ)") { $0.silu() }
  static let mish = Op.unary("mish", "yᵢ = xᵢ·tanh(softplus xᵢ)") {
    $0.mish()
  }
  static let softplus = Op.unary(
    "softplus", "yᵢ = ln(1 + e^βxᵢ)/β", over: -3...3
  ) { $0.softplus(beta: 1.5, threshold: 4) }
  static let logSigmoid = Op.unary("logSigmoid", "yᵢ = ln σ(xᵢ)", over: -6...6) { $0.logSigmoid() }
  static let softsign = Op.unary("softsign", "yᵢ = xᵢ/(1 + |xᵢ|)") { $0.softsign() }
  static let tanhShrink = Op.unary("tanhShrink", "yᵢ = xᵢ − tanh xᵢ") { $0.tanhShrink() }
  static let glu = Op(
    "glu", "a·σ(b) for x = [a, b]",
    samples: [
      Sample("last axis", [.uniform([3, 6])]) { $0[0].glu() },
      Sample("first axis", [.uniform([4, 3])]) { $0[0].glu(axis: 0) },
      Sample("empty", [.uniform([0, 4])]) { $0[0].glu() },
    ],
    misuses: [Misuse("odd", says: ["glu", "axis 1", "[2, 3]", "halves"]) { _ = Tensor.ones([2, 3]).glu() }])

}
