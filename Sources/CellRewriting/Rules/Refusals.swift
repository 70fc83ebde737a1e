internal import SwiftSyntax

/// Something in a cell that has no place in a notebook.
package struct CellProblem: Sendable, Equatable {
  package let position: SourcePosition
  package let message: String
}

/// What would compile to something else than it says, or to an error that speaks of the rewritten cell.
enum Refusals {
  static func problems(in cell: ParsedCell) -> [CellProblem] {
    cell.items.compactMap { item in
      if let declaration = item.declaration, let type = TypeDeclaration(declaration),
        let main = type.attributes.first(where: { $0.trimmedDescription == "@main" })
      {
        return CellProblem(
          position: cell.range(of: main).lowerBound,
          message: "a cell runs from its first statement on and has no `@main`: call `\(type.name.name).main()` instead"
        )
      }
      if let variable = item.variable, variable.modifiers.has(.async) {
        return CellProblem(
          position: cell.range(of: variable).lowerBound,
          message: "`async let` needs a function around it: use `let` with `await`, or put it into `do { … }`")
      }
      return nil
    }
  }
}
