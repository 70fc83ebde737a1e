import CKernels

// Division with a remainder, in its two conventions; and the parts of a number before and after its point.
extension Tensor {
  /// aᵢ − bᵢ·⌊aᵢ/bᵢ⌋, with broadcasting: the remainder that has the sign of b, as Python's %. Integers modulo 0 are 0.
  ///
  /// ```swift
  /// Tensor([-3, 7]).remainder(Tensor([2, -4]))  // → [1, -1]
  /// ```
  public func remainder(_ divisor: Tensor) -> Tensor {
    if dtype != divisor.dtype { return Autocast.promoting("remainder", self, divisor) { $0.remainder($1) } }
    let y = Elementwise.binary(GB_REMAINDER, "remainder", self, divisor)
    guard Tape.records(self, divisor) else { return y }
    return y.recorded(
      "remainder",
      from: self, { [shape] g in g.summed(to: shape) },
      from: divisor,
      { [shape = divisor.shape, quotient = detached().floorDivided(by: divisor.detached())] g in
        -(g * quotient).summed(to: shape)
      })
  }

  /// aᵢ − s·⌊aᵢ/s⌋.
  ///
  /// ```swift
  /// Tensor([-1.0, 5.5]).remainder(4)  // → [3.0, 1.5]
  /// ```
  public func remainder(_ divisor: Double) -> Tensor { remainder(Tensor.full([], divisor, dtype: dtype)) }

  /// aᵢ − bᵢ·trunc(aᵢ/bᵢ), with broadcasting: the remainder that has the sign of a, as C's fmod.
  ///
  /// ```swift
  /// Tensor([-3, 7]).truncatedRemainder(Tensor([2, -4]))  // → [-1, 3]
  /// ```
  public func truncatedRemainder(_ divisor: Tensor) -> Tensor {
    if dtype != divisor.dtype {
      return Autocast.promoting("truncatedRemainder", self, divisor) { $0.truncatedRemainder($1) }
    }
    let y = Elementwise.binary(GB_TRUNCATED_REMAINDER, "truncatedRemainder", self, divisor)
    guard Tape.records(self, divisor) else { return y }
    return y.recorded(
      "truncatedRemainder",
      from: self, { [shape] g in g.summed(to: shape) },
      from: divisor,
      { [shape = divisor.shape, quotient = (detached() / divisor.detached()).truncated()] g in
        -(g * quotient).summed(to: shape)
      })
  }

  /// ⌊aᵢ/bᵢ⌋, with broadcasting. Integers divided by 0 are 0.
  ///
  /// ```swift
  /// Tensor([-3, 7]).floorDivided(by: Tensor([2, 2]))  // → [-2, 3]
  /// ```
  public func floorDivided(by divisor: Tensor) -> Tensor {
    if dtype != divisor.dtype { return Autocast.promoting("floorDivided", self, divisor) { $0.floorDivided(by: $1) } }
    let y = Elementwise.binary(GB_FLOOR_DIVIDE, "floorDivided", self, divisor)
    guard Tape.records(self, divisor) else { return y }
    return y.recordedAsConstant(
      "floorDivided", from: node == nil ? divisor : self, because: "it is constant between jumps")
  }

  /// The whole number next to xᵢ on the side of 0.
  ///
  /// ```swift
  /// Tensor([1.5, -1.5]).truncated()  // → [1.0, -1.0]
  /// ```
  public func truncated() -> Tensor {
    Elementwise.floating(GB_TRUNCATE, "truncated", self)
      .recordedAsConstant("truncated", from: self, because: "it is constant between jumps")
  }

  /// xᵢ − trunc xᵢ, which has the sign of x.
  ///
  /// ```swift
  /// Tensor([1.5, -2.25]).fraction()  // → [0.5, -0.25]
  /// ```
  public func fraction() -> Tensor {
    Elementwise.requireFloatingPoint("fraction", self)
    let y = self.detached() - self.detached().truncated()
    return y.recorded("fraction", from: self) { g in g }
  }
}

extension Op {
  static let remainder = Op.binary("remainder", "aᵢ − bᵢ·⌊aᵢ/bᵢ⌋", over: -3.9...3.7, 0.6...1.1) { $0.remainder($1) }
  static let truncatedRemainder = Op.binary(
    "truncatedRemainder", "aᵢ − bᵢ·trunc(aᵢ/bᵢ)", over: -3.9...3.7, 0.6...1.1
  ) { $0.truncatedRemainder($1) }
  static let floorDivided = Op.binary("floorDivided", "⌊aᵢ/bᵢ⌋", over: -3.9...3.7, 0.6...1.1, derivative: .none) {
    $0.floorDivided(by: $1)
  }
  static let truncated = Op.unary("truncated", "yᵢ = trunc xᵢ", derivative: .none) { $0.truncated() }
  static let fraction = Op.unary("fraction", "yᵢ = xᵢ − trunc xᵢ", over: -2.1...2.2) { $0.fraction() }
}
