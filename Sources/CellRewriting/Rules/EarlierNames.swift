internal import SwiftSyntax

/// `let x = x + 1`: up to the end of the statement that declares a name anew, the name means what an earlier cell declared. Within one
/// module it would mean the new variable, so that uses get the earlier module's name before them.
enum EarlierNames {
  /// The names that a closure keeps the earlier meaning of.
  static func edit(_ cell: ParsedCell, _ scope: NotebookScope, _ edits: inout EditList) -> Set<String> {
    var declaredAt: [String: Int] = [:]
    var modules: [String: String] = [:]
    for (index, item) in cell.items.enumerated() {
      for name in item.boundNames where declaredAt[name] == nil {
        guard let module = scope.module(declaring: name) else { continue }
        declaredAt[name] = index
        modules[name] = module
      }
    }
    var captured: Set<String> = []
    for (index, item) in cell.items.enumerated() {
      var earlier = Set(declaredAt.filter { $0.value >= index }.keys)
      for part in parts(of: item) {
        captured.formUnion(qualify(earlier, in: part.node, modules, &edits))
        earlier.subtract(part.binds)
      }
    }
    return captured
  }

  /// The parts of a statement that are evaluated when the cell runs, each with the names that it binds for the next.
  private static func parts(of item: TopLevelItem) -> [(node: Syntax, binds: [String])] {
    if let guarding = item.guardStatement {
      // The names are not bound in the body, which therefore comes first.
      return [(Syntax(guarding.body), [])]
        + guarding.conditions.map { (Syntax($0), $0.bindings.map(\.name)) }
    }
    switch item.syntax.item {
    case .decl(let declaration):
      guard let variable = declaration.as(VariableDeclSyntax.self) else { return [] }
      return variable.bindings.map { binding in
        (binding.initializer.map { Syntax($0) } ?? Syntax(binding.pattern), binding.pattern.boundNames)
      }
    case .stmt(let statement): return [(Syntax(statement), [])]
    case .expr(let expression): return [(Syntax(expression), [])]
    @unknown default: return []
    }
  }

  private static func qualify(
    _ names: Set<String>, in node: Syntax, _ modules: [String: String], _ edits: inout EditList
  ) -> Set<String> {
    var captured: Set<String> = []
    guard !names.isEmpty else { return captured }
    for reference in FreeReferences.find(names, in: node) {
      guard let module = modules[reference.name] else { continue }
      if reference.inClosure { captured.insert(reference.name) }
      switch reference.place {
      case .expression(let expression): edits.insert("\(module).", before: expression)
      case .binding(let binding): edits.insert(" = \(module).\(reference.name)", after: binding)
      case .capture(let capture):
        captured.insert(reference.name)
        edits.insert(" = \(module).\(reference.name)", after: capture.name)
      }
    }
    return captured
  }
}
