/// The generated file: a suite with one test function per example.
struct TestFile {
  let name: String
  let modules: [String]
  let root: String

  func text(of examples: [Example]) -> String {
    var lines = ["// Generated from examples in the documentation.", "import Foundation", "import Testing"]
    lines += modules.map { "import \($0)" }
    lines += ["", "@Suite(\"The examples in \(name)\")", "struct \(name)Examples {"]
    for example in examples { lines += function(of: example) }
    lines += ["}", ""]
    return lines.joined(separator: "\n")
  }

  private func function(of example: Example) -> [String] {
    let relative = example.path.hasPrefix(root + "/") ? String(example.path.dropFirst(root.count + 1)) : example.path
    let identifier = String(relative.map { $0.isLetter || $0.isNumber ? $0 : "_" })
    var lines = ["", "@Test(\"\(relative):\(example.line)\") func \(identifier)_\(example.line)() async throws {"]
    let statements = Statement.all(in: example)
    for (index, statement) in statements.enumerated() {
      let place = "\(quoted(relative)), \(statement.line)"
      lines.append("// \(relative):\(statement.line)")
      if let expected = statement.expected {
        var shown = "shown\(index)"
        if let declared = statement.declared.first {
          lines.append(statement.code)
          shown = declared
        } else {
          lines.append("let \(shown) = \(statement.code)")
        }
        lines.append("expect(\(shown), shows: \(quoted(expected)), \(place))")
      } else if statement.isExpression {
        lines.append("unused(\(statement.code.trimmed)\n)")
      } else {
        lines.append(statement.code)
        // A value that the example only shows how to make.
        let rest = statements[(index + 1)...].map(\.code).joined(separator: "\n")
        lines += statement.declared.filter { !rest.contains($0) }.map { "unused(\($0))" }
      }
    }
    lines.append("}")
    return lines
  }

  private func quoted(_ text: String) -> String {
    let escaped = text.map { character in
      switch character {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      default: String(character)
      }
    }
    return "\"\(escaped.joined())\""
  }
}
