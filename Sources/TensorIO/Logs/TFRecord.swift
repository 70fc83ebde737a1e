/// TensorFlow's files of records: each is its length (eight bytes), a masked CRC32C of these, the data, and a masked CRC32C of the data;
/// numbers are little-endian (tensorflow.org/tutorials/load_data/tfrecord).
package enum TFRecord {
  /// A record with these data.
  package static func framing(_ data: [UInt8]) -> [UInt8] {
    let length = littleEndianBytes(UInt64(data.count))
    return length + littleEndianBytes(CRC32C.masked(length)) + data + littleEndianBytes(CRC32C.masked(data))
  }

  /// Calls `receive` with each record's data and the byte at which the record begins. One that is cut off at the end is left out: it is
  /// being written, or its writer was killed.
  ///
  /// - Throws: ``FileError``, with the record's place, for a checksum that does not fit, and what `receive` throws.
  static func read(
    _ bytes: [UInt8], file: String, _ receive: (ArraySlice<UInt8>, Int) throws(FileError) -> Void
  ) throws(FileError) {
    var rest = bytes[...]
    while rest.count >= 12 {
      let start = rest.startIndex
      let length: UInt64 = littleEndian(rest.prefix(8))
      try check(rest[(start + 8)..<(start + 12)], of: rest.prefix(8), "length", start, file)
      guard rest.count >= 16, length <= UInt64(rest.count - 16) else { return }
      let end = start + 12 + Int(length)
      let data = rest[(start + 12)..<end]
      try check(rest[end..<(end + 4)], of: data, "data", start, file)
      try receive(data, start)
      rest = rest[(end + 4)...]
    }
  }

  private static func check(
    _ stored: ArraySlice<UInt8>, of bytes: ArraySlice<UInt8>, _ part: String, _ start: Int, _ file: String
  ) throws(FileError) {
    let (stored, computed): (UInt32, UInt32) = (littleEndian(stored), CRC32C.masked(bytes))
    if stored == computed { return }
    func hexadecimal(_ value: UInt32) -> String { "0x" + String(value, radix: 16) }
    throw .contents(
      file: file, key: nil,
      expected: "the checksum \(hexadecimal(computed)) for the \(part) of the record at byte \(start)",
      found: hexadecimal(stored))
  }

  private static func littleEndianBytes(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}
