import NotebookDisplay

/// What the language server says of a name, in Markdown: JupyterLab draws it, with the code in colours.
enum Explanation {
  /// From the answer to `textDocument/hover`.
  static func hover(_ result: JSON) -> String? {
    guard let text = result["contents"]?["value"]?.string else { return nil }
    let heading = "## Multiple results\n\n"
    return text.hasPrefix(heading) ? String(text.dropFirst(heading.count)) : text
  }

  /// From the answer to `textDocument/signatureHelp`: the ways to call a function, the fitting ones first.
  static func signatures(_ result: JSON) -> String? {
    let all = result["signatures"]?.array ?? []
    let active = result["activeSignature"]?.integer ?? 0
    let sorted = all.indices.sorted { ($0 != active ? 1 : 0, $0) < ($1 != active ? 1 : 0, $1) }.map { all[$0] }
    let sections = sorted.compactMap { signature -> String? in
      guard let label = signature["label"]?.string else { return nil }
      let documentation = signature["documentation"]?["value"]?.string ?? ""
      return "```swift\n\(label)\n```\n\n\(documentation)"
    }
    return sections.isEmpty ? nil : sections.joined(separator: "\n\n---\n\n")
  }

  /// Whether a constructor is among the ways.
  static func makesValue(_ signatures: String) -> Bool { signatures.hasPrefix("```swift\ninit") }

  /// The name of a variable that nothing but its type is said of.
  static func bareVariable(_ markdown: String) -> String? {
    let lines = markdown.split(separator: "\n")
    guard lines.count == 3, lines[0] == "```swift", lines[2] == "```" else { return nil }
    return lines[1].firstMatch(of: /\b(?:var|let) ([^:\s]+):/).map { String($0.output.1) }
  }

  /// Both for those who draw Markdown and for those who print.
  static func bundle(_ markdown: String) -> MimeBundle {
    var lines: [Substring] = []
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") || line == "---" || (line.isEmpty && lines.last?.isEmpty ?? true) { continue }
      lines.append(line)
    }
    while lines.last?.isEmpty ?? false { lines.removeLast() }
    return MimeBundle(text: lines.joined(separator: "\n"), ["text/markdown": .text(markdown)])
  }
}
