/// Reads JSON (RFC 8259). A message of some hundred kilobytes takes milliseconds, where `JSONDecoder`, which has to try what a value may
/// be, takes a tenth of a second and more.
struct JSONParser {
  /// Where the text stops being JSON.
  struct Damage: Error { let offset: Int }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  static func parse(_ bytes: [UInt8]) throws(Damage) -> JSONValue {
    try bytes.withUnsafeBufferPointer { buffer throws(Damage) in
      var parser = JSONParser(bytes: buffer)
      let value = try parser.value(depth: 0)
      parser.skipSpace()
      guard parser.position == buffer.count else { throw Damage(offset: parser.position) }
      return value
    }
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ word: String) throws(Damage) {
    for byte in word.utf8 {
      guard next == byte else { throw Damage(offset: position) }
      position += 1
    }
  }

  /// Nothing that is meant for us is nested more than a few levels; what is would end the stack.
  private mutating func value(depth: Int) throws(Damage) -> JSONValue {
    skipSpace()
    guard let first = next, depth < 512 else { throw Damage(offset: position) }
    switch first {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"):
      try expect("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try expect("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try expect("null")
      return .null
    default: return try number()
    }
  }

  private mutating func object(_ depth: Int) throws(Damage) -> JSONValue {
    var members: [String: JSONValue] = [:]
    position += 1
    skipSpace()
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw Damage(offset: position) }
      let key = try string()
      skipSpace()
      try expect(":")
      members[key] = try value(depth: depth + 1)
      skipSpace()
    } while take(",")
    try expect("}")
    return .object(members)
  }

  private mutating func array(_ depth: Int) throws(Damage) -> JSONValue {
    var elements: [JSONValue] = []
    position += 1
    skipSpace()
    if take("]") { return .array(elements) }
    repeat {
      elements.append(try value(depth: depth + 1))
      skipSpace()
    } while take(",")
    try expect("]")
    return .array(elements)
  }

  private mutating func string() throws(Damage) -> String {
    position += 1
    var text = ""
    var start = position
    while let byte = next, byte >= 0x20 {
      guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
        position += 1
        continue
      }
      guard let part = String(validating: bytes[start..<position], as: UTF8.self) else { throw Damage(offset: start) }
      text += part
      position += 1
      if byte == UInt8(ascii: "\"") { return text }
      text.unicodeScalars.append(try escaped())
      start = position
    }
    throw Damage(offset: position)
  }

  private mutating func escaped() throws(Damage) -> Unicode.Scalar {
    guard let byte = next else { throw Damage(offset: position) }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw Damage(offset: position - 1)
    }
    let unit = try hexadecimal()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    // The first half of a pair: the second has to follow.
    try expect("\\u")
    let second = try hexadecimal()
    guard UTF16.isLeadSurrogate(unit), UTF16.isTrailSurrogate(second) else { throw Damage(offset: position) }
    return UTF16.decode(UTF16.EncodedScalar([unit, second]))
  }

  private mutating func hexadecimal() throws(Damage) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw Damage(offset: position)
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  private mutating func number() throws(Damage) -> JSONValue {
    let start = position
    _ = take("-")
    let first = next
    guard digits() > 0, first != UInt8(ascii: "0") || position - start == (bytes[start] == UInt8(ascii: "-") ? 2 : 1)
    else { throw Damage(offset: start) }
    var isInteger = true
    if take(".") {
      isInteger = false
      guard digits() > 0 else { throw Damage(offset: position) }
    }
    if take("e") || take("E") {
      isInteger = false
      if !take("-") { _ = take("+") }
      guard digits() > 0 else { throw Damage(offset: position) }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let number = Int(text) { return .integer(number) }
    guard let number = Double(text), number.isFinite else { throw Damage(offset: start) }
    return Int(exactly: number).map { .integer($0) } ?? .number(number)
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    return position - start
  }
}
