import CKernels

// Functions of two or three tensors beside arithmetic, and the repair of values that are not finite.
extension Tensor {
  /// √(aᵢ² + bᵢ²), with broadcasting, where neither square may overflow.
  ///
  /// ```swift
  /// Tensor.hypot(Tensor([3.0]), Tensor([4.0]))  // → [5.0]
  /// ```
  public static func hypot(_ a: Tensor, _ b: Tensor) -> Tensor {
    Elementwise.requireFloatingPoint("hypot", a)
    if a.dtype != b.dtype { return Autocast.promoting("hypot", a, b, hypot) }
    let y = Elementwise.binary(GB_HYPOT, "hypot", a, b)
    guard Tape.records(a, b) else { return y }
    return y.recorded(
      "hypot",
      from: a, { [shape = a.shape] g in (g * a / hypot(a, b)).summed(to: shape) },
      from: b, { [shape = b.shape] g in (g * b / hypot(a, b)).summed(to: shape) })
  }

  /// aᵢ + wᵢ·(bᵢ − aᵢ), with broadcasting: linear interpolation.
  ///
  /// ```swift
  /// Tensor.lerp(Tensor([0.0, 0.0]), Tensor([4.0, 8.0]), Tensor([0.25, 0.5]))  // → [1.0, 4.0]
  /// ```
  public static func lerp(_ a: Tensor, _ b: Tensor, _ weight: Tensor) -> Tensor {
    if a.dtype != b.dtype { return Autocast.promoting("lerp", a, b) { lerp($0, $1, weight) } }
    Elementwise.check("lerp", a, b)
    return a + weight * (b - a)
  }

  /// aᵢ + w·(bᵢ − aᵢ).
  ///
  /// ```swift
  /// Tensor.lerp(Tensor([0.0]), Tensor([10.0]), 0.25)  // → [2.5]
  /// ```
  public static func lerp(_ a: Tensor, _ b: Tensor, _ weight: Double) -> Tensor {
    if a.dtype != b.dtype { return Autocast.promoting("lerp", a, b) { lerp($0, $1, weight) } }
    Elementwise.check("lerp", a, b)
    return a + (b - a) * weight
  }

  /// The size of aᵢ with the sign of bᵢ, with broadcasting; the sign of −0 counts.
  ///
  /// ```swift
  /// Tensor.copySign(Tensor([1.0, -2.0]), Tensor([-5.0, 5.0]))  // → [-1.0, 2.0]
  /// ```
  public static func copySign(_ a: Tensor, _ b: Tensor) -> Tensor {
    Elementwise.requireFloatingPoint("copySign", a)
    if a.dtype != b.dtype { return Autocast.promoting("copySign", a, b, copySign) }
    Elementwise.check("copySign", a, b)
    // 1/−0 is −∞, so that −0 is told from 0.
    let sign = b.detached()
    let minus = (sign .< 0) .| (sign.reciprocal() .< 0)
    let size = a.abs()
    return Tensor.where(minus, -size, size)
  }

  /// 0 for xᵢ < 0, 1 for xᵢ > 0, and `atZero` for xᵢ = 0: Heaviside's step; 0 for NaN, as in PyTorch.
  ///
  /// ```swift
  /// Tensor([-1.0, 0.0, 2.0]).heaviside()  // → [0.0, 0.5, 1.0]
  /// ```
  public func heaviside(atZero: Double = 0.5) -> Tensor {
    Elementwise.requireFloatingPoint("heaviside", self)
    let x = detached()
    let step = (x .> 0).cast(to: dtype) + (x .== 0).cast(to: dtype) * atZero
    return step.recordedAsConstant("heaviside", from: self, because: "it is constant between jumps")
  }

  /// Where xᵢ is ∞ or −∞, as bools.
  ///
  /// ```swift
  /// Tensor([1.0, -.infinity, .nan]).isInfinite()  // → [false, true, false]
  /// ```
  public func isInfinite() -> Tensor {
    Elementwise.requireFloatingPoint("isInfinite", self)
    return (detached().abs() .== .infinity)
      .recordedAsConstant("isInfinite", from: self, because: "it is a bool")
  }

  /// NaN replaced by `nan`, ∞ and −∞ by the dtype's largest and least numbers or what is given.
  ///
  /// ```swift
  /// Tensor([Double.nan, 1, .infinity]).replacingNonFinite(positiveInfinity: 9)  // → [0.0, 1.0, 9.0]
  /// ```
  public func replacingNonFinite(
    nan: Double = 0, positiveInfinity: Double? = nil, negativeInfinity: Double? = nil
  ) -> Tensor {
    Elementwise.requireFloatingPoint("replacingNonFinite", self)
    let largest: Double =
      switch dtype {
      case .float64: .greatestFiniteMagnitude
      case .bfloat16: 0x1.fep127
      default: Double(Float.greatestFiniteMagnitude)
      }
    let x = detached()
    func number(_ value: Double) -> Tensor { Tensor.full([], value, dtype: dtype) }
    var y = Tensor.where(x.isNaN(), number(nan), self)
    y = Tensor.where(x .== .infinity, number(positiveInfinity ?? largest), y)
    return Tensor.where(x .== -.infinity, number(negativeInfinity ?? -largest), y)
  }

  /// Where |aᵢ − bᵢ| ≤ absolute + relative·|bᵢ|, with broadcasting, as bools. Infinities are close to themselves; NaN
  /// to nothing, unless `equalNaN`.
  ///
  /// ```swift
  /// Tensor.isClose(Tensor([1.0, 2.0]), Tensor([1.000001, 2.1]))  // → [true, false]
  /// ```
  public static func isClose(
    _ a: Tensor, _ b: Tensor, relative: Double = 1e-5, absolute: Double = 1e-8, equalNaN: Bool = false
  ) -> Tensor {
    let close = closeness(a.detached(), b.detached(), relative, absolute, equalNaN)
    return close.recordedAsConstant("isClose", from: a.node == nil ? b : a, because: "it is a bool")
  }

  private static func closeness(
    _ a: Tensor, _ b: Tensor, _ relative: Double, _ absolute: Double, _ equalNaN: Bool
  ) -> Tensor {
    Elementwise.check("isClose", a, b)
    guard a.dtype.isFloatingPoint else { return a .== b }
    let near = ((a - b).abs() .<= b.abs() * relative + absolute) .& b.isFinite()
    let close = near .| (a .== b)
    return equalNaN ? close .| (a.isNaN() .& b.isNaN()) : close
  }

  /// Whether all elements are close, in the sense of `isClose`.
  ///
  /// ```swift
  /// Tensor.allClose(Tensor([1.0]), Tensor([1.000001]))  // → true
  /// ```
  public static func allClose(_ a: Tensor, _ b: Tensor, relative: Double = 1e-5, absolute: Double = 1e-8) -> Bool {
    isClose(a, b, relative: relative, absolute: absolute).all().item(Bool.self)
  }
}

extension Op {
  static let hypot = Op.binary("hypot", "√(aᵢ² + bᵢ²)") { Tensor.hypot($0, $1) }
  static let lerp = Op(
    "lerp", "aᵢ + wᵢ·(bᵢ − aᵢ)",
    samples: [
      Sample("weights", [.uniform([3, 5]), .uniform([5]), .uniform([3, 1], 0...1)]) {
        Tensor.lerp($0[0], $0[1], $0[2])
      },
      Sample("number", [.uniform([3, 5]), .uniform([3, 5])]) { Tensor.lerp($0[0], $0[1], 0.25) },
      Sample("empty", [.uniform([0, 3]), .uniform([3])]) { Tensor.lerp($0[0], $0[1], 0.25) },
    ],
    misuses: [Misuse("shapes", says: ["lerp", "[2]", "[3]"]) { _ = Tensor.lerp(.ones([2]), .ones([3]), 0.5) }])
  static let copySign = Op.binary("copySign", "|aᵢ| with the sign of bᵢ", over: -2...2, -1.9...2.1) {
    Tensor.copySign($0, $1)
  }
  static let heaviside = Op.unary("heaviside", "0 below 0, 1 above", derivative: .none) { $0.heaviside() }
  static let isInfinite = Op.unary("isInfinite", "|xᵢ| = ∞", derivative: .none) { $0.isInfinite() }
  static let replacingNonFinite = Op.unary("replacingNonFinite", "finite numbers for ±∞ and NaN") {
    $0.replacingNonFinite()
  }
  static let isClose = Op.binary("isClose", "|aᵢ − bᵢ| ≤ α + ρ·|bᵢ|", derivative: .none) {
    Tensor.isClose($0, $1, relative: 0.3)
  }
}
