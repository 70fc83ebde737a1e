import Testing

@Suite("A source file")
struct HabitTests {
  @Test("holds one idea: it has fewer than 500 lines")
  func length() {
    #expect(House.sources.count > 100)
    for source in House.sources {
      #expect(source.lines.count < 500, "\(source.path) has \(source.lines.count) lines")
    }
  }

  // `x!`, `f()!`, `a[0]!`, `try!`, `as!`, and types like `Int!`.
  @Test("forces nothing")
  func force() {
    let forced = /[\w\])}?>]!(?!=)/
    for source in House.swift {
      for (index, line) in source.codeLines.enumerated() where line.contains("!") && line.firstMatch(of: forced) != nil
      {
        Issue.record("\(source.path):\(index + 1) forces: \(source.lines[index])")
      }
    }
  }

  @Test("gives the reason beside every `@unchecked Sendable`")
  func sendable() {
    for source in House.swift {
      let lines = source.lines
      for (index, code) in source.codeLines.enumerated() where code.contains("@unchecked Sendable") {
        // The comment that stands above the declaration and its attributes, or at the end of the line.
        let above = lines[..<index].reversed().prefix { line in
          let start = line.drop { $0 == " " }
          return start.hasPrefix("//") || start.hasPrefix("@")
        }
        let comments = above.map(String.init) + [String(lines[index].dropFirst(code.count))]
        #expect(comments.contains { $0.contains("unchecked Sendable") }, "\(source.path):\(index + 1)")
      }
    }
  }

  @Test("leaves nothing for later")
  func later() {
    for source in House.sources {
      for mark in ["TODO", "FIXME", "XXX"] { #expect(!source.text.contains(mark), "\(source.path) has a \(mark)") }
    }
  }
}
