/// A regular expression of Oniguruma's, as Ruby writes them.
struct OnigurumaExpression {
  private var rest: ArraySlice<Unicode.Scalar>
  private var result = ""
  /// How many brackets are open.
  private var brackets = 0
  /// For each open group, whether its dots match line feeds.
  private var dotsMatchAll = [false]

  init(_ source: String) { rest = Scalars(source.unicodeScalars)[...] }

  /// The same for ICU: whose `\s` leaves out two characters that are white space; whose `\h` is horizontal space and no hexadecimal digit; whose `(?m)`
  /// is about `^` and `$`, and whose dot takes `\r\n` at once where it matches line feeds.
  var icu: String {
    var expression = self
    while let scalar = expression.rest.popFirst() { expression.translate(scalar) }
    return expression.result
  }

  private mutating func translate(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\\":
      translateEscape()
      return
    case "[": brackets += 1
    case "]" where brackets > 0: brackets -= 1
    case _ where brackets > 0: break
    case "." where dotsMatchAll.last == true:
      result += "[\\s\\S]"
      return
    case "(":
      translateGroup()
      return
    case ")" where dotsMatchAll.count > 1: dotsMatchAll.removeLast()
    default: break
    }
    result.unicodeScalars.append(scalar)
  }

  private mutating func translateEscape() {
    switch rest.popFirst() {
    case "s": result += "\\p{White_Space}"
    case "S": result += "\\P{White_Space}"
    case "h": result += "[0-9A-Fa-f]"
    case "H": result += "[^0-9A-Fa-f]"
    case let scalar?: result += "\\" + String(scalar)
    case nil: result += "\\"
    }
  }

  /// A group's beginning, with its options: `(?im-x:`, or `(?im-x)` for the rest of the group around it.
  private mutating func translateGroup() {
    let options = rest.first == "?" ? rest.dropFirst().prefix { "imsx-".unicodeScalars.contains($0) } : []
    let end = rest.dropFirst(options.count + 1).first
    guard !options.isEmpty, end == ":" || end == ")" else {
      dotsMatchAll.append(dotsMatchAll.last == true)
      result += "("
      return
    }
    rest = rest.dropFirst(options.count + 2)
    if end == ":" { dotsMatchAll.append(dotsMatchAll.last == true) }
    if let place = options.firstIndex(of: "m") {
      dotsMatchAll[dotsMatchAll.count - 1] = !options[..<place].contains("-")
    }
    var others = options.filter { $0 != "m" }
    if others.last == "-" { others.removeLast() }
    if end == ":" {
      result += "(?\(String(others)):"
    } else if !others.isEmpty {
      result += "(?\(String(others)))"
    }
  }
}
