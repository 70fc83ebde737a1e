internal import SwiftSyntax

extension DeclModifierListSyntax {
  func has(_ keyword: Keyword) -> Bool { contains { $0.name.tokenKind == .keyword(keyword) && $0.detail == nil } }

  var isPrivate: Bool { has(.private) || has(.fileprivate) }

  /// `internal` as it is meant for the declaration, and not for its setter.
  var access: DeclModifierSyntax? {
    let levels: [Keyword] = [.private, .fileprivate, .internal, .package, .public, .open]
    return first { modifier in modifier.detail == nil && levels.contains { modifier.name.tokenKind == .keyword($0) } }
  }
}

/// What all declarations of types have.
struct TypeDeclaration {
  enum Kind { case structure, `class`, actor, enumeration, `protocol` }

  let kind: Kind
  let name: TokenSyntax
  let attributes: AttributeListSyntax
  let modifiers: DeclModifierListSyntax
  let introducer: TokenSyntax
  let members: MemberBlockItemListSyntax

  init?(_ declaration: DeclSyntax) {
    if let type = declaration.as(StructDeclSyntax.self) {
      self.init(.structure, type, type.name, type.structKeyword)
    } else if let type = declaration.as(ClassDeclSyntax.self) {
      self.init(.class, type, type.name, type.classKeyword)
    } else if let type = declaration.as(ActorDeclSyntax.self) {
      self.init(.actor, type, type.name, type.actorKeyword)
    } else if let type = declaration.as(EnumDeclSyntax.self) {
      self.init(.enumeration, type, type.name, type.enumKeyword)
    } else if let type = declaration.as(ProtocolDeclSyntax.self) {
      self.init(.protocol, type, type.name, type.protocolKeyword)
    } else {
      return nil
    }
  }

  private init(_ kind: Kind, _ type: some DeclGroupSyntax, _ name: TokenSyntax, _ introducer: TokenSyntax) {
    self.kind = kind
    self.name = name
    self.introducer = introducer
    attributes = type.attributes
    modifiers = type.modifiers
    members = type.memberBlock.members
  }
}

extension MemberBlockItemListSyntax {
  /// The members, those in the clauses of `#if` among them.
  var declarations: [DeclSyntax] {
    flatMap { item -> [DeclSyntax] in
      guard let choice = item.decl.as(IfConfigDeclSyntax.self) else { return [item.decl] }
      return choice.clauses.flatMap { clause -> [DeclSyntax] in
        guard case .decls(let members)? = clause.elements else { return [] }
        return members.declarations
      }
    }
  }
}
