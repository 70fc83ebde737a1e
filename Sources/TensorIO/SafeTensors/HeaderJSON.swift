// JSON (RFC 8259, 2017), as far as safetensors headers use it: strings, whole numbers, and lists and objects of these; other values
// can be passed over.
// A JSON library would keep one of two equal keys without a word; here whoever reads an object sees every key.
extension ByteScanner {
  /// Takes a list of whole numbers.
  mutating func jsonNumbers() throws(FileError) -> [Int] {
    var numbers: [Int] = []
    try list("[", "]") { scanner throws(FileError) in numbers.append(try scanner.number()) }
    return numbers
  }

  /// Takes an object whose values are strings; each key once.
  mutating func jsonStrings() throws(FileError) -> [String: String] {
    let file = file
    var strings: [String: String] = [:]
    try list("{", "}") { scanner throws(FileError) in
      let key = try scanner.jsonString()
      try scanner.require(":")
      guard strings.updateValue(try scanner.jsonString(), forKey: key) == nil else {
        throw .contents(file: file, key: key, expected: "each key of the metadata once", found: "it twice")
      }
    }
    return strings
  }

  /// Passes over any value, nested at most 64 deep.
  mutating func skipJSON(depth: Int = 0) throws(FileError) {
    if depth > 64 { throw unexpected("less deeply nested values") }
    skipSpace()
    switch next.map(Unicode.Scalar.init) {
    case "\"": _ = try jsonString()
    case "[": try list("[", "]") { scanner throws(FileError) in try scanner.skipJSON(depth: depth + 1) }
    case "{":
      try list("{", "}") { scanner throws(FileError) in
        _ = try scanner.jsonString()
        try scanner.require(":")
        try scanner.skipJSON(depth: depth + 1)
      }
    default:
      let ends = Array(",]} \t\r\n".utf8)
      let word = String(decoding: take { ends.contains($0) }.prefix(100), as: UTF8.self)
      guard ["true", "false", "null"].contains(word) || Double(word)?.isFinite == true else {
        throw unexpected("a JSON value before what stands")
      }
    }
  }

  /// Takes a string in quotation marks.
  mutating func jsonString() throws(FileError) -> String {
    try require("\"")
    var text: [UInt8] = []
    while true {
      text += take { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") || $0 < 0x20 }
      switch next {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else { throw unexpected("UTF-8 before what stands") }
        advance()
        return string
      case UInt8(ascii: "\\"):
        advance()
        text += UTF8.encode(try escape()).map { Array($0) } ?? []
      default:
        throw unexpected("the end of the string")
      }
    }
  }

  /// Takes what follows a backslash.
  private mutating func escape() throws(FileError) -> Unicode.Scalar {
    let scalar: Unicode.Scalar? =
      switch next.map(Unicode.Scalar.init) {
      case "\"", "\\", "/": next.map(Unicode.Scalar.init)
      case "b": "\u{8}"
      case "f": "\u{c}"
      case "n": "\n"
      case "r": "\r"
      case "t": "\t"
      case "u": nil
      default: throw unexpected("an escape")
      }
    advance()
    if let scalar { return scalar }
    let first = try hexadecimal()
    var value = UInt32(first)
    if UTF16.isLeadSurrogate(first) {
      guard next == UInt8(ascii: "\\") else { throw unexpected("the second half of a \\u pair") }
      advance()
      guard next == UInt8(ascii: "u") else { throw unexpected("the second half of a \\u pair") }
      advance()
      let second = try hexadecimal()
      guard UTF16.isTrailSurrogate(second) else { throw unexpected("the second half of a \\u pair before what stands") }
      value = 0x10000 + (UInt32(first & 0x3ff) << 10 | UInt32(second & 0x3ff))
    }
    guard let scalar = Unicode.Scalar(value) else { throw unexpected("a whole \\u pair before what stands") }
    return scalar
  }

  /// Takes four hexadecimal digits.
  private mutating func hexadecimal() throws(FileError) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw unexpected("a hexadecimal digit")
      }
      advance()
      value = value << 4 | UInt16(digit)
    }
    return value
  }
}

/// A text as JSON writes it, in quotation marks.
func jsonQuoted(_ text: String) -> String {
  var json = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": json += "\\\""
    case "\\": json += "\\\\"
    case "\n": json += "\\n"
    case "\t": json += "\\t"
    case "\r": json += "\\r"
    case "\u{8}": json += "\\b"
    case "\u{c}": json += "\\f"
    case "\u{0}"..<" ":
      let digits = String(scalar.value, radix: 16)
      json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: json.unicodeScalars.append(scalar)
    }
  }
  return json + "\""
}
