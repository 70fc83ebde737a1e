/// JSON as it stands in a file: members in their order, and names told apart by their bytes. Foundation's parsers take names for equal that only differ in
/// how an accent is written, and a vocabulary has such tokens.
package enum OrderedJSON: Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([OrderedJSON])
  case object([(name: String, value: OrderedJSON)])

  /// Why text is no JSON.
  package struct Problem: Error { package let offset: Int }

  package init(parsing bytes: [UInt8]) throws(Problem) {
    var parser = Parser(bytes: bytes)
    self = try parser.value(depth: 0)
    parser.passSpace()
    if parser.place < bytes.count { throw Problem(offset: parser.place) }
  }

  package subscript(name: String) -> OrderedJSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  package var string: String? { if case .string(let value) = self { value } else { nil } }
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  package var number: Double? { if case .number(let value) = self { value } else { nil } }
  package var integer: Int? { number.flatMap { Int(exactly: $0) } }
  package var array: [OrderedJSON]? { if case .array(let value) = self { value } else { nil } }
  package var members: [(name: String, value: OrderedJSON)]? {
    if case .object(let value) = self { value } else { nil }
  }
  package var isNull: Bool { if case .null = self { true } else { false } }

  private struct Parser {
    let bytes: [UInt8]
    var place = 0

    private var ahead: UInt8? { place < bytes.count ? bytes[place] : nil }
    private var problem: Problem { Problem(offset: place) }

    mutating func passSpace() {
      while let byte = ahead, byte == 0x20 || (0x09...0x0D).contains(byte) { place += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
      passSpace()
      if ahead != byte { return false }
      place += 1
      return true
    }

    private mutating func take(word: String) -> Bool {
      guard bytes[place...].starts(with: word.utf8) else { return false }
      place += word.utf8.count
      return true
    }

    mutating func value(depth: Int) throws(Problem) -> OrderedJSON {
      if depth > 100 { throw problem }
      passSpace()
      switch ahead {
      case UInt8(ascii: "{"): return try object(depth)
      case UInt8(ascii: "["): return try array(depth)
      case UInt8(ascii: "\""): return .string(try string())
      case UInt8(ascii: "t"): if take(word: "true") { return .bool(true) }
      case UInt8(ascii: "f"): if take(word: "false") { return .bool(false) }
      case UInt8(ascii: "n"): if take(word: "null") { return .null }
      default: return .number(try number())
      }
      throw problem
    }

    private mutating func object(_ depth: Int) throws(Problem) -> OrderedJSON {
      place += 1
      var members: [(name: String, value: OrderedJSON)] = []
      if take(UInt8(ascii: "}")) { return .object(members) }
      repeat {
        passSpace()
        guard ahead == UInt8(ascii: "\"") else { throw problem }
        let name = try string()
        guard take(UInt8(ascii: ":")) else { throw problem }
        members.append((name, try value(depth: depth + 1)))
      } while take(UInt8(ascii: ","))
      guard take(UInt8(ascii: "}")) else { throw problem }
      return .object(members)
    }

    private mutating func array(_ depth: Int) throws(Problem) -> OrderedJSON {
      place += 1
      var elements: [OrderedJSON] = []
      if take(UInt8(ascii: "]")) { return .array(elements) }
      repeat { elements.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
      guard take(UInt8(ascii: "]")) else { throw problem }
      return .array(elements)
    }

    private mutating func number() throws(Problem) -> Double {
      let start = place
      // Most numbers are whole and short: these need no text of their own.
      var whole = 0
      while let byte = ahead, (0x30...0x39).contains(byte), place - start < 15 {
        whole = whole * 10 + Int(byte - 0x30)
        place += 1
      }
      if place > start, ahead.map({ !"+-.0123456789eE".utf8.contains($0) }) ?? true { return Double(whole) }
      while let byte = ahead, "+-.0123456789eE".utf8.contains(byte) { place += 1 }
      guard let value = Double(String(decoding: bytes[start..<place], as: UTF8.self)) else { throw problem }
      return value
    }

    private mutating func string() throws(Problem) -> String {
      place += 1
      var text: [UInt8] = []
      while let byte = ahead {
        place += 1
        switch byte {
        case UInt8(ascii: "\""):
          guard let string = String(validating: text, as: UTF8.self) else { throw problem }
          return string
        case UInt8(ascii: "\\"): text += try escape()
        default: text.append(byte)
        }
      }
      throw problem
    }

    /// What follows a backslash.
    private mutating func escape() throws(Problem) -> [UInt8] {
      guard let byte = ahead else { throw problem }
      place += 1
      switch byte {
      case UInt8(ascii: "n"): return [0x0A]
      case UInt8(ascii: "t"): return [0x09]
      case UInt8(ascii: "r"): return [0x0D]
      case UInt8(ascii: "b"): return [0x08]
      case UInt8(ascii: "f"): return [0x0C]
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
      case UInt8(ascii: "u"):
        var units = [try unit()]
        if UTF16.isLeadSurrogate(units[0]) {
          guard take(word: "\\u") else { throw problem }
          units.append(try unit())
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw problem }
        return Array(text.utf8)
      default: throw problem
      }
    }

    private mutating func unit() throws(Problem) -> UInt16 {
      guard place + 4 <= bytes.count,
        let unit = UInt16(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16)
      else { throw problem }
      place += 4
      return unit
    }
  }
}

extension OrderedJSON: CustomStringConvertible {
  /// JSON text on one line.
  package var description: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let value): text += Int(exactly: value).map(String.init) ?? "\(value)"
    case .string(let value): Self.write(value, to: &text)
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        element.write(to: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        Self.write(member.name, to: &text)
        text += ":"
        member.value.write(to: &text)
      }
      text += "}"
    }
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
