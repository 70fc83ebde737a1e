import CKernels

// Choosing between values: powers, minima and maxima, bounds, conditions.
extension Tensor {
  /// yᵢ = aᵢ^bᵢ, with broadcasting. The derivative with respect to b is that of a positive base: aᵢ^bᵢ·ln aᵢ, 0 where a
  /// is 0.
  ///
  /// ```swift
  /// Tensor([2.0, 9.0]).power(Tensor([3.0, 0.5]))  // → [8.0, 3.0]
  /// ```
  public func power(_ exponent: Tensor) -> Tensor {
    if dtype != exponent.dtype { return Autocast.promoting("power", self, exponent) { $0.power($1) } }
    let y = Elementwise.binary(GB_POWER, "power", self, exponent)
    guard Tape.records(self, exponent) else { return y }
    return y.recorded(
      "power",
      from: self,
      { [shape] g in
        // x⁰ is 1 for every x, 0 and NaN included.
        let slope = exponent * self.power(exponent - 1)
        let isFlat = (exponent.detached() .== 0) .& slope.detached().isNaN()
        return Tensor.where(isFlat, Tensor.zeros([], dtype: g.dtype), g * slope).summed(to: shape)
      },
      from: exponent,
      { g in
        let isFlat = (self.detached() .== 0) .& (exponent.detached() .>= 0)
        let logarithm = Tensor.where(isFlat, Tensor.ones([], dtype: self.dtype), self).log()
        let safe = Tensor.where(isFlat, Tensor.zeros([], dtype: self.dtype), logarithm)
        return (g * self.power(exponent) * safe).summed(to: exponent.shape)
      })
  }

  /// yᵢ = xᵢ^p.
  ///
  /// ```swift
  /// Tensor([1.0, 2.0, 3.0]).power(3)  // → [1.0, 8.0, 27.0]
  /// ```
  public func power(_ p: Double) -> Tensor {
    let y = Elementwise.binary(GB_POWER, "power", self, p)
    guard Tape.records(self) else { return y }
    return y.recorded("power", from: self) { g in
      p == 0 ? g * 0 : p == 1 ? g : p == 2 ? g * 2 * self : g * p * self.power(p - 1)
    }
  }

  /// The larger of each pair, with broadcasting; NaN wins. At a tie both inputs get half of the gradient.
  ///
  /// ```swift
  /// Tensor.maximum(Tensor([1.0, 5.0]), Tensor([3.0, 2.0]))  // → [3.0, 5.0]
  /// ```
  public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { extreme(GB_MAXIMUM, "maximum", a, b) { $0 .< $1 } }

  /// The smaller of each pair, with broadcasting; NaN wins. At a tie both inputs get half of the gradient.
  ///
  /// ```swift
  /// Tensor.minimum(Tensor([1.0, 5.0]), Tensor([3.0, 2.0]))  // → [1.0, 2.0]
  /// ```
  public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { extreme(GB_MINIMUM, "minimum", a, b) { $0 .> $1 } }

  private static func extreme(
    _ op: gb_binary_op, _ name: String, _ a: Tensor, _ b: Tensor, loses: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) -> Tensor {
    if a.dtype != b.dtype { return Autocast.promoting(name, a, b) { extreme(op, name, $0, $1, loses: loses) } }
    let y = Elementwise.binary(op, name, a, b)
    guard Tape.records(a, b) else { return y }
    @Sendable func share(_ x: Tensor, _ other: Tensor, _ g: Tensor) -> Tensor {
      let (x, other) = (x.detached(), other.detached())
      // With a NaN nobody loses, so that it shows in the gradients too.
      return 1 - loses(x, other).cast(to: g.dtype) - (x .== other).cast(to: g.dtype) * 0.5
    }
    return y.recorded(
      name,
      from: a, { [shape = a.shape] g in (g * share(a, b, g)).summed(to: shape) },
      from: b, { [shape = b.shape] g in (g * share(b, a, g)).summed(to: shape) })
  }

  /// min(max(xᵢ, low), high); the gradient passes where low ≤ xᵢ ≤ high. NaN stays. Stops when low > high.
  ///
  /// ```swift
  /// Tensor([-5.0, 0.5, 5.0]).clamped(to: -1...1)  // → [-1.0, 0.5, 1.0]
  /// ```
  public func clamped(to range: ClosedRange<Double>) -> Tensor { clamped(range.lowerBound, range.upperBound) }

  /// max(xᵢ, low).
  ///
  /// ```swift
  /// Tensor([-1.0, 5.0]).clamped(to: 0...)  // → [0.0, 5.0]
  /// ```
  public func clamped(to range: PartialRangeFrom<Double>) -> Tensor { clamped(range.lowerBound, .infinity) }

  /// min(xᵢ, high).
  ///
  /// ```swift
  /// Tensor([-1.0, 5.0]).clamped(to: ...3)  // → [-1.0, 3.0]
  /// ```
  public func clamped(to range: PartialRangeThrough<Double>) -> Tensor { clamped(-.infinity, range.upperBound) }

  private func clamped(_ low: Double, _ high: Double) -> Tensor {
    let x = layout.isContiguous ? self : Tensor.copying(self, to: dtype)
    let y = Tensor(uninitialized: x.layout, dtype: dtype)
    kernels.clamp(dtype.code, x.count, x.pointer, low, high, y.pointer)
    guard Tape.records(self) else { return y }
    return y.recorded("clamped", from: self) { g in
      let x = self.detached()
      return g * ((x .>= low) .& (x .<= high)).cast(to: g.dtype)
    }
  }

  /// yᵢ = conditionᵢ ? aᵢ : bᵢ, with broadcasting. Stops unless the condition is bool and a and b share a dtype.
  ///
  /// ```swift
  /// let x = Tensor([-1.0, 2.0])
  /// Tensor.where(x .> 0, x, x * 0.1)  // → [-0.1, 2.0]
  /// ```
  public static func `where`(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
    if condition.dtype != .bool {
      stop(
        "where", "the condition is \(condition.dtype) \(condition.shape)",
        fix: "pass a bool tensor, such as a comparison's result")
    }
    if a.dtype != b.dtype { return Autocast.promoting("where", a, b) { Tensor.where(condition, $0, $1) } }
    guard let both = Shape.broadcast(a.shape, b.shape) else { Elementwise.stopOnShapes("where", a.shape, b.shape) }
    guard let shape = Shape.broadcast(condition.shape, both) else {
      Elementwise.stopOnShapes("where", condition.shape, both)
    }
    let y = Tensor(uninitialized: shape, dtype: a.dtype)
    kernels.where(
      a.dtype.code, shape.rank, shape.dimensions, condition.broadcastStrides(to: shape), condition.pointer,
      a.broadcastStrides(to: shape), a.pointer, b.broadcastStrides(to: shape), b.pointer, y.pointer)
    guard Tape.records(a, b) else { return y }
    return y.recorded(
      "where",
      from: a,
      { [shape = a.shape] g in Tensor.where(condition, g, Tensor.zeros([], dtype: g.dtype)).summed(to: shape) },
      from: b, { [shape = b.shape] g in Tensor.where(condition, Tensor.zeros([], dtype: g.dtype), g).summed(to: shape) }
    )
  }
}

extension Op {
  static let power = Op.binary("power", "yᵢ = aᵢ^bᵢ", over: 0.5...2, -1.5...1.5) { $0.power($1) }
  static let powerScalar = Op.unary("power scalar", "yᵢ = xᵢ^p", over: 0.4...2, misuses: []) {
    $0.power(2.5) + $0.power(3) + $0.power(-1)
  }
  static let maximum = Op.binary("maximum", "yᵢ = max(aᵢ, bᵢ)", over: -2...2, -1.9...2.1) { Tensor.maximum($0, $1) }
  static let minimum = Op.binary("minimum", "yᵢ = min(aᵢ, bᵢ)", over: -2...2, -1.9...2.1) { Tensor.minimum($0, $1) }
  static let clamped = Op.unary("clamped", "yᵢ = min(max(xᵢ, low), high)", misuses: []) { $0.clamped(to: -1...1.2) }
  static let `where` = Op(
    "where", "yᵢ = cᵢ ? aᵢ : bᵢ",
    samples: [
      Sample("same shape", [.bools([3, 5]), .uniform([3, 5]), .uniform([3, 5])]) { Tensor.where($0[0], $0[1], $0[2]) },
      Sample("broadcast", [.bools([3, 1]), .uniform([5]), .uniform([2, 1, 1])]) { Tensor.where($0[0], $0[1], $0[2]) },
      Sample("empty", [.bools([0]), .uniform([0]), .uniform([1])]) { Tensor.where($0[0], $0[1], $0[2]) },
    ],
    misuses: [
      Misuse("condition", says: ["where", "float32 [2]", "bool"]) {
        _ = Tensor.where(.ones([2]), .ones([2]), .ones([2]))
      },
      Misuse("shapes", says: ["where", "[2]", "[3]", "broadcast"]) {
        _ = Tensor.where(.zeros([2], dtype: .bool), .ones([3]), .ones([3]))
      },
    ])
}
