/// The fields of a message in the wire format of Protocol Buffers, in the order in which they stand.
struct ProtobufFields {
  /// A field's number, and its value as it is laid out: what it means, its reader knows.
  struct Field {
    let number: Int
    let value: Value
  }

  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    case data(ArraySlice<UInt8>)
  }

  /// What can't be a message, for a ``FileError``.
  struct Damage: Error {
    let found: String
  }

  let all: [Field]

  init(_ bytes: ArraySlice<UInt8>) throws(Damage) {
    var rest = bytes
    var fields: [Field] = []
    while !rest.isEmpty {
      let key = try ProtobufFields.varint(&rest)
      guard let type = ProtobufWireType(rawValue: key & 7), key >> 3 != 0, key >> 32 == 0 else {
        throw Damage(found: "a field that begins with \(key)")
      }
      fields.append(Field(number: Int(key >> 3), value: try ProtobufFields.value(type, &rest)))
    }
    all = fields
  }

  /// The messages and texts of one field.
  func messages(_ number: Int) -> [ArraySlice<UInt8>] {
    all.compactMap { if $0.number == number, case .data(let bytes) = $0.value { bytes } else { nil } }
  }

  /// The last number of one field; 0 when there is none.
  func integer(_ number: Int) -> UInt64 {
    all.reduce(0) { if $1.number == number, case .varint(let value) = $1.value { value } else { $0 } }
  }

  private static func value(_ type: ProtobufWireType, _ rest: inout ArraySlice<UInt8>) throws(Damage) -> Value {
    switch type {
    case .varint: return .varint(try varint(&rest))
    case .fixed64: return .fixed64(littleEndian(try take(8, &rest)))
    case .fixed32: return .fixed32(littleEndian(try take(4, &rest)))
    case .lengthDelimited: return .data(try take(try varint(&rest), &rest))
    }
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) throws(Damage) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = rest.popFirst() else { throw Damage(found: "one that ends within a number") }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    throw Damage(found: "a number of more than 64 bits")
  }

  private static func take(_ count: UInt64, _ rest: inout ArraySlice<UInt8>) throws(Damage) -> ArraySlice<UInt8> {
    guard count <= UInt64(rest.count) else {
      throw Damage(found: "a field of \(count) bytes where \(rest.count) are left")
    }
    let taken = rest.prefix(Int(count))
    rest.removeFirst(Int(count))
    return taken
  }
}

/// The number whose lowest byte comes first; of no more bytes than it has.
func littleEndian<Number: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>) -> Number {
  bytes.reversed().reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
}
