import Foundation

/// The house of `docs/design.md`: its sources, and which target lives on which floor.
struct House {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Targets that help to build the house and are no part of it: they import nothing of it, and nothing imports them.
  static let tools: Set = ["ExampleExtractor"]

  /// Floors by target, from the table of the design: rows of `| floor | targets | what they hold |`.
  static func floors() throws -> [String: Int] {
    let design = try String(contentsOf: root.appending(path: "docs/design.md"), encoding: .utf8)
    var floors: [String: Int] = [:]
    for line in design.split(separator: "\n") where line.hasPrefix("|") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count >= 3, let floor = Int(cells[0]) else { continue }
      for name in cells[1].matches(of: /`([^`]+)`/) { floors[String(name.output.1)] = floor }
    }
    return floors
  }

  /// The targets in `Sources`, by folder.
  static func targets() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Sources").path).filter {
      !$0.hasPrefix(".")
    }.sorted()
  }

  /// All Swift and C files in `Sources`.
  static let sources: [SourceFile] = {
    let folder = root.appending(path: "Sources").resolvingSymlinksInPath()
    let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return paths.filter { $0.hasSuffix(".swift") || $0.hasSuffix(".c") || $0.hasSuffix(".h") }.sorted().compactMap {
      path in
      guard let text = try? String(contentsOf: folder.appending(path: path), encoding: .utf8) else { return nil }
      return SourceFile(path: path, text: text)
    }
  }()

  static var swift: [SourceFile] { sources.filter { $0.path.hasSuffix(".swift") } }
}
