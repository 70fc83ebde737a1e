internal import SwiftSyntax

/// A function at the top of a cell.
package struct FunctionSignature: Sendable, Equatable {
  package let name: String
  /// What tells overloads apart, but for the result: name, generic parameters, labels and types.
  let key: String
  /// `async`, `throws` and the type of the result.
  let result: String
  /// The declaration without access level, body and defaults.
  let declaration: String
  let condition: String?

  init(_ function: FunctionDeclSyntax, under condition: String?) {
    let signature = function.signature
    let generics = function.genericParameterClause?.trimmedDescription ?? ""
    let demands = function.genericWhereClause?.trimmedDescription ?? ""
    let parameters = signature.parameterClause.parameters.map { parameter in
      let labels = [parameter.firstName.text, parameter.secondName?.text].compactMap(\.self).joined(separator: " ")
      let attributes = parameter.attributes.isEmpty ? "" : parameter.attributes.trimmedDescription + " "
      let type = parameter.type.trimmedDescription + (parameter.ellipsis?.text ?? "")
      return (label: parameter.firstName.text, declaration: "\(attributes)\(labels): \(type)", type: type)
    }
    // Of attributes, only global actors are a part of a function's type.
    let actors = function.attributes.compactMap { $0.as(AttributeSyntax.self) }.filter {
      $0.attributeName.trimmedDescription.first?.isUppercase == true
    }
    let fixity = function.modifiers.filter { modifier in
      [.prefix, .postfix, .infix, .nonisolated].contains { modifier.name.tokenKind == .keyword($0) }
    }
    name = function.name.name
    key =
      "\(fixity.map(\.name.text).joined(separator: " ")) \(function.name.text)\(generics)"
      + "(\(parameters.map { "\($0.label):\($0.type)" }.joined(separator: ",")))\(demands)"
    result = [signature.effectSpecifiers?.trimmedDescription, signature.returnClause?.type.trimmedDescription]
      .compactMap(\.self).joined(separator: " ")
    declaration =
      ([
        actors.map(\.trimmedDescription).joined(separator: " "), "public",
        fixity.map(\.trimmedDescription).joined(separator: " "),
        "func \(function.name.text)\(generics)(\(parameters.map(\.declaration).joined(separator: ", ")))",
        signature.effectSpecifiers?.trimmedDescription ?? "", signature.returnClause?.trimmedDescription ?? "", demands,
      ] as [String]).filter { !$0.isEmpty }.joined(separator: " ")
    self.condition = condition
  }
}
