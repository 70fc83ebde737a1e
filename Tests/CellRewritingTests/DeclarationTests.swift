import CellRewriting
import Testing

@Suite("What a cell declares")
struct DeclarationTests {
  private func declarations(_ source: String) -> CellDeclarations {
    CellRewriter().rewrite(source, number: 1, in: scope()).declarations
  }

  @Test("is told by kind, without what is private")
  func kinds() {
    let found = declarations(
      """
      import Foundation
      import struct Swift.Int
      let (a, b) = (1, 2)
      var c: Int { 1 }
      var watched = 1 { didSet {} }
      private let hidden = 1
      struct S {}; class C {}; actor A {}; enum E {}; protocol P {}; typealias T = Int
      private struct Hidden {}
      func f() {}; func f(_ i: Int) {}
      fileprivate func g() {}
      infix operator <+>: Strong
      precedencegroup Strong {}
      func <+> (a: S, b: S) -> S { a }
      extension S: P, Sendable {}
      extension S { func more() {} }
      macro m() = #externalMacro(module: "M", type: "M")
      guard let d = Int("1"), case .some(let e) = Int("2") else { fatalError() }
      #if os(Linux)
      let onLinux = 1
      #endif
      """)
    #expect(found.imports == ["Foundation", "Swift.Int"])
    #expect(found.variables.map(\.name) == ["a", "b", "watched", "d", "e", "onLinux"])
    #expect(found.computedVariables == ["c"])
    #expect(found.types == ["S", "C", "A", "E", "P", "T"])
    #expect(found.functions.map(\.name) == ["f", "f", "<+>"])
    #expect(found.operators == ["<+>"])
    #expect(found.precedenceGroups == ["Strong"])
    #expect(found.macros == ["m"])
    #expect(found.conformances.map(\.type) == ["S"])
    #expect(found.conformances.map(\.protocols) == [["P", "Sendable"]])
  }

  @Test("tells what functions, closures and types mention, and not what runs at once")
  func bodies() {
    let found = declarations(
      """
      print(direct)
      let t = alsoDirect + 1
      func f() -> Int { inFunction }
      let c = { [captured] in inClosure }
      struct S { var x = inType; var y: OtherType }
      var computed: Int { inAccessor }
      if true { inStatement() }
      let g = { if let short { use(short) } }
      """)
    let expected: Set = ["inFunction", "captured", "inClosure", "inType", "OtherType", "inAccessor", "short"]
    #expect(expected.isSubset(of: found.namesInBodies))
    #expect(found.namesInBodies.isDisjoint(with: ["direct", "alsoDirect", "inStatement"]))
  }

  @Test(
    "has a marker if an initialiser is implicit",
    arguments: [
      ("struct S { var x = 1 }", true), ("class C {}", true), ("actor A {}", true), ("enum E { struct S {} }", true),
      ("extension Int { struct S {} }", true), ("#if os(Linux)\nstruct S {}\n#endif", true),
      ("struct S { init() {} }", false), ("enum E { case a }", false), ("private struct S {}", false),
      ("let x = 1", false),
      ("struct S {\n#if os(Linux)\ninit() {}\n#endif\n}", false), ("func f() { struct S {} }", false),
    ])
  func markers(_ source: String, _ exists: Bool) {
    let cell = CellRewriter().rewrite(source, number: 4, in: scope())
    #expect(cell.hasImplicitInitializers == exists)
    #expect(cell.epilogue.contains("public enum __Cell_4 {}") == exists)
  }

  @Test("is imported by the next cell, with the markers of all before")
  func prologue() {
    let first = CellRewriter().rewrite("1", number: 1, in: scope())
    #expect(first.prologue == ["@_exported import CellSupport"])
    let third = CellRewriter().rewrite("1", number: 3, in: scope(after: "struct S {}", "let x = 1"))
    #expect(third.prologue == ["@_exported import Cell_2", "@testable import enum Cell_1.__Cell_1"])
  }

  @Test("is nothing where there are statements alone: such a cell is not imported")
  func none() {
    let cells = ["let x = 1", "x + 1\nif x > 0 { let y = 2; print(y) }", "for i in 0..<x { print(i) }"]
    let scope = scope(after: cells[0], cells[1], cells[2])
    #expect(scope.lastModule == "Cell_1")
    for cell in [
      "import Glibc", "extension Int { var a: Int { 1 } }", "guard let y = Int(\"1\") else { fatalError() }",
      "infix operator **",
    ] {
      #expect(CellRewritingTests.scope(after: cell).lastModule == "Cell_1", "\(cell)")
    }
  }

  @Test("can be destroyed once no code reaches it")
  func unreachable() {
    func unreachable(_ new: String, after cells: String...) -> [String] {
      var scope = NotebookScope(libraries: [])
      for (index, cell) in (cells + [new]).enumerated() {
        let cell = CellRewriter().rewrite(cell, number: index + 1, in: scope)
        if index == cells.count { return scope.unreachableVariables(after: cell).map { "\($0.module).\($0.name)" } }
        scope.add(cell)
      }
      return []
    }
    #expect(unreachable("let x = 2", after: "let x = 1") == ["Cell_1.x"])
    #expect(unreachable("let x = x + 1", after: "let x = 1", "let x = 2") == ["Cell_2.x"])
    #expect(unreachable("let x = 2", after: "let x = 1; func f() -> Int { x }").isEmpty)
    #expect(unreachable("let x = 2", after: "let x = 1", "let c = { x }").isEmpty)
    #expect(unreachable("let x = { x }", after: "let x = 1").isEmpty)
    #expect(unreachable("let x = 1; func f() -> Int { x }", after: "let x = 1") == ["Cell_1.x"])
    #expect(unreachable("let y = 1", after: "let x = 1").isEmpty)
  }

  @Test("is forgotten if the newest cell is run anew, and kept otherwise")
  func removal() {
    var scope = scope(after: "let x = 1", "let x = 2")
    let removesOther = scope.removeLast(ifNumbered: 1)
    #expect(!removesOther)
    #expect(scope.module(declaring: "x") == "Cell_2")
    let removes = scope.removeLast(ifNumbered: 2)
    #expect(removes)
    #expect(scope.module(declaring: "x") == "Cell_1")
    #expect(scope.lastModule == "Cell_1")
  }
}
