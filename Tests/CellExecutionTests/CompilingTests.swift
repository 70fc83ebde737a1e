import CellExecution
import Foundation
import Testing

@Suite("Compiling a cell")
struct CompilingTests {
  @Test("says what is wrong, where, and how to mend it, with notes")
  func diagnostics() async throws {
    let notebook = try await Notebook()
    let compilation = try await notebook.compile(
      """
      public let n: Int = "text"
      public func f(_ x: Int) {}
      f(1.5 as Double)
      public func g() -> Int { var unused = 1; return 2 }
      public protocol P { func needed() }
      public struct S: P {}
      """)
    #expect(compilation.cell == nil && compilation.otherDiagnostics.isEmpty, "\(compilation.otherDiagnostics)")
    let first = try #require(compilation.diagnostics.first { $0.location?.line == 1 })
    #expect(first.severity == .error && first.message.contains("'String'") && first.message.contains("'Int'"))
    #expect(first.location == Diagnostic.Location(file: "Cell[1]", line: 1, column: 21))
    let cast = try #require(compilation.diagnostics.first { $0.location?.line == 3 })
    #expect(cast.severity == .error)
    let needed = try #require(compilation.diagnostics.first { $0.location?.line == 6 })
    #expect(needed.notes.contains { $0.location?.line == 5 || $0.location?.line == 6 }, "\(needed)")
    #expect((needed.fixIts + needed.notes.flatMap(\.fixIts)).contains { $0.text.contains("needed()") }, "\(needed)")
  }

  @Test("warns, and hands out the cell all the same")
  func warnings() async throws {
    let notebook = try await Notebook()
    let compilation = try await notebook.compile("public func g() -> Int { var unused = 1; return 2 }")
    #expect(compilation.cell != nil)
    let warning = try #require(compilation.diagnostics.first)
    #expect(warning.severity == .warning && warning.location?.line == 1 && warning.message.contains("unused"))
  }

  @Test("keeps apart what is about the code that it was given around the cell")
  func generated() async throws {
    let notebook = try await Notebook()
    let compilation = try await notebook.compile("public let a = 1", registering: ["missing"])
    #expect(compilation.cell == nil && compilation.diagnostics.isEmpty)
    #expect(compilation.otherDiagnostics.contains { $0.severity == .error && $0.message.contains("missing") })
  }

  @Test("gives up after its time limit")
  func timeLimit() async throws {
    var compiler = try await Notebook().compiler
    compiler.timeLimit = .milliseconds(1)
    try FileManager.default.createDirectory(atPath: compiler.folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: compiler.folder) }
    let compilation = try await compiler.compile(module: "Cell_1", text: "print(1)")
    #expect(compilation.cell == nil)
    #expect(compilation.otherDiagnostics.map(\.message) == ["compiling took longer than its time limit"])
  }

  @Test("names what is missing where there is no library")
  func noLibrary() {
    #expect { try CellLibrary(buildFolder: "/nowhere") } throws: { "\($0)".contains("/nowhere/libGlassboxNotebook.so") }
  }

  @Test("and running small cells with tensors, one after the other")
  func time() async throws {
    let clock = ContinuousClock()
    var times: [Duration] = []
    let notebook = try await Notebook()
    for i in 0..<6 {
      let begin = clock.now
      let record = try await notebook.run(
        """
        @_exported import NeuralNetworks
        @_exported import TensorCore
        public let model\(i) = Sequential {
          Linear(4, 16)
          ReLU()
          Linear(16, 3)
        }
        public let y\(i) = model\(i)(Tensor.ones([8, 4]))
        y\(i).square().mean().backward()
        print(y\(i).shape)
        """)
      times.append(clock.now - begin)
      #expect(record.output == "[8, 3]\n")
    }
    if ProcessInfo.processInfo.environment["GLASSBOX_TIMES"] != nil { print("cells took", times) }
  }
}
