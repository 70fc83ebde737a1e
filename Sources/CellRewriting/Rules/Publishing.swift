internal import SwiftSyntax

/// Later cells see what is public: declarations become so with all their members, and `open` where a class of a later cell may override
/// them. What is private stays it. Requirements of protocols, cases, operators and what stands in bodies have no access levels.
struct Publishing {
  private var edits: EditList
  /// The cell's own private types, whose extensions are theirs.
  private let privateTypes: Set<String>

  static func edit(_ cell: ParsedCell, _ edits: inout EditList) {
    let types = cell.items.compactMap { $0.declaration.flatMap(TypeDeclaration.init) }
    var publishing = Publishing(
      edits: edits, privateTypes: Set(types.filter { $0.modifiers.isPrivate }.map(\.name.name)))
    for declaration in cell.items.compactMap(\.declaration) { publishing.publish(declaration) }
    edits = publishing.edits
  }

  /// - Parameters:
  ///   - isOpen: it is a member that can be overridden.
  ///   - isObserved: it is a member of a type with a macro, such as `@Observable`, whose private copies of variables keep an `open`.
  private mutating func publish(_ declaration: DeclSyntax, isOpen: Bool = false, isObserved: Bool = false) {
    if let type = TypeDeclaration(declaration) {
      publish(type)
    } else if let widening = declaration.as(ExtensionDeclSyntax.self) {
      publish(widening)
    } else if let variable = declaration.as(VariableDeclSyntax.self) {
      let isConstant = variable.bindingSpecifier.tokenKind == .keyword(.let)
      publish(variable.modifiers, variable.bindingSpecifier, isOpen: isOpen && !isConstant && !isObserved)
    } else if let function = declaration.as(FunctionDeclSyntax.self) {
      publish(function.modifiers, function.funcKeyword, isOpen: isOpen)
    } else if let subscripting = declaration.as(SubscriptDeclSyntax.self) {
      publish(subscripting.modifiers, subscripting.subscriptKeyword, isOpen: isOpen)
    } else if let initializer = declaration.as(InitializerDeclSyntax.self) {
      publish(initializer.modifiers, initializer.initKeyword)
    } else if let alias = declaration.as(TypeAliasDeclSyntax.self) {
      publish(alias.modifiers, alias.typealiasKeyword)
    } else if let macro = declaration.as(MacroDeclSyntax.self) {
      publish(macro.modifiers, macro.macroKeyword)
    }
  }

  private mutating func publish(_ type: TypeDeclaration) {
    guard !type.modifiers.isPrivate else { return }
    let isOpen = type.kind == .class && !type.modifiers.has(.final)
    publish(type.modifiers, type.introducer, isOpen: isOpen)
    guard type.kind != .protocol else { return }
    let hasMacro = type.attributes.compactMap { $0.as(AttributeSyntax.self)?.attributeName.trimmedDescription }
      .contains { $0.first?.isUppercase == true && $0 != "MainActor" }
    for member in type.members.declarations { publish(member, isOpen: isOpen, isObserved: hasMacro) }
  }

  private mutating func publish(_ widening: ExtensionDeclSyntax) {
    let modifiers = widening.modifiers
    if modifiers.isPrivate || modifiers.has(.public) { return }
    if privateTypes.contains(widening.extendedType.trimmedDescription) { return }
    // An extension that adds a conformance may have no level of its own.
    if let access = modifiers.access { edits.replace(access, with: "") }
    for member in widening.memberBlock.members.declarations { publish(member) }
  }

  private mutating func publish(_ modifiers: DeclModifierListSyntax, _ introducer: TokenSyntax, isOpen: Bool = false) {
    let isFixed = modifiers.has(.static) || modifiers.has(.final)
    let level = isOpen && !isFixed ? "open" : "public"
    guard let access = modifiers.access else {
      if let first = modifiers.first {
        edits.insert("\(level) ", before: first)
      } else {
        edits.insert("\(level) ", before: introducer)
      }
      return
    }
    if !modifiers.isPrivate && access.name.text != level && !modifiers.has(.open) { edits.replace(access, with: level) }
  }
}
