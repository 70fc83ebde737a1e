import Applications
import Foundation
import FoundationXML

/// A page as a parser of XML reads it, which accepts no tag that is not closed and no character that is not escaped.
struct ParsedPage {
  let html: String
  let root: XMLElement

  init(_ page: ResultPage) throws {
    html = page.html
    let document = try XMLDocument(data: Data(html.utf8))
    guard let root = document.rootElement() else { throw CocoaError(.fileReadCorruptFile) }
    self.root = root
  }

  func elements(_ path: String) throws -> [XMLElement] {
    try root.nodes(forXPath: path).compactMap { $0 as? XMLElement }
  }
  func texts(_ path: String) throws -> [String] { try elements(path).map { $0.stringValue ?? "" } }
  func attributes(_ name: String) throws -> [String] {
    try root.nodes(forXPath: "//@\(name)").map { $0.stringValue ?? "" }
  }

  /// The bytes of the pictures in the page.
  func pictures() throws -> [[UInt8]] {
    try attributes("src").map { source in
      let start = "data:image/png;base64,"
      guard source.hasPrefix(start), let data = Data(base64Encoded: String(source.dropFirst(start.count))) else {
        throw CocoaError(.fileReadCorruptFile)
      }
      return [UInt8](data)
    }
  }
}
