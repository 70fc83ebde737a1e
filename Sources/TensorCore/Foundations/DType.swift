import CKernels

/// The type of a tensor's elements, chosen at run time.
///
/// Mixing dtypes in one op is an error that suggests `cast(to:)`; a Swift number beside a tensor never changes its
/// dtype.
public enum DType: UInt32, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  /// IEEE 754 single precision: the default.
  case float32
  /// IEEE 754 double precision.
  case float64
  /// The upper half of a float32: 8 bits of exponent, 7 of fraction.
  case bfloat16
  case int32
  case int64
  case uint8
  /// One byte, 0 or 1.
  case bool

  /// Bytes per element.
  public var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .bfloat16: 2
    case .uint8, .bool: 1
    }
  }

  public var isFloatingPoint: Bool { self == .float32 || self == .float64 || self == .bfloat16 }
  public var isInteger: Bool { self == .int32 || self == .int64 || self == .uint8 }

  public var description: String {
    switch self {
    case .float32: "float32"
    case .float64: "float64"
    case .bfloat16: "bfloat16"
    case .int32: "int32"
    case .int64: "int64"
    case .uint8: "uint8"
    case .bool: "bool"
    }
  }

  /// The same type as the C kernels name it.
  var code: gb_dtype { gb_dtype(rawValue: rawValue) }
}

/// A Swift type that a tensor's elements can be read as and made from.
public protocol TensorScalar: Sendable {
  /// The dtype whose elements have exactly this type's bits.
  static var dtype: DType { get }
}

extension Float: TensorScalar { public static var dtype: DType { .float32 } }
extension Double: TensorScalar { public static var dtype: DType { .float64 } }
extension BFloat16: TensorScalar { public static var dtype: DType { .bfloat16 } }
extension Int32: TensorScalar { public static var dtype: DType { .int32 } }
extension Int64: TensorScalar { public static var dtype: DType { .int64 } }
extension Int: TensorScalar { public static var dtype: DType { .int64 } }
extension UInt8: TensorScalar { public static var dtype: DType { .uint8 } }
extension Bool: TensorScalar { public static var dtype: DType { .bool } }

/// A brain floating-point number: the upper sixteen bits of a `Float`.
public struct BFloat16: Sendable, Hashable, CustomStringConvertible {
  public var bitPattern: UInt16

  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// The nearest bfloat16, ties to even; NaN stays NaN.
  public init(_ value: Float) {
    let bits = value.bitPattern
    bitPattern = value.isNaN ? UInt16(bits >> 16) | 0x40 : UInt16((bits &+ 0x7fff &+ ((bits >> 16) & 1)) >> 16)
  }

  /// This number as a `Float`, exactly.
  public var float: Float { Float(bitPattern: UInt32(bitPattern) << 16) }
  public var description: String { float.description }
}
