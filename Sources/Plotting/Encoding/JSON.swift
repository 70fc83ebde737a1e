/// A JSON value, written with its keys in alphabetical order, so that equal charts are equal texts.
enum JSON: Sendable, Hashable {
  case null
  case bool(Bool)
  case number(Double)
  case text(String)
  case array([JSON])
  case object([String: JSON])

  var encoded: String {
    var text = ""
    encode(into: &text)
    return text
  }

  private func encode(into text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let value): text += JSON.encoded(value)
    case .text(let value): JSON.encode(value, into: &text)
    case .array(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        value.encode(into: &text)
      }
      text += "]"
    case .object(let entries):
      text += "{"
      for (index, key) in entries.keys.sorted().enumerated() {
        if index > 0 { text += "," }
        JSON.encode(key, into: &text)
        text += ":"
        entries[key]?.encode(into: &text)
      }
      text += "}"
    }
  }

  /// JSON has neither NaN nor infinities: they are null, which Vega-Lite leaves out of the picture.
  private static func encoded(_ value: Double) -> String {
    if !value.isFinite { return "null" }
    return value == value.rounded() && value.magnitude < 1e15 ? String(Int(value)) : value.description
  }

  /// RFC 8259, section 7. `<` is escaped as well, so that the text can stand in a page's script.
  private static func encode(_ value: String, into text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "<", "\u{2028}", "\u{2029}", "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  /// The entries of both objects, and of the objects in them; where both have one, `other`'s.
  func merging(_ other: JSON) -> JSON {
    guard case .object(let own) = self, case .object(let others) = other else { return other }
    return .object(own.merging(others) { $0.merging($1) })
  }

  subscript(key: String) -> JSON? {
    get { if case .object(let entries) = self { entries[key] } else { nil } }
    set {
      guard case .object(var entries) = self else { return }
      entries[key] = newValue
      self = .object(entries)
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  init(stringLiteral value: String) { self = .text(value) }
  init(floatLiteral value: Double) { self = .number(value) }
  init(integerLiteral value: Int) { self = .number(Double(value)) }
  init(booleanLiteral value: Bool) { self = .bool(value) }
  init(arrayLiteral elements: JSON...) { self = .array(elements) }
  init(dictionaryLiteral elements: (String, JSON)...) { self = .object(Dictionary(uniqueKeysWithValues: elements)) }
  init(nilLiteral: ()) { self = .null }

  init(_ value: Int) { self = .number(Double(value)) }
  init(_ texts: [String]) { self = .array(texts.map { .text($0) }) }
}
