/// What a new cell sees: the modules of the cells that ran before it, each of which re-exports the one before.
package struct NotebookScope: Sendable {
  private struct Cell: Sendable {
    let number: Int
    let cellModule: String
    let declarations: CellDeclarations
    let hasImplicitInitializers: Bool
    /// The module that stands for the cell's if it stopped half way, and the names it could not set.
    let stopped: (module: String, names: Set<String>)?

    var module: String { stopped?.module ?? cellModule }
  }

  /// What the first cell imports for all: the runtime that shows values and waits, and the libraries that need no import.
  package let libraries: [String]
  private var cells: [Cell] = []

  package init(libraries: [String]) { self.libraries = libraries }

  /// The module that a new cell imports, once there is one.
  package var lastModule: String? { cells.last?.module }

  /// Adds a cell that ran to its end, if it declares anything.
  package mutating func add(_ cell: RewrittenCell) { add(cell, stopped: nil) }

  /// Adds a cell that stopped half way, in the statement with this index. The result is the module to compile after it, if the cell left
  /// names without values.
  package mutating func add(_ cell: RewrittenCell, stoppedIn statement: Int) -> StoppedCell? {
    let stopped = StoppedCell(cell, in: statement)
    add(cell, stopped: stopped.map { ($0.module, Set($0.names)) })
    return stopped
  }

  private mutating func add(_ cell: RewrittenCell, stopped: (module: String, names: Set<String>)?) {
    // Each module in the chain costs those after it a fraction of a millisecond.
    if cell.declarations.areNone { return }
    cells.append(
      Cell(
        number: cell.number, cellModule: cell.module, declarations: cell.declarations,
        hasImplicitInitializers: cell.hasImplicitInitializers, stopped: stopped))
  }

  /// Removes the newest cell if it has this number, so that it can be run anew as if for the first time: also what must not be declared
  /// twice, as the conformance of an extension. A cell that others were built upon stays, and what it declares is hidden by newer names.
  package mutating func removeLast(ifNumbered number: Int) -> Bool {
    guard cells.last?.number == number else { return false }
    cells.removeLast()
    return true
  }

  /// The first lines of a cell's source.
  var prologue: [String] {
    let exported = lastModule.map { [$0] } ?? libraries
    let opened = cells.filter(\.hasImplicitInitializers).map(\.cellModule)
    return exported.map { "@_exported import \($0)" }
      + opened.map { "@testable import enum \($0).\(ImplicitInitializers.marker(of: $0))" }
  }

  /// The same as text, for what reads cells beside the compiler.
  package var prologueText: String { prologue.map { $0 + "\n" }.joined() }

  /// The module whose declaration of a name is the newest.
  package func module(declaring name: String) -> String? {
    guard let cell = cells.last(where: { $0.declarations.valueNames.contains(name) }) else { return nil }
    return cell.stopped?.names.contains(name) == true ? cell.module : cell.cellModule
  }

  /// The newest function that can be told from this one by its result alone.
  func function(like function: FunctionSignature) -> FunctionSignature? {
    for cell in cells.reversed() {
      if let found = cell.declarations.functions.last(where: { $0.key == function.key }) { return found }
    }
    return nil
  }

  /// A variable of an earlier cell that no code can reach any more.
  package struct UnreachableVariable: Sendable, Hashable {
    package let module: String
    package let name: String
  }

  /// The variables whose values can be destroyed when a cell has run: it declares their names anew, and neither a function, closure or
  /// type from the variables' own cell on mentions them, nor does one of the new cell keep the earlier meaning.
  package func unreachableVariables(after cell: RewrittenCell) -> [UnreachableVariable] {
    let new = cell.declarations
    let renewed = Set(new.variables.map(\.name) + new.computedVariables).subtracting(new.capturedEarlierNames)
    return cells.enumerated().flatMap { index, old -> [UnreachableVariable] in
      guard old.number != cell.number else { return [] }
      let since = cells[index...].filter { $0.number != cell.number }.map(\.declarations)
      return old.declarations.variables.filter { variable in
        guard renewed.contains(variable.name) else { return false }
        // Those hidden earlier were reported when they were.
        let isNewest = !since.dropFirst().contains { $0.valueNames.contains(variable.name) }
        let isMentioned = since.contains {
          $0.namesInBodies.contains(variable.name) || $0.capturedEarlierNames.contains(variable.name)
        }
        let isSet = old.stopped == nil && variable.isRegistered
        return isNewest && !isMentioned && isSet
      }.map { UnreachableVariable(module: old.cellModule, name: $0.name) }
    }
  }
}
