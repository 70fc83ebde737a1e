import NotebookDisplay

/// HTML that is well-formed by construction, as XML too: texts and attributes are escaped, and what is opened is closed.
struct Markup {
  private(set) var html: String

  private init(html: String) { self.html = html }

  /// What is shown as it stands. Characters that no HTML may hold become U+FFFD.
  static func text(_ text: String) -> Markup { Markup(html: text.printable.escapedForHTML) }

  /// A style sheet of our own, which holds no `<` and no `&`.
  static func style(_ sheet: StaticString) -> Markup { Markup(html: "<style>\n\(sheet)</style>\n") }

  static func element(_ name: String, _ children: [Markup]) -> Markup { element(name, [:], children) }

  static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String>, _ children: [Markup]
  ) -> Markup {
    var html = "<\(name)"
    for (key, value) in attributes { html += " \(key)=\"\(value.printable.escapedForHTML)\"" }
    if voids.contains(name) { return Markup(html: html + "/>") }
    html += ">"
    for child in children { html += child.html }
    return Markup(html: html + "</\(name)>" + (blocks.contains(name) ? "\n" : ""))
  }

  private static let voids: Set = ["meta", "img"]
  /// Those after which a line ends in the file.
  private static let blocks: Set = [
    "title", "head", "header", "section", "h1", "h2", "p", "pre", "tr", "figure", "svg", "table", "details", "dl",
    "main",
  ]
}

extension String {
  /// Without control characters and the like, which HTML and XML do not hold.
  fileprivate var printable: String {
    let scalars = unicodeScalars.map { scalar -> Unicode.Scalar in
      switch scalar.value {
      case 0x09, 0x0A, 0x0D: scalar
      case ..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: "\u{FFFD}"
      default: scalar
      }
    }
    return String(String.UnicodeScalarView(scalars))
  }
}

extension Double {
  /// For coordinates and styles: no trailing zeros, no "-0".
  func decimal(_ places: Int) -> String {
    var text = formatted(decimals: places)
    if text.contains(".") {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    return text
  }
}
