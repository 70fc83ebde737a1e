import CKernels

infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence

// Comparisons and logic. They give bool tensors and have no derivative. The operators carry a dot, as in Swift's SIMD types, because
// `==` on two values answers with one Bool.
extension Tensor {
  /// Where aᵢ = bᵢ, with broadcasting. NaN equals nothing.
  ///
  /// ```swift
  /// Tensor([1, 2, 3]) .== Tensor([1, 0, 3])  // → [true, false, true]
  /// ```
  public static func .== (a: Tensor, b: Tensor) -> Tensor { compared(GB_EQUAL, "equal", a, b) }
  /// Where aᵢ ≠ bᵢ, with broadcasting. NaN differs from everything, itself included.
  ///
  /// ```swift
  /// Tensor([1, 2]) .!= Tensor([1, 3])  // → [false, true]
  /// ```
  public static func .!= (a: Tensor, b: Tensor) -> Tensor { compared(GB_NOT_EQUAL, "notEqual", a, b) }
  /// Where aᵢ < bᵢ, with broadcasting. False beside NaN, as are the next three.
  ///
  /// ```swift
  /// Tensor([1, 2]) .< Tensor([2, 2])  // → [true, false]
  /// ```
  public static func .< (a: Tensor, b: Tensor) -> Tensor { compared(GB_LESS, "less", a, b) }
  /// Where aᵢ ≤ bᵢ, with broadcasting.
  ///
  /// ```swift
  /// Tensor([1, 3]) .<= Tensor([1, 2])  // → [true, false]
  /// ```
  public static func .<= (a: Tensor, b: Tensor) -> Tensor { compared(GB_LESS_EQUAL, "lessOrEqual", a, b) }
  /// Where aᵢ > bᵢ, with broadcasting.
  ///
  /// ```swift
  /// Tensor([1, 3]) .> 2  // → [false, true]
  /// ```
  public static func .> (a: Tensor, b: Tensor) -> Tensor { compared(GB_GREATER, "greater", a, b) }
  /// Where aᵢ ≥ bᵢ, with broadcasting.
  ///
  /// ```swift
  /// Tensor([1, 2]) .>= 2  // → [false, true]
  /// ```
  public static func .>= (a: Tensor, b: Tensor) -> Tensor { compared(GB_GREATER_EQUAL, "greaterOrEqual", a, b) }

  public static func .== (a: Tensor, s: Double) -> Tensor { compared(GB_EQUAL, "equal", a, s) }
  public static func .!= (a: Tensor, s: Double) -> Tensor { compared(GB_NOT_EQUAL, "notEqual", a, s) }
  public static func .< (a: Tensor, s: Double) -> Tensor { compared(GB_LESS, "less", a, s) }
  public static func .<= (a: Tensor, s: Double) -> Tensor { compared(GB_LESS_EQUAL, "lessOrEqual", a, s) }
  public static func .> (a: Tensor, s: Double) -> Tensor { compared(GB_GREATER, "greater", a, s) }
  public static func .>= (a: Tensor, s: Double) -> Tensor { compared(GB_GREATER_EQUAL, "greaterOrEqual", a, s) }

  /// Where both are true.
  ///
  /// ```swift
  /// Tensor([true, true]) .& Tensor([true, false])  // → [true, false]
  /// ```
  public static func .& (a: Tensor, b: Tensor) -> Tensor { combined(GB_AND, "and", a, b) }
  /// Where either is true.
  ///
  /// ```swift
  /// Tensor([false, true]) .| Tensor([false, false])  // → [false, true]
  /// ```
  public static func .| (a: Tensor, b: Tensor) -> Tensor { combined(GB_OR, "or", a, b) }
  /// Where exactly one is true.
  ///
  /// ```swift
  /// Tensor([true, true]) .^ Tensor([true, false])  // → [false, true]
  /// ```
  public static func .^ (a: Tensor, b: Tensor) -> Tensor { combined(GB_XOR, "xor", a, b) }

  /// Where it is false. Stops unless the dtype is bool.
  ///
  /// ```swift
  /// .!Tensor([true, false])  // → [false, true]
  /// ```
  public static prefix func .! (x: Tensor) -> Tensor {
    if x.dtype != .bool {
      stop("not", "\(x.dtype) \(x.shape) is not a bool tensor", fix: "compare it with a number first")
    }
    return Elementwise.unary(GB_NOT, x).recordedAsConstant("not", from: x, because: "it is a bool")
  }

  private static func compared(_ op: gb_binary_op, _ name: String, _ a: Tensor, _ b: Tensor) -> Tensor {
    if a.dtype != b.dtype { return Autocast.promoting(name, a, b) { compared(op, name, $0, $1) } }
    let y = Elementwise.binary(op, name, a, b, result: .bool)
    guard Tape.records(a, b) else { return y }
    return y.recordedAsConstant(name, from: a.node == nil ? b : a, because: "a comparison is constant between jumps")
  }

  private static func compared(_ op: gb_binary_op, _ name: String, _ a: Tensor, _ s: Double) -> Tensor {
    Elementwise.binary(op, name, a, s, result: .bool)
      .recordedAsConstant(name, from: a, because: "a comparison is constant between jumps")
  }

  private static func combined(_ op: gb_binary_op, _ name: String, _ a: Tensor, _ b: Tensor) -> Tensor {
    for x in [a, b] where x.dtype != .bool {
      stop(name, "\(x.dtype) \(x.shape) is not a bool tensor", fix: "compare it with a number first")
    }
    let y = Elementwise.binary(op, name, a, b)
    guard Tape.records(a, b) else { return y }
    return y.recordedAsConstant(name, from: a.node == nil ? b : a, because: "it is a bool")
  }
}

infix operator .^ : LogicalDisjunctionPrecedence
infix operator .& : LogicalConjunctionPrecedence
infix operator .| : LogicalDisjunctionPrecedence
prefix operator .!

extension Op {
  static let equal = Op.binary("equal", "aᵢ = bᵢ", over: 0...4, 0...4, derivative: .none) { whole($0) .== whole($1) }
  static let notEqual = Op.binary("notEqual", "aᵢ ≠ bᵢ", over: 0...4, 0...4, derivative: .none) {
    whole($0) .!= whole($1)
  }
  static let less = Op.binary("less", "aᵢ < bᵢ", derivative: .none) { $0 .< $1 }
  static let lessOrEqual = Op.binary("lessOrEqual", "aᵢ ≤ bᵢ", derivative: .none) { $0 .<= $1 }
  static let greater = Op.binary("greater", "aᵢ > bᵢ", derivative: .none) { $0 .> $1 }
  static let greaterOrEqual = Op.binary("greaterOrEqual", "aᵢ ≥ bᵢ", derivative: .none) { $0 .>= $1 }
  static let and = logic("and", "aᵢ ∧ bᵢ") { $0 .& $1 }
  static let or = logic("or", "aᵢ ∨ bᵢ") { $0 .| $1 }
  static let xor = logic("xor", "aᵢ ⊕ bᵢ") { $0 .^ $1 }
  static let not = Op(
    "not", "¬xᵢ", derivative: .none,
    samples: [
      Sample("matrix", [.bools([3, 5])]) { .!$0[0] },
      Sample("empty", [.bools([0])]) { .!$0[0] },
    ],
    misuses: [Misuse("floats", says: ["not", "float32 [2]", "bool"]) { _ = .!Tensor.ones([2]) }])

  /// Rounded, so that some of the samples' elements are equal.
  private static func whole(_ x: Tensor) -> Tensor { x.dtype.isFloatingPoint ? x.round() : x }

  private static func logic(_ name: String, _ formula: String, _ f: @escaping @Sendable (Tensor, Tensor) -> Tensor)
    -> Op
  {
    Op(
      name, formula, derivative: .none,
      samples: [
        Sample("same shape", [.bools([3, 5]), .bools([3, 5])]) { f($0[0], $0[1]) },
        Sample("broadcast", [.bools([3, 1]), .bools([5])]) { f($0[0], $0[1]) },
        Sample("empty", [.bools([0, 5]), .bools([5])]) { f($0[0], $0[1]) },
      ],
      misuses: [Misuse("floats", says: [name, "float32 [2]", "bool"]) { _ = f(Tensor.ones([2]), Tensor.ones([2])) }])
  }
}
