internal import SwiftSyntax

/// The initialisers that Swift writes for a type are internal, whatever the type is. A cell with such a type declares a marker, and later
/// cells import the marker alone as for tests: which opens those initialisers and no other name.
enum ImplicitInitializers {
  static func marker(of module: String) -> String { "__\(module)" }

  static func exist(in cell: ParsedCell) -> Bool { cell.items.compactMap(\.declaration).contains(where: exist) }

  private static func exist(in declaration: DeclSyntax) -> Bool {
    if let type = TypeDeclaration(declaration) {
      guard !type.modifiers.isPrivate else { return false }
      let members = type.members.declarations
      let isMade = [.structure, .class, .actor].contains(type.kind)
      return isMade && !members.contains { $0.is(InitializerDeclSyntax.self) } || members.contains(where: exist)
    }
    let members = declaration.as(ExtensionDeclSyntax.self)?.memberBlock.members.declarations ?? []
    return members.contains(where: exist)
  }
}
