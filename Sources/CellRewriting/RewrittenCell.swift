/// A cell as the source of a module, with what must be known to compile it, to report on it and to go on after it.
package struct RewrittenCell: Sendable {
  package let number: Int
  package let module: String
  /// The source of the module.
  package let source: String
  /// The name under which the compiler reports places in the cell itself.
  package let fileName: String
  /// Between the places that the compiler reports and those in the cell.
  package let map: PositionMap
  package let magics: [Magic]
  /// Whether there is nothing to compile: no statement, perhaps comments.
  package let isEmpty: Bool
  /// Whether the last expression is shown.
  package let showsLast: Bool
  /// Whether the runtime gets values of the cell. If the module does not compile, it may do so without.
  package let passesValues: Bool
  package let declarations: CellDeclarations
  package let hasImplicitInitializers: Bool
  /// What the cell must not have: then it is not to be compiled.
  package let problems: [CellProblem]
  /// Whether the parser found errors. Then nothing is rewritten, and the compiler's messages are about the user's own text.
  package let hasSyntaxErrors: Bool
  /// The statements at the top, those in the clauses of `#if` among them; the runtime is told their indices.
  package let statements: [Range<SourcePosition>]
}
