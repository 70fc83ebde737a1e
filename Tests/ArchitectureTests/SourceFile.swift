/// A file of `Sources`.
struct SourceFile: Sendable {
  /// Below `Sources`: `TensorCore/Tape/Node.swift`.
  let path: String
  let text: String
  /// The lines with comments and the texts of strings left out, so that what is found in them is code.
  let codeLines: [String]

  init(path: String, text: String) {
    self.path = path
    self.text = text
    codeLines = SourceFile.code(of: text)
  }

  var target: String { String(path.prefix { $0 != "/" }) }
  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  private static func code(of text: String) -> [String] {
    var code = ""
    var rest = text[...]
    // What we are in, innermost last.
    var stack: [Context] = []
    while let character = rest.first {
      switch stack.last {
      case .string(let delimiter):
        if rest.hasPrefix(delimiter) {
          stack.removeLast()
          rest = rest.dropFirst(delimiter.count)
          continue
        }
        if rest.hasPrefix("\\(") {
          stack.append(.interpolation(depth: 0))
          rest = rest.dropFirst(2)
          continue
        }
        if character == "\n" { code.append("\n") }
        rest = rest.dropFirst(character == "\\" ? 2 : 1)
        continue
      case .interpolation(let depth):
        if character == ")", depth == 0 {
          stack.removeLast()
          rest = rest.dropFirst()
          continue
        }
        if character == "(" { stack[stack.count - 1] = .interpolation(depth: depth + 1) }
        if character == ")" { stack[stack.count - 1] = .interpolation(depth: depth - 1) }
      case nil: break
      }
      if rest.hasPrefix("//") {
        rest = rest.drop { $0 != "\n" }
      } else if rest.hasPrefix("/*") {
        let comment = rest.firstRange(of: "*/").map { rest[..<$0.upperBound] } ?? rest
        code += comment.filter { $0 == "\n" }
        rest = rest[comment.endIndex...]
      } else if rest.hasPrefix("\"\"\"") {
        stack.append(.string(delimiter: "\"\"\""))
        rest = rest.dropFirst(3)
      } else if character == "\"" {
        stack.append(.string(delimiter: "\""))
        rest = rest.dropFirst()
      } else {
        code.append(character)
        rest = rest.dropFirst()
      }
    }
    return code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private enum Context {
    case string(delimiter: String)
    case interpolation(depth: Int)
  }

  /// The modules that it imports, or, in C, the targets whose headers it includes.
  var imports: [String] {
    if !path.hasSuffix(".swift") {
      let includes = lines.filter { $0.hasPrefix("#include \"") }
      return includes.compactMap { $0.firstMatch(of: /"(\w+)\.h"/) }.map { String($0.output.1) }
    }
    // `import Foundation`, `@testable import TensorCore`, `public import struct TensorCore.Tensor`.
    return codeLines.filter { $0.contains("import ") }.compactMap { line in
      let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
      guard let place = words.firstIndex(of: "import") else { return nil }
      let kinds: Set<Substring> = ["struct", "class", "enum", "func", "protocol", "typealias", "let", "var"]
      return words[(place + 1)...].first { !kinds.contains($0) }.map(String.init)
    }
  }
}
