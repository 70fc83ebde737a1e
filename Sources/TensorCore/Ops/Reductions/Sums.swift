import CKernels

// Sums and what is made of them. An empty list of axes means all of them; negative axes count from the last.
extension Tensor {
  /// The sum over `axes`. Integers and bools add up in int64.
  ///
  /// ```swift
  /// let x = Tensor([[1.0, 2.0], [3.0, 4.0]])
  /// x.sum()  // → 10.0
  /// x.sum(axis: 0)  // → [4.0, 6.0]
  /// x.sum(axis: 1, keepingDimensions: true)  // → [[3.0], [7.0]]
  /// ```
  public func sum(axes: [Int] = [], keepingDimensions: Bool = false) -> Tensor {
    let axes = rank == 0 && axes.isEmpty ? [] : shape.resolved(axes, for: "sum")
    let y = Reduction.run(
      GB_SUM, self, axes: axes, keepingDimensions: keepingDimensions, result: dtype.isFloatingPoint ? dtype : .int64)
    guard Tape.records(self) else { return y }
    return y.recorded("sum", from: self) { [shape] g in
      g.reshaped(shape.removing(axes, keepingDimensions: true)).expanded(to: shape)
    }
  }

  public func sum(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    sum(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// The arithmetic mean over `axes`: Σx/n. NaN when there is nothing to average.
  ///
  /// ```swift
  /// Tensor([[1.0, 2.0], [3.0, 4.0]]).mean(axis: 0)  // → [2.0, 3.0]
  /// ```
  public func mean(axes: [Int] = [], keepingDimensions: Bool = false) -> Tensor {
    Elementwise.requireFloatingPoint("mean", self)
    let resolved = rank == 0 && axes.isEmpty ? [] : shape.resolved(axes, for: "mean")
    let n = resolved.reduce(1) { $0 * shape.dimensions[$1] }
    return sum(axes: resolved, keepingDimensions: keepingDimensions) / Double(n)
  }

  public func mean(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    mean(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// The variance over `axes`: Σ(x − x̄)²/(n − correction). A correction of 1 (Bessel's) estimates a population's
  /// variance from a sample; 0 gives the sample's own.
  ///
  /// ```swift
  /// Tensor([1.0, 2.0, 3.0, 4.0]).variance(correction: 0).item()  // → 1.25
  /// ```
  public func variance(axes: [Int] = [], correction: Int = 1, keepingDimensions: Bool = false) -> Tensor {
    Elementwise.requireFloatingPoint("variance", self)
    let resolved = rank == 0 && axes.isEmpty ? [] : shape.resolved(axes, for: "variance")
    let n = resolved.reduce(1) { $0 * shape.dimensions[$1] }
    let freedom = Double(Swift.max(n - correction, 0))
    let squares = Reduction.run(
      GB_DEVIATIONS, self, axes: resolved, keepingDimensions: keepingDimensions, result: dtype)
    let y = squares / freedom
    guard Tape.records(self) else { return y }
    return y.recorded("variance", from: self) { [shape] g in
      (self - self.mean(axes: resolved, keepingDimensions: true))
        * (g * (2 / freedom)).reshaped(shape.removing(resolved, keepingDimensions: true))
    }
  }

  public func variance(axis: Int, correction: Int = 1, keepingDimensions: Bool = false) -> Tensor {
    variance(axes: [axis], correction: correction, keepingDimensions: keepingDimensions)
  }

  /// The square root of the variance. Where all elements are equal, its gradient is 0.
  ///
  /// ```swift
  /// Tensor([1.0, 3.0]).standardDeviation(correction: 0)  // → 1.0
  /// ```
  public func standardDeviation(axes: [Int] = [], correction: Int = 1, keepingDimensions: Bool = false) -> Tensor {
    let variance = variance(axes: axes, correction: correction, keepingDimensions: keepingDimensions)
    return variance.detached().sqrt().recorded("standardDeviation", from: variance) { g in
      let isFlat = variance.detached() .== 0
      let y = Tensor.where(isFlat, Tensor.ones([], dtype: g.dtype), variance).sqrt()
      return Tensor.where(isFlat, Tensor.zeros([], dtype: g.dtype), g * 0.5 / y)
    }
  }

  public func standardDeviation(axis: Int, correction: Int = 1, keepingDimensions: Bool = false) -> Tensor {
    standardDeviation(axes: [axis], correction: correction, keepingDimensions: keepingDimensions)
  }

  /// ln Σ e^x over `axes`, without overflow: m + ln Σ e^(x−m) for the maximum m.
  ///
  /// ```swift
  /// Tensor([1000.0, 1000.0]).logSumExp().item(Float.self)  // → 1000.6932
  /// ```
  public func logSumExp(axes: [Int] = [], keepingDimensions: Bool = false) -> Tensor {
    Elementwise.requireFloatingPoint("logSumExp", self)
    let axes = rank == 0 && axes.isEmpty ? [] : shape.resolved(axes, for: "logSumExp")
    if axes.contains(where: { shape.dimensions[$0] == 0 }) {
      return sum(axes: axes, keepingDimensions: keepingDimensions).log()
    }
    let peak = detached().max(axes: axes, keepingDimensions: true)
    let finite = Tensor.where(peak.isFinite(), peak, Tensor.zeros([], dtype: dtype))
    let y = (self - finite).exp().sum(axes: axes, keepingDimensions: true).log() + finite
    return keepingDimensions ? y : y.reshaped(shape.removing(axes, keepingDimensions: false))
  }

  public func logSumExp(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    logSumExp(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// Whether all elements along `axes` are true; true for none. Stops unless the dtype is bool.
  ///
  /// ```swift
  /// Tensor([[true, false], [true, true]]).all(axes: [1])  // → [false, true]
  /// ```
  public func all(axes: [Int] = [], keepingDimensions: Bool = false) -> Tensor {
    logical(GB_ALL, "all", axes, keepingDimensions)
  }

  /// Whether any element along `axes` is true; false for none. Stops unless the dtype is bool.
  ///
  /// ```swift
  /// Tensor([[true, false], [false, false]]).any(axes: [1])  // → [true, false]
  /// ```
  public func any(axes: [Int] = [], keepingDimensions: Bool = false) -> Tensor {
    logical(GB_ANY, "any", axes, keepingDimensions)
  }

  private func logical(_ op: gb_reduce_op, _ name: String, _ axes: [Int], _ keepingDimensions: Bool) -> Tensor {
    if dtype != .bool { stop(name, "\(dtype) \(shape) is not a bool tensor", fix: "compare it with a number first") }
    let axes = rank == 0 && axes.isEmpty ? [] : shape.resolved(axes, for: name)
    return Reduction.run(op, self, axes: axes, keepingDimensions: keepingDimensions, result: .bool)
      .recordedAsConstant(name, from: self, because: "it is a bool")
  }
}

extension Op {
  /// A reduction over axes: every way of naming them.
  static func reduction(
    _ name: String, _ formula: String, derivative: Derivative = .everyOrder, emptyIsDefined: Bool = true,
    misuses: [Misuse] = [],
    _ f: @escaping @Sendable (Tensor, [Int], Bool) -> Tensor
  ) -> Op {
    var samples = [
      Sample("all", [.uniform([3, 4])]) { f($0[0], [], false) },
      Sample("first axis", [.uniform([3, 4])]) { f($0[0], [0], false) },
      Sample("last axis kept", [.uniform([2, 3, 4])]) { f($0[0], [-1], true) },
      Sample("middle axis", [.uniform([2, 3, 4])]) { f($0[0], [1], false) },
      Sample("outer axes", [.uniform([2, 3, 4])]) { f($0[0], [0, 2], false) },
      Sample("no rows", [.uniform([0, 4])]) { f($0[0], [1], false) },
    ]
    if emptyIsDefined { samples.append(Sample("empty axis", [.uniform([3, 0])]) { f($0[0], [1], false) }) }
    return Op(
      name, formula, derivative: derivative, samples: samples,
      misuses: [
        Misuse("axis", says: [name, "[2, 3]", "no axis 2", "-2..<2"]) { _ = f(Tensor.ones([2, 3]), [2], false) },
        Misuse("axis twice", says: [name, "[2, 3]", "twice"]) { _ = f(Tensor.ones([2, 3]), [1, -1], false) },
      ] + misuses)
  }

  static let sum = reduction("sum", "y = Σ x") { $0.sum(axes: $1, keepingDimensions: $2) }
  static let mean = reduction("mean", "y = Σ x / n", emptyIsDefined: false) { $0.mean(axes: $1, keepingDimensions: $2) }
  static let variance = reduction("variance", "y = Σ(x − x̄)²/(n − correction)", emptyIsDefined: false) {
    $0.variance(axes: $1, keepingDimensions: $2)
  }
  static let standardDeviation = reduction("variance", "y = √variance", emptyIsDefined: false) {
    $0.standardDeviation(axes: $1, correction: 0, keepingDimensions: $2)
  }.renamed("standardDeviation")
  static let logSumExp = reduction("logSumExp", "y = ln Σ eˣ", emptyIsDefined: false) {
    $0.logSumExp(axes: $1, keepingDimensions: $2)
  }
  static let all = reduction("all", "y = ∧ x", derivative: .none) { ($0 .> -1).all(axes: $1, keepingDimensions: $2) }
  static let any = reduction("any", "y = ∨ x", derivative: .none) { ($0 .> 1).any(axes: $1, keepingDimensions: $2) }

  /// The same op under another name, for one whose messages come from what it is made of.
  func renamed(_ name: String) -> Op { Op(name, formula, derivative: derivative, samples: samples, misuses: misuses) }
}
