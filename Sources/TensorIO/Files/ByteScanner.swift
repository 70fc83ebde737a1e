/// Walks over the text of a file's header and says where it goes wrong.
struct ByteScanner {
  private let bytes: UnsafeRawBufferPointer
  private(set) var position = 0
  /// The file, and what the bytes are within it, as messages name them.
  let file: String
  private let part: String

  init(_ bytes: UnsafeRawBufferPointer, file: String, part: String) {
    self.bytes = bytes
    self.file = file
    self.part = part
  }

  /// The next byte; nil at the end.
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func advance() { position += 1 }

  /// Passes over blanks, tabs and line ends.
  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { position += 1 }
  }

  /// Takes the character, after blanks, if it comes next.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard let byte = next, byte == character.value else { return false }
    position += 1
    return true
  }

  mutating func require(_ character: Unicode.Scalar) throws(FileError) {
    if !take(character) { throw unexpected("\"\(character)\"") }
  }

  /// Takes bytes up to, and without, the first for which `stops` says so, or to the end.
  mutating func take(until stops: (UInt8) -> Bool) -> UnsafeRawBufferPointer {
    let start = position
    while let byte = next, !stops(byte) { position += 1 }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<position])
  }

  /// Takes a whole number in decimal digits, without sign or leading zeros.
  mutating func number() throws(FileError) -> Int {
    skipSpace()
    let start = position
    let digits = take { !(0x30...0x39).contains($0) }
    if digits.isEmpty || (digits.count > 1 && digits[0] == 0x30) {
      position = start
      throw unexpected("a whole number")
    }
    var value = 0
    for digit in digits {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(digit - 0x30))
      if overflow || carry {
        position = start
        throw unexpected("a whole number below 2^63")
      }
      value = sum
    }
    return value
  }

  /// Takes `( item, item, … )` with the given brackets; `item` takes one. A comma may follow the last item where
  /// `trailingComma` allows it.
  ///
  /// - Returns: Whether one did.
  @discardableResult
  mutating func list(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar, trailingComma: Bool = false,
    item: (inout ByteScanner) throws(FileError) -> Void
  ) throws(FileError) -> Bool {
    try require(open)
    if take(close) { return false }
    while true {
      try item(&self)
      if take(close) { return false }
      if !take(",") { throw unexpected("\",\" or \"\(close)\"") }
      if trailingComma && take(close) { return true }
    }
  }

  /// The error for something else than `expected` at this place.
  func unexpected(_ expected: String) -> FileError {
    let found =
      switch next {
      case nil: "its end"
      case let byte? where (0x20..<0x7f).contains(byte): "\"\(Unicode.Scalar(byte))\""
      case let byte?: "the byte 0x\(String(byte, radix: 16))"
      }
    return .contents(file: file, key: nil, expected: "\(expected) at byte \(position) of \(part)", found: found)
  }
}
