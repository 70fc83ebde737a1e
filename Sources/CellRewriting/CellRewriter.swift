internal import SwiftSyntax

/// The functions of the runtime that rewritten cells call.
package struct RuntimeNames: Sendable, Equatable {
  /// `func show<T>(_ value: T)`: shows a value, and nothing for `Void`.
  package var show: String
  /// `func wait<T, E: Error>(_ body: @escaping () async throws(E) -> T) throws(E) -> T`: blocks the thread until the body has ended.
  package var wait: String
  /// `func register<T>(_ name: String, _ value: @autoclosure () -> T)`: keeps the type of a variable such as `Cell_3.x`, so that its value
  /// can be destroyed.
  package var register: String
  /// `func reach(_ statement: Int32)`: notes that the statement with this index at the top is about to run.
  package var reach: String

  package init(
    show: String = "_cellResult", wait: String = "_cellAwait", register: String = "_cellRegister",
    reach: String = "_cellReach"
  ) {
    self.show = show
    self.wait = wait
    self.register = register
    self.reach = reach
  }
}

/// Makes a cell of a notebook the source of a module of its own: one that the modules of later cells can import, and in which all names
/// of earlier cells mean what they did.
///
/// ```text
/// let x = x + 1          @_exported import Cell_1
/// struct P { var a = 0 } #sourceLocation(file: "Cell[2]", line: 1)
/// P(a: x)                public let x = Cell_1.x + 1
///                        public struct P { public var a = 0 }
///                        _cellReach(2); _cellResult(P(a: x))
///                        #sourceLocation()
///                        _cellRegister("Cell_2.x", x)
///                        public enum __Cell_2 {}
/// ```
///
/// One that the frontend compiles in script mode, so that statements may stand at the top, in Swift 5 mode, so that globals belong
/// to no actor, and with `-enable-testing`, for the sake of `ImplicitInitializers`.
package struct CellRewriter: Sendable {
  package let runtime: RuntimeNames
  /// Whether the runtime is told which statement runs.
  package let marksStatements: Bool

  package init(runtime: RuntimeNames = RuntimeNames(), marksStatements: Bool = true) {
    self.runtime = runtime
    self.marksStatements = marksStatements
  }

  /// Rewrites a cell.
  ///
  /// - Parameters:
  ///   - number: a new one for each run.
  ///   - passesValues: whether the runtime gets the last value, to show it, and the variables, to register them. There are values that
  ///     no function takes, so that a cell may compile without this alone.
  package func rewrite(_ source: String, number: Int, in scope: NotebookScope, passesValues: Bool = true)
    -> RewrittenCell
  {
    let cell = ParsedCell(source)
    let module = "Cell_\(number)"
    let fileName = "Cell[\(number)]"
    var edits = EditList()
    var declarations = CellDeclarations(of: cell)
    var epilogue: [String] = []
    var showsLast = false
    let hasImplicitInitializers = ImplicitInitializers.exist(in: cell)
    if !cell.tree.hasError {
      if marksStatements { Marks.edit(cell, runtime, &edits) }
      // From the outermost to the innermost wrapping.
      showsLast = passesValues && LastExpression.edit(cell, runtime, &edits)
      TopLevelAwait.edit(cell, runtime, &edits)
      declarations.capturedEarlierNames = EarlierNames.edit(cell, scope, &edits)
      GuardBindings.edit(cell, scope, &edits)
      Imports.edit(cell, &edits)
      Publishing.edit(cell, &edits)
      RequiredInitializers.edit(cell, &edits)
      if passesValues { epilogue += Registration.calls(for: declarations, in: module, runtime) }
      epilogue += ResultTypes.shims(for: declarations.functions, in: scope, number: number)
      if hasImplicitInitializers { epilogue.append("public enum \(ImplicitInitializers.marker(of: module)) {}") }
    }
    let (text, map) = edits.apply(to: cell.text.swift)
    let lines =
      scope.prologue + ["#sourceLocation(file: \"\(fileName)\", line: 1)", text, "#sourceLocation()"] + epilogue
    return RewrittenCell(
      number: number, module: module, source: lines.joined(separator: "\n") + "\n", fileName: fileName, map: map,
      magics: cell.text.magics, isEmpty: cell.tree.statements.isEmpty, showsLast: showsLast,
      passesValues: passesValues && (showsLast || declarations.variables.contains(where: \.isRegistered)),
      declarations: declarations, hasImplicitInitializers: hasImplicitInitializers,
      problems: Refusals.problems(in: cell), hasSyntaxErrors: cell.tree.hasError,
      statements: cell.items.map { cell.range(of: $0.syntax) })
  }
}
