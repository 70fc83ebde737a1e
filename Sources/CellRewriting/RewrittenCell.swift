/// A cell as the source of a module, with what must be known to compile it, to report on it and to go on after it.
public struct RewrittenCell: Sendable {
  public let number: Int
  public let module: String
  /// The source of the module.
  public let source: String
  /// The name under which the compiler reports places in the cell itself.
  public let fileName: String
  /// Between the places that the compiler reports and those in the cell.
  public let map: PositionMap
  public let magics: [Magic]
  /// Whether there is nothing to compile: no statement, perhaps comments.
  public let isEmpty: Bool
  /// Whether the last expression is shown.
  public let showsLast: Bool
  /// Whether the runtime gets values of the cell. If the module does not compile, it may do so without.
  public let passesValues: Bool
  public let declarations: CellDeclarations
  public let hasImplicitInitializers: Bool
  /// What the cell must not have: then it is not to be compiled.
  public let problems: [CellProblem]
  /// Whether the parser found errors. Then nothing is rewritten, and the compiler's messages are about the user's own text.
  public let hasSyntaxErrors: Bool
  /// The statements at the top, those in the clauses of `#if` among them; the runtime is told their indices.
  public let statements: [Range<SourcePosition>]
}
