/// The code of one fence, with the place it comes from.
struct Example {
  let path: String
  let lines: [(number: Int, text: String)]

  /// The line after the fence.
  var line: Int { lines.first?.number ?? 0 }

  /// The fences marked `swift` in a text: in `///` comments, or in Markdown anywhere.
  static func all(in text: String, path: String, isMarkdown: Bool) -> [Example] {
    var examples: [Example] = []
    var open: [(number: Int, text: String)]?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard let content = isMarkdown ? String(line) : comment(String(line)) else {
        open = nil  // A comment ended before its fence did.
        continue
      }
      let trimmed = content.trimmed
      if let lines = open {
        if trimmed == "```" {
          examples.append(Example(path: path, lines: lines))
          open = nil
        } else {
          open?.append((index + 1, content))
        }
      } else if trimmed == "```swift" {
        open = []
      }
    }
    return examples.filter { !$0.lines.isEmpty }
  }

  /// What stands behind `///`, or nil.
  private static func comment(_ line: String) -> String? {
    let trimmed = line.trimmed
    guard trimmed.hasPrefix("///") else { return nil }
    let text = trimmed.dropFirst(3)
    return String(text.hasPrefix(" ") ? text.dropFirst() : text)
  }
}

extension String {
  /// Without the spaces at both ends.
  var trimmed: String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
