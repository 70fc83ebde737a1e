internal import SwiftSyntax

/// What a cell declares for later ones. What is `private` stays its own.
package struct CellDeclarations: Sendable, Equatable {
  /// A stored variable at the top.
  package struct Variable: Sendable, Equatable {
    package let name: String
    package let isConstant: Bool
    /// As written down, if it was.
    let type: String?
    /// The statement after which it has a value, as an index of the cell's statements.
    let setBy: Int
    /// Whether it is known to have a value at the cell's end, and may be handed to a function there.
    let isRegistered: Bool
    let condition: String?
  }

  /// A conformance that an extension adds.
  package struct Conformance: Sendable, Equatable {
    package let type: String
    package let protocols: [String]
  }

  package internal(set) var variables: [Variable] = []
  /// Variables that are computed when they are asked for.
  package internal(set) var computedVariables: [String] = []
  package internal(set) var functions: [FunctionSignature] = []
  /// Structures, classes, actors, enumerations, protocols and names for types.
  package internal(set) var types: [String] = []
  package internal(set) var conformances: [Conformance] = []
  package internal(set) var operators: [String] = []
  package internal(set) var precedenceGroups: [String] = []
  package internal(set) var macros: [String] = []
  package internal(set) var imports: [String] = []
  /// Whether later cells could do without the cell: it has statements alone.
  package internal(set) var areNone = true
  /// Names that functions, closures and types of the cell mention.
  package internal(set) var namesInBodies: Set<String> = []
  /// Names whose earlier value a closure of the cell uses, though the cell declares them anew.
  package internal(set) var capturedEarlierNames: Set<String> = []

  /// What an expression can mean.
  var valueNames: [String] { variables.map(\.name) + computedVariables + functions.map(\.name) + types }
}

extension CellDeclarations {
  init(of cell: ParsedCell) {
    for (index, item) in cell.items.enumerated() {
      if let variable = item.variable, !variable.modifiers.isPrivate {
        add(variable, at: index, in: cell)
      } else if let guarding = item.guardStatement {
        variables += guarding.bindings.map {
          Variable(
            name: $0.name, isConstant: true, type: nil, setBy: index, isRegistered: true, condition: item.condition)
        }
      } else if let declaration = item.declaration {
        add(declaration, under: item.condition)
      }
      if item.declaration != nil || item.guardStatement != nil { areNone = false }
    }
    namesInBodies = BodyNames.find(in: cell.tree)
  }

  private mutating func add(_ declaration: VariableDeclSyntax, at index: Int, in cell: ParsedCell) {
    for binding in declaration.bindings {
      let names = binding.pattern.boundNames
      if let accessors = binding.accessorBlock, !accessors.areObservers {
        computedVariables += names
        continue
      }
      let type = binding.typeAnnotation?.type
      let isSet = binding.initializer != nil || type?.is(OptionalTypeSyntax.self) == true
      for name in names {
        let first = isSet ? index : cell.firstMention(of: name, after: index)
        variables.append(
          Variable(
            name: name, isConstant: declaration.bindingSpecifier.tokenKind == .keyword(.let),
            type: names.count == 1 ? type?.trimmedDescription : nil, setBy: first,
            isRegistered: binding.initializer != nil && declaration.attributes.isEmpty,
            condition: cell.items[index].condition))
      }
    }
  }

  private mutating func add(_ declaration: DeclSyntax, under condition: String?) {
    if let type = TypeDeclaration(declaration) {
      if !type.modifiers.isPrivate { types.append(type.name.name) }
    } else if let alias = declaration.as(TypeAliasDeclSyntax.self) {
      if !alias.modifiers.isPrivate { types.append(alias.name.name) }
    } else if let function = declaration.as(FunctionDeclSyntax.self) {
      if !function.modifiers.isPrivate { functions.append(FunctionSignature(function, under: condition)) }
    } else if let widening = declaration.as(ExtensionDeclSyntax.self) {
      let protocols = widening.inheritanceClause?.inheritedTypes.map(\.type.trimmedDescription) ?? []
      let type = widening.extendedType.trimmedDescription
      if !protocols.isEmpty { conformances.append(Conformance(type: type, protocols: protocols)) }
    } else if let operation = declaration.as(OperatorDeclSyntax.self) {
      operators.append(operation.name.text)
    } else if let group = declaration.as(PrecedenceGroupDeclSyntax.self) {
      precedenceGroups.append(group.name.name)
    } else if let macro = declaration.as(MacroDeclSyntax.self) {
      macros.append(macro.name.name)
    } else if let importing = declaration.as(ImportDeclSyntax.self) {
      imports.append(importing.path.map(\.name.text).joined(separator: "."))
    }
  }
}

extension AccessorBlockSyntax {
  /// `willSet` and `didSet` watch a stored variable.
  fileprivate var areObservers: Bool {
    guard case .accessors(let accessors) = accessors else { return false }
    return accessors.allSatisfy {
      [.keyword(.willSet), .keyword(.didSet)].contains($0.accessorSpecifier.tokenKind)
    }
  }
}

extension ParsedCell {
  /// The first statement behind a declaration without a value that names the variable: Swift lets nothing but its initialisation do so.
  fileprivate func firstMention(of name: String, after index: Int) -> Int {
    let later = items.indices.dropFirst(index + 1)
    return later.first { candidate in
      let syntax = items[candidate].syntax
      if case .decl(let declaration) = syntax.item, !declaration.is(VariableDeclSyntax.self) { return false }
      return !FreeReferences.find([name], in: syntax).isEmpty
    } ?? items.count
  }
}
