import Foundation

// Markdown as a notebook, in either of two styles that jupytext reads as well.
//
// MyST (https://myst-nb.readthedocs.io, "Text-based Notebooks"): the cells are fences with the directive `{code-cell}`, whose first lines
// may be options, and other Swift is for reading only:        Plain: fences of Swift are the cells, but for those marked `.noeval`:
//
//     ```{code-cell} swift                                        ```swift tags=["raises-exception"]
//     :tags: [raises-exception]                                   let a = [1, 2][3]
//     let a = [1, 2][3]                                           ```
//     ```
//
// A line of `+++` ends a cell of text. Notebooks with a `{code-cell}` are in the first style.

extension NotebookDocument {
  init(markdown text: String, file: String) throws(NotebookFileError) {
    var reader = MarkdownReader(text: text, file: file)
    cells = try reader.read()
  }
}

private struct MarkdownReader {
  private let lines: [Substring]
  private let file: String
  private let isMyST: Bool
  private var cells: [NotebookDocument.Cell] = []
  private var prose: (lines: [Substring], start: Int) = ([], 1)

  init(text: String, file: String) {
    lines = text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
    self.file = file
    isMyST = lines.contains { Fence(opening: $0)?.info.hasPrefix("{code-cell}") == true }
  }

  mutating func read() throws(NotebookFileError) -> [NotebookDocument.Cell] {
    var index = try endOfFrontMatter()
    prose.start = index + 1
    while index < lines.count {
      let line = lines[index]
      if line == "+++" || line.hasPrefix("+++ ") {
        finishProse(nextAt: index + 2)
        index += 1
      } else if let fence = Fence(opening: line) {
        guard let end = lines[(index + 1)...].firstIndex(where: { fence.isClosed(by: $0) }) else {
          throw NotebookFileError(file: file, line: index + 1, problem: "the fence \(fence.mark) is never closed")
        }
        if let tags = tagsOfCell(fence) {
          finishProse(nextAt: end + 2)
          add(lines[(index + 1)..<end], tags: tags, at: index + 2)
        } else {
          prose.lines += lines[index...end]
        }
        index = end + 1
      } else {
        prose.lines.append(line)
        index += 1
      }
    }
    finishProse(nextAt: index)
    return cells
  }

  /// The lines of YAML between `---` at the start.
  private func endOfFrontMatter() throws(NotebookFileError) -> Int {
    guard lines.first == "---" else { return 0 }
    guard let end = lines.dropFirst().firstIndex(of: "---") else {
      throw NotebookFileError(file: file, line: 1, problem: "the front matter that `---` opens is never closed")
    }
    return end + 1
  }

  /// nil: the fence is no cell.
  private func tagsOfCell(_ fence: Fence) -> [String]? {
    if isMyST { return fence.info.hasPrefix("{code-cell}") ? [] : nil }
    let words = fence.info.split(separator: " ", maxSplits: 1)
    guard words.first == "swift", !fence.info.contains(".noeval") else { return nil }
    let list = words.dropFirst().first.flatMap { $0.firstMatch(of: /tags=\[(.*?)\]/) }
    return list.map { Self.names(in: $0.output.1) } ?? []
  }

  private mutating func add(_ lines: ArraySlice<Substring>, tags: [String], at line: Int) {
    var (rest, tags) = (lines, tags)
    // MyST's options, either `:tags: [a, b]` or YAML between `---`.
    if isMyST, rest.first == "---", let end = rest.dropFirst().firstIndex(of: "---") {
      tags += rest[rest.index(after: rest.startIndex)..<end].flatMap(Self.tags)
      rest = rest[(end + 1)...]
    }
    while isMyST, let option = rest.first, option.hasPrefix(":") {
      tags += Self.tags(in: option.dropFirst())
      rest = rest.dropFirst()
    }
    while rest.first?.allSatisfy(\.isWhitespace) == true { rest = rest.dropFirst() }
    cells.append(
      NotebookDocument.Cell(
        kind: .code, source: rest.joined(separator: "\n"), tags: tags, line: line + rest.startIndex - lines.startIndex))
  }

  private mutating func finishProse(nextAt line: Int) {
    let isEmpty = { (line: Substring) in line.allSatisfy(\.isWhitespace) }
    let blank = prose.lines.prefix(while: isEmpty).count
    let text = prose.lines.dropFirst(blank).reversed().drop(while: isEmpty).reversed()
    if !text.isEmpty {
      cells.append(
        NotebookDocument.Cell(
          kind: .markdown, source: text.joined(separator: "\n"), line: prose.start + blank))
    }
    prose = ([], line)
  }

  /// Of `tags: [a, "b"]`.
  private static func tags(in option: Substring) -> [String] {
    option.wholeMatch(of: /tags:\s*\[(.*)\]\s*/).map { names(in: $0.output.1) } ?? []
  }

  private static func names(in list: Substring) -> [String] {
    list.split(separator: ",").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " \"'")) }
  }
}

/// A fence of code (CommonMark 0.31, section 4.5).
private struct Fence {
  let mark: Substring
  let info: String

  init?(opening line: Substring) {
    let indented = line.drop { $0 == " " }
    guard line.count - indented.count < 4, let first = indented.first, first == "`" || first == "~" else { return nil }
    mark = indented.prefix { $0 == first }
    info = indented.dropFirst(mark.count).trimmingCharacters(in: .whitespaces)
    if mark.count < 3 || (first == "`" && info.contains("`")) { return nil }
  }

  func isClosed(by line: Substring) -> Bool {
    let text = line.trimmingCharacters(in: .whitespaces)
    return text.count >= mark.count && text.allSatisfy { $0 == mark.first }
  }
}
