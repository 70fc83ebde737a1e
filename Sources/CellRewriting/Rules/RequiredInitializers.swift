internal import SwiftSyntax

/// A public property wrapper must have public initialisers, and so must a public type whose protocol asks for one. Where Swift would write
/// them itself, internal ones, they are spelled out.
enum RequiredInitializers {
  private static let protocols: Set = ["OptionSet", "RawRepresentable"]

  static func edit(_ cell: ParsedCell, _ edits: inout EditList) {
    for declaration in cell.items.compactMap(\.declaration) { edit(declaration, &edits) }
  }

  private static func edit(_ declaration: DeclSyntax, _ edits: inout EditList) {
    if let structure = declaration.as(StructDeclSyntax.self), !structure.modifiers.isPrivate, asks(structure) {
      let text = initializers(of: structure.memberBlock.members.declarations)
      edits.insert(text.map { "\($0) " }.joined(), before: structure.memberBlock.rightBrace)
    }
    let members = declaration.asProtocol(DeclGroupSyntax.self)?.memberBlock.members.declarations ?? []
    for member in members { edit(member, &edits) }
  }

  private static func asks(_ structure: StructDeclSyntax) -> Bool {
    let hasOwn = structure.memberBlock.members.declarations.contains { $0.is(InitializerDeclSyntax.self) }
    let isWrapper = structure.attributes.contains { $0.trimmedDescription == "@propertyWrapper" }
    let types = structure.inheritanceClause?.inheritedTypes.map(\.type.trimmedDescription) ?? []
    return !hasOwn && (isWrapper || !protocols.isDisjoint(with: types))
  }

  /// One with the stored properties whose types are written down, and one without any if all have values.
  private static func initializers(of members: [DeclSyntax]) -> [String] {
    let stored = members.compactMap { $0.as(VariableDeclSyntax.self) }.filter { !$0.modifiers.has(.static) }
    var parameters: [(name: String, declaration: String)] = []
    var allHaveValues = true
    for variable in stored {
      for binding in variable.bindings where binding.accessorBlock == nil {
        let isConstant = variable.bindingSpecifier.tokenKind == .keyword(.let)
        let type = binding.typeAnnotation?.type
        let isOptional = type?.is(OptionalTypeSyntax.self) == true && !isConstant
        let hasValue = binding.initializer != nil || isOptional
        allHaveValues = allHaveValues && hasValue
        // Outsiders neither see a private property nor change a constant.
        guard let type, !(hasValue && (isConstant || variable.modifiers.isPrivate)) else { continue }
        let isFunction = (type.as(AttributedTypeSyntax.self)?.baseType ?? type).is(FunctionTypeSyntax.self)
        let value = binding.initializer?.value.trimmedDescription ?? (isOptional ? "nil" : nil)
        let name = binding.pattern.trimmedDescription
        let attribute = isFunction ? "@escaping " : ""
        let declaration = "\(name): \(attribute)\(type.trimmedDescription)\(value.map { " = \($0)" } ?? "")"
        parameters.append((name, declaration))
      }
    }
    var initializers: [String] = []
    if allHaveValues { initializers.append("; public init() {}") }
    if !parameters.isEmpty {
      let assignments = parameters.map { "self.\($0.name) = \($0.name)" }.joined(separator: "; ")
      let declarations = parameters.map(\.declaration).joined(separator: ", ")
      initializers.append("; public init(\(declarations)) { \(assignments) }")
    }
    // A value of several lines would shift all lines below.
    return initializers.contains { $0.contains("\n") } ? [] : initializers
  }
}
