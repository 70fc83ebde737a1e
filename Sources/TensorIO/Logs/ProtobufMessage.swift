/// A message in the wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding), field by field in the order of the calls.
///
/// As in proto3, a number that is zero and a text that is empty are left out, unless `isExplicit` says that the field tells what is
/// there at all (it is in a `oneof`).
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  mutating func integer(_ field: Int, _ value: Int) {
    if value == 0 { return }
    key(field, .varint)
    varint(UInt64(bitPattern: Int64(value)))
  }

  mutating func double(_ field: Int, _ value: Double) {
    if value.bitPattern == 0 { return }
    key(field, .fixed64)
    fixed(value.bitPattern)
  }

  mutating func float(_ field: Int, _ value: Float, isExplicit: Bool = false) {
    if value.bitPattern == 0, !isExplicit { return }
    key(field, .fixed32)
    fixed(value.bitPattern)
  }

  /// Many numbers one after the other ("packed").
  mutating func doubles(_ field: Int, _ values: [Double]) {
    if values.isEmpty { return }
    key(field, .lengthDelimited)
    varint(UInt64(8 * values.count))
    for value in values { fixed(value.bitPattern) }
  }

  mutating func string(_ field: Int, _ text: String) {
    if !text.isEmpty { data(field, Array(text.utf8)) }
  }

  /// Bytes, or a message's; also none.
  mutating func data(_ field: Int, _ data: [UInt8]) {
    key(field, .lengthDelimited)
    varint(UInt64(data.count))
    bytes += data
  }

  mutating func message(_ field: Int, _ fill: (inout ProtobufMessage) -> Void) {
    data(field, ProtobufMessage(fill).bytes)
  }

  init(_ fill: (inout ProtobufMessage) -> Void) { fill(&self) }

  private mutating func key(_ field: Int, _ type: ProtobufWireType) { varint(UInt64(field << 3) | type.rawValue) }

  /// Seven bits a byte, the lowest first; the eighth says that more follow.
  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func fixed(_ pattern: some FixedWidthInteger) {
    withUnsafeBytes(of: pattern.littleEndian) { bytes.append(contentsOf: $0) }
  }
}

/// How a field's value is laid out.
enum ProtobufWireType: UInt64 {
  case varint = 0
  case fixed64 = 1
  case lengthDelimited = 2
  case fixed32 = 5
}
