import CKernels

// Running sums, products and logarithms of sums along an axis.
extension Tensor {
  /// yᵢ = x₀ + … + xᵢ along `axis`; `reversed`: yᵢ = xᵢ + … + xₙ₋₁. Integers and bools add up in int64.
  ///
  /// ```swift
  /// Tensor([1.0, 2.0, 3.0]).cumulativeSum(axis: 0)  // → [1.0, 3.0, 6.0]
  /// ```
  public func cumulativeSum(axis: Int, reversed: Bool = false) -> Tensor {
    if !dtype.isFloatingPoint && dtype != .int64 {
      return cast(to: .int64).cumulativeSum(axis: axis, reversed: reversed)
    }
    let axis = shape.resolved(axis, for: "cumulativeSum")
    if reversed { return flipped([axis]).cumulativeSum(axis: axis).flipped([axis]) }
    let y = Scan.run(GB_SCAN_SUM, self, axis)
    return y.recorded("cumulativeSum", from: self) { g in g.cumulativeSum(axis: axis, reversed: true) }
  }

  /// yᵢ = x₀·…·xᵢ along `axis`. Integers multiply in int64. The gradient is exact where there are zeros, too.
  ///
  /// ```swift
  /// Tensor([2.0, 3.0, 4.0]).cumulativeProduct(axis: 0)  // → [2.0, 6.0, 24.0]
  /// ```
  public func cumulativeProduct(axis: Int) -> Tensor {
    if !dtype.isFloatingPoint && dtype != .int64 { return cast(to: .int64).cumulativeProduct(axis: axis) }
    let axis = shape.resolved(axis, for: "cumulativeProduct")
    let y = Scan.run(GB_SCAN_PRODUCT, self, axis)
    guard Tape.records(self) else { return y }
    return y.recorded("cumulativeProduct", from: self) { g in
      // ∂L/∂xₖ = (x₀·…·xₖ₋₁)·sₖ, where sₖ = gₖ + xₖ₊₁·sₖ₊₁; without zeros, Σᵢ≥ₖ gᵢyᵢ/xₖ.
      if !(self.detached() .== 0).any().item(Bool.self) {
        return (g * self.cumulativeProduct(axis: axis)).cumulativeSum(axis: axis, reversed: true) / self
      }
      let n = self.shape.dimensions[axis]
      let (values, gradients) = (self.split(every: 1, axis: axis), g.split(every: 1, axis: axis))
      var before = [Tensor.ones(like: values[0])]
      for k in 1..<n { before.append(before[k - 1] * values[k - 1]) }
      var after = gradients[n - 1]
      var parts = [before[n - 1] * after]
      for k in (0..<(n - 1)).reversed() {
        after = gradients[k] + values[k + 1] * after
        parts.append(before[k] * after)
      }
      return Tensor.concatenated(parts.reversed(), axis: axis)
    }
  }

  /// yᵢ = ln(e^x₀ + … + e^xᵢ) along `axis`, where no exponential may overflow.
  ///
  /// ```swift
  /// Tensor([0.0, 0.0]).cumulativeLogSumExp(axis: 0)  // → [0.0, 0.6931472]
  /// ```
  public func cumulativeLogSumExp(axis: Int) -> Tensor {
    Elementwise.requireFloatingPoint("cumulativeLogSumExp", self)
    let axis = shape.resolved(axis, for: "cumulativeLogSumExp")
    let y = Scan.run(GB_SCAN_LOG_SUM_EXP, self, axis)
    guard Tape.records(self) else { return y }
    return y.recorded("cumulativeLogSumExp", from: self) { g in
      // ∂L/∂xₖ = Σᵢ≥ₖ gᵢ·e^(xₖ − yᵢ), where xₖ ≤ yᵢ.
      if self.count == 0 { return g }
      if Tape.records(g, self) {
        let y = self.cumulativeLogSumExp(axis: axis)
        let largest = self.detached().max(axis: axis, keepingDimensions: true)
        let sums = (g * (largest - y).exp()).cumulativeSum(axis: axis, reversed: true)
        return (self - largest).exp() * sums
      }
      // The two signs of g apart, in logarithms, so that nothing overflows where x spans hundreds.
      func part(_ sign: Double) -> Tensor {
        let logarithms = (g * sign).relu().log() - y
        return (self + logarithms.flipped([axis]).cumulativeLogSumExp(axis: axis).flipped([axis])).exp()
      }
      return part(1) - part(-1)
    }
  }

  /// The differences of neighbours along `axis`, taken `order` times: yᵢ = xᵢ₊₁ − xᵢ.
  ///
  /// ```swift
  /// Tensor([1.0, 4.0, 9.0]).differences(axis: 0)  // → [3.0, 5.0]
  /// ```
  public func differences(axis: Int = -1, order: Int = 1) -> Tensor {
    let axis = shape.resolved(axis, for: "differences")
    if order < 0 { stop("differences", "the order is \(order)", fix: "pass 0 or more") }
    var x = self
    for _ in 0..<order {
      let n = x.shape.dimensions[axis]
      x = x.sliced(axis: axis, from: Swift.min(1, n), to: n) - x.sliced(axis: axis, from: 0, to: Swift.max(n - 1, 0))
    }
    return x
  }
}

/// The way from tensors to the kernels of running totals.
enum Scan {
  static func run(_ op: gb_scan_op, _ x: Tensor, _ axis: Int, positions: Tensor? = nil) -> Tensor {
    let x = x.rowMajor()
    let y = Tensor(uninitialized: x.layout, dtype: x.dtype)
    let outer = x.shape.dimensions[..<axis].reduce(1, *)
    let inner = x.shape.dimensions[(axis + 1)...].reduce(1, *)
    kernels.scan(
      op, x.dtype.code, outer, x.shape.dimensions[axis], inner, x.pointer, y.pointer, positions?.int64Pointer)
    return y
  }
}

extension Op {
  private static func alongAxes(
    _ name: String, _ formula: String, over range: ClosedRange<Double> = -2...2,
    _ f: @escaping @Sendable (Tensor, Int) -> Tensor
  ) -> Op {
    Op(
      name, formula,
      samples: [
        Sample("rows", [.uniform([3, 5], range)]) { f($0[0], 1) },
        Sample("columns", [.uniform([4, 3], range)]) { f($0[0], 0) },
        Sample("middle", [.uniform([2, 3, 2], range)]) { f($0[0], -2) },
        Sample("empty", [.uniform([2, 0], range)]) { f($0[0], 1) },
      ],
      misuses: [Misuse("axis", says: [name, "[2, 3]", "no axis 2"]) { _ = f(.ones([2, 3]), 2) }])
  }

  static let cumulativeSum = alongAxes("cumulativeSum", "yᵢ = x₀ + … + xᵢ") { $0.cumulativeSum(axis: $1) }
  static let cumulativeProduct = alongAxes("cumulativeProduct", "yᵢ = x₀·…·xᵢ", over: 0.5...2) {
    $0.cumulativeProduct(axis: $1)
  }
  static let cumulativeProductWithZeros = Op(
    "cumulativeProduct with zeros", "yᵢ = x₀·…·xᵢ",
    samples: [
      Sample("one", [.exactly([2, 0, 3, 0.5])]) { $0[0].cumulativeProduct(axis: 0) },
      Sample("two", [.exactly([2, 0, 3, 0, 5])]) { $0[0].cumulativeProduct(axis: 0) },
      Sample("none", [.exactly([])]) { $0[0].cumulativeProduct(axis: 0) },
    ],
    misuses: [
      Misuse("axis", says: ["cumulativeProduct", "no axis 1"]) { _ = Tensor.ones([2]).cumulativeProduct(axis: 1) }
    ])
  static let cumulativeLogSumExp = alongAxes("cumulativeLogSumExp", "yᵢ = ln(e^x₀ + … + e^xᵢ)") {
    $0.cumulativeLogSumExp(axis: $1)
  }
  static let differences = alongAxes("differences", "yᵢ = xᵢ₊₁ − xᵢ") { $0.differences(axis: $1) }
}
