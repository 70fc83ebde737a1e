import CKernels

// Products, and reductions that leave out what is not a number.
extension Tensor {
  /// The product over `axes`; 1 for none. Integers and bools multiply in int64. The gradient is exact where there are
  /// zeros, too.
  ///
  /// ```swift
  /// Tensor([[1.0, 2.0], [3.0, 4.0]]).product(axes: [1])  // → [2.0, 12.0]
  /// ```
  public func product(axes: [Int] = [], keepingDimensions: Bool = false) -> Tensor {
    if Autocast.isOn {
      return Autocast.widening(self) { $0.product(axes: axes, keepingDimensions: keepingDimensions) }
    }
    let axes = rank == 0 && axes.isEmpty ? [] : shape.resolved(axes, for: "product")
    let y = Reduction.run(
      GB_PRODUCT, self, axes: axes, keepingDimensions: keepingDimensions, result: dtype.isFloatingPoint ? dtype : .int64
    )
    guard Tape.records(self) else { return y }
    // The last of the running products along one axis, whose rule deals with zeros.
    let kept = (0..<rank).filter { !axes.contains($0) }
    let n = axes.reduce(1) { $0 * shape.dimensions[$1] }
    if n == 0 || count == 0 { return y + (self * 0).sum(axes: axes, keepingDimensions: keepingDimensions) }
    let rows = permuted(kept + axes).reshaped(Shape(kept.map { shape.dimensions[$0] } + [n]))
    let last = rows.cumulativeProduct(axis: -1).sliced(axis: rows.rank - 1, from: n - 1, to: n)
    return last.reshaped(shape.removing(axes, keepingDimensions: keepingDimensions))
  }

  /// The sum over `axes` of what is a number.
  ///
  /// ```swift
  /// Tensor([1.0, .nan, 2.0]).nanSum()  // → 3.0
  /// ```
  public func nanSum(axes: [Int] = [], keepingDimensions: Bool = false) -> Tensor {
    Elementwise.requireFloatingPoint("nanSum", self)
    return maskedFilled(detached().isNaN(), with: 0).sum(axes: axes, keepingDimensions: keepingDimensions)
  }

  /// The mean over `axes` of what is a number; NaN where nothing is.
  ///
  /// ```swift
  /// Tensor([1.0, .nan, 3.0]).nanMean()  // → 2.0
  /// ```
  public func nanMean(axes: [Int] = [], keepingDimensions: Bool = false) -> Tensor {
    Elementwise.requireFloatingPoint("nanMean", self)
    let numbers = (.!detached().isNaN()).sum(axes: axes, keepingDimensions: keepingDimensions).cast(to: dtype)
    return nanSum(axes: axes, keepingDimensions: keepingDimensions) / numbers
  }

  /// The largest over `axes` of what is a number; −∞ where nothing is.
  ///
  /// ```swift
  /// Tensor([1.0, .nan, 3.0]).nanMax()  // → 3.0
  /// ```
  public func nanMax(axes: [Int] = [], keepingDimensions: Bool = false) -> Tensor {
    Elementwise.requireFloatingPoint("nanMax", self)
    return maskedFilled(detached().isNaN(), with: -.infinity).max(axes: axes, keepingDimensions: keepingDimensions)
  }

  /// The smallest over `axes` of what is a number; ∞ where nothing is.
  ///
  /// ```swift
  /// Tensor([1.0, .nan, 3.0]).nanMin()  // → 1.0
  /// ```
  public func nanMin(axes: [Int] = [], keepingDimensions: Bool = false) -> Tensor {
    Elementwise.requireFloatingPoint("nanMin", self)
    return maskedFilled(detached().isNaN(), with: .infinity).min(axes: axes, keepingDimensions: keepingDimensions)
  }
}

extension Op {
  static let product = reduction("product", "y = Π x") { $0.product(axes: $1, keepingDimensions: $2) }
  static let nanSum = withoutNaN("nanSum", "y = Σ x without NaN") { $0.nanSum(axes: $1) }
  static let nanMean = withoutNaN("nanMean", "y = Σ x/n without NaN") { $0.nanMean(axes: $1) }
  static let nanMax = withoutNaN("nanMax", "y = max x without NaN") { $0.nanMax(axes: $1) }
  static let nanMin = withoutNaN("nanMin", "y = min x without NaN") { $0.nanMin(axes: $1) }

  private static func withoutNaN(
    _ name: String, _ formula: String, _ f: @escaping @Sendable (Tensor, [Int]) -> Tensor
  ) -> Op {
    @Sendable func holed(_ x: Tensor) -> Tensor {
      Tensor.where(x.detached() .< -0.5, Tensor.full([], .nan, dtype: x.dtype), x)
    }
    return Op(
      name, formula,
      samples: [
        Sample("all", [.uniform([3, 5])]) { f(holed($0[0]), []) },
        Sample("rows", [.uniform([3, 6])]) { f(holed($0[0]), [1]) },
        Sample("no rows", [.uniform([0, 3])]) { f($0[0], [1]) },
      ],
      misuses: [
        Misuse("dtype", says: [name, "int64", "floating-point"]) { _ = f(Tensor([1, 2]), []) }
      ])
  }
}
