internal import SwiftSyntax

/// Later cells see what a cell imports, unless the import is private.
enum Imports {
  static func edit(_ cell: ParsedCell, _ edits: inout EditList) {
    for item in cell.items {
      guard let importing = item.declaration?.as(ImportDeclSyntax.self), !importing.modifiers.isPrivate else {
        continue
      }
      let attributes = importing.attributes.trimmedDescription
      if attributes.contains("@_exported") || attributes.contains("@_implementationOnly") { continue }
      edits.insert("@_exported ", before: importing)
      if let access = importing.modifiers.access, !importing.modifiers.has(.public) {
        edits.replace(access, with: "public")
      }
    }
  }
}
