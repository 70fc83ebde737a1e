/// One statement of an example: the lines up to where its brackets close, and what it is expected to show.
struct Statement {
  /// Where it begins.
  let line: Int
  let code: String
  /// The text behind `// →`, which `String(describing:)` is to give.
  let expected: String?

  /// An example's statements. Text that goes on over several lines is written as `//   …`, its lines below the first one:
  ///
  ///     x  // → [[1, 2],
  ///     //      [3, 4]]
  static func all(in example: Example) -> [Statement] {
    var statements: [Statement] = []
    var pending: [String] = []
    var start = 0
    var depth = 0
    var shown: (line: Int, code: String, lines: [String])?

    func finish() {
      guard let last = shown else { return }
      statements.append(Statement(line: last.line, code: last.code, expected: last.lines.joined(separator: "\n")))
      shown = nil
    }

    for (position, (number, text)) in example.lines.enumerated() {
      let trimmed = text.trimmed
      if shown != nil, trimmed.hasPrefix("//   ") {
        shown?.lines.append(String(trimmed.dropFirst(5)))
        continue
      }
      finish()
      let scanned = Scanned(text)
      if pending.isEmpty {
        // The generated file imports every module already.
        if scanned.code.trimmed.isEmpty || trimmed.hasPrefix("//") || trimmed.hasPrefix("import ") { continue }
        start = number
      }
      pending.append(scanned.arrow == nil ? text : scanned.code)
      depth += scanned.depth
      let goesOn =
        example.lines[(position + 1)...].first.map {
          $0.text.trimmed.hasPrefix(".") && !$0.text.trimmed.hasPrefix(".!")
        } ?? false
      if depth > 0 || (goesOn && scanned.arrow == nil) { continue }
      let code = pending.joined(separator: "\n")
      if let arrow = scanned.arrow {
        shown = (start, code.trimmed, [arrow])
      } else {
        statements.append(Statement(line: start, code: code, expected: nil))
      }
      pending = []
      depth = 0
    }
    finish()
    if !pending.isEmpty {
      statements.append(Statement(line: start, code: pending.joined(separator: "\n"), expected: nil))
    }
    return statements
  }

  /// The names that `let` or `var` declares here.
  var declared: [String] {
    guard
      let rest = ["let ", "var "].first(where: { code.trimmed.hasPrefix($0) }).map({ code.trimmed.dropFirst($0.count) })
    else { return [] }
    let pattern = rest.prefix { $0 != "=" && $0 != ":" }
    return pattern.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init).filter { $0 != "_" }
  }

  /// Whether it is an expression, whose value would otherwise be unused.
  var isExpression: Bool {
    let keywords: Set = [
      "let", "var", "func", "struct", "class", "final", "enum", "actor", "typealias", "for", "if", "while", "guard",
      "switch", "repeat", "do",
      "return", "defer", "throw", "extension", "protocol", "infix", "prefix", "nonisolated", "}",
    ]
    let first = code.trimmed.prefix { $0.isLetter || $0 == "}" }
    if keywords.contains(String(first)) || code.trimmed.hasPrefix("@") || code.trimmed.hasPrefix("#") { return false }
    return !Scanned(code).assigns
  }
}

/// A line of code, looked at with strings and comments left out.
struct Scanned {
  /// Without its `// → …`.
  private(set) var code = ""
  private(set) var arrow: String?
  /// Brackets opened less brackets closed.
  private(set) var depth = 0
  /// Whether `=`, `+=` or the like stands outside all brackets.
  private(set) var assigns = false

  init(_ text: String) {
    var inString = false
    var previous: Character = " "
    var word = ""
    var rest = text[...]
    while let character = rest.first {
      if !inString, rest.hasPrefix("//") {
        let comment = String(rest.dropFirst(2).prefix { $0 != "\n" }).trimmed
        if comment.hasPrefix("→") {
          arrow = String(comment.dropFirst()).trimmed
          return
        }
        code += rest.prefix { $0 != "\n" }
        rest = rest.drop { $0 != "\n" }
        continue
      }
      if character == "\"", previous != "\\" { inString.toggle() }
      if !inString {
        if "([{".contains(character) { depth += 1 }
        if ")]}".contains(character) { depth -= 1 }
        if character.isWhitespace {
          if depth == 0, ["=", "+=", "-=", "*=", "/="].contains(word) { assigns = true }
          word = ""
        } else {
          word.append(character)
        }
      }
      code.append(character)
      previous = character
      rest = rest.dropFirst()
    }
  }
}
