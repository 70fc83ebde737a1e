import Foundation
import TensorCore
import Testing

@Suite("The public function of every op")
struct DocumentationTests {
  /// What an op is called where its name is not its function's.
  static let functions: [String: String] = [
    "creation": "full", "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "negate": "-", "add scalar": "+",
    "subtract scalar": "-", "multiply scalar": "*", "divide scalar": "/", "equal": ".==", "notEqual": ".!=",
    "less": ".<",
    "lessOrEqual": ".<=", "greater": ".>", "greaterOrEqual": ".>=", "and": ".&", "or": ".|", "xor": ".^", "not": ".!",
    "power scalar": "power", "gelu by tanh": "gelu", "cumulativeProduct with zeros": "cumulativeProduct",
    "scattered, combining": "scattered", "resized, antialiased": "resized", "lstm, projected": "lstm",
    "padded by continuation": "padded", "where": "`where`",
    "subscript": "subscript",
    "subscript assignment": "subscript",
  ]

  @Test("has a comment that says what it computes")
  func commented() throws {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = package.appending(path: "Sources/TensorCore/Ops")
    let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    var documented: Set<String> = []
    for path in paths where path.hasSuffix(".swift") {
      var previous: Substring = ""
      for line in try String(contentsOf: folder.appending(path: path), encoding: .utf8).split(separator: "\n") {
        let code = line.drop { $0 == " " }
        if let found = code.firstMatch(of: /^public (?:static )?(?:prefix )?(?:func )?(\w+|`\w+`|[^ \w(]+)/),
          previous.hasPrefix("///")
        {
          documented.insert(String(found.output.1))
        }
        previous = code
      }
    }
    let missing = Op.registry.map(\.name).filter { !documented.contains(Self.functions[$0] ?? $0) }
    #expect(missing.isEmpty, "without a comment: \(missing)")
  }

  @Test("is described by a formula", arguments: Op.registry)
  func formula(_ op: Op) { #expect(!op.formula.isEmpty && !op.samples.isEmpty) }
}
