import CellExecution
import Foundation
import NotebookDisplay
import Testing

@Suite("A cell that runs")
struct RunningTests {
  @Test("finds what the cells before it left: variables, functions, types, and the newest of two names")
  func state() async throws {
    let notebook = try await Notebook()
    try await notebook.run(
      """
      public var counter = 1
      public struct Point { public var x: Double; public init(x: Double) { self.x = x } }
      public func twice(_ p: Point) -> Double { 2 * p.x }
      """)
    let second = try await notebook.run("counter += 41\nprint(counter, twice(Point(x: 4)))")
    #expect(second.output == "42 8.0\n" && second.outcome == CellOutcome(ending: .completed, isStateKept: true))
    try await notebook.run("public let counter = \"now text\"")
    let last = try await notebook.run("_cellResult(counter)\n_cellResult(print(\"no result\"))")
    #expect(last.results == ["\"now text\""] && last.output == "no result\n")
  }

  @Test("shows in the order in which it prints and displays, ten thousand lines long, whatever the bytes")
  func order() async throws {
    let notebook = try await Notebook()
    let record = try await notebook.run(
      """
      for i in 0..<10_000 {
        print("line", i, i % 7 == 0 ? "é🎉\\u{1b}]" : "")
        if i % 100 == 99 { display(HTML("shown \\(i)")) }
      }
      print("no end of line", terminator: "")
      """)
    var expected = ""
    for i in 0..<10_000 {
      expected += "line \(i) \(i % 7 == 0 ? "é🎉\u{1b}]" : "")\n"
      if i % 100 == 99 { expected += "<shown \(i)>" }
    }
    #expect(record.sequence.joined() == expected + "no end of line")
  }

  @Test("displays bytes, and fills a place anew")
  func displays() async throws {
    let notebook = try await Notebook()
    var shown: [(MimeBundle, String?, Bool)] = []
    try await notebook.run(
      """
      display(PNG((0..<300).map { UInt8($0 % 256) }))
      public let place = DisplayPlace(showing: "a;b")
      place.update(2)
      """
    ) { event in
      if case .display(let bundle, let place, let isUpdate) = event { shown.append((bundle, place, isUpdate)) }
    }
    try #require(shown.count == 3)
    #expect(shown[0].0["image/png"] == .data((0..<300).map { UInt8($0 % 256) }) && shown[0].1 == nil)
    #expect(shown[1].0.text == "\"a;b\"" && shown[1].1 != nil && !shown[1].2)
    #expect(shown[2].0.text == "2" && shown[2].1 == shown[1].1 && shown[2].2)
  }

  @Test("waits for what it awaits, on the main actor too, and catches typed errors by their type")
  func waiting() async throws {
    let notebook = try await Notebook()
    let record = try await notebook.run(
      """
      public struct Refused: Error { public var reason: String }
      public func ask(_ n: Int) async throws(Refused) -> Int {
        try? await Task.sleep(nanoseconds: 1_000_000)
        if n < 0 { throw Refused(reason: "below 0") }
        return n * 2
      }
      print(try _cellAwait { () async throws(Refused) -> Int in try await ask(21) })
      print(_cellAwait { await MainActor.run { "on main" } })
      do throws(Refused) { print(try _cellAwait { () async throws(Refused) -> Int in try await ask(-1) }) }
      catch { print(error.reason) }
      """)
    #expect(record.output == "42\non main\nbelow 0\n", "\(record)")
  }

  @Test("asks for input, and gets an answer or the end of all input")
  func input() async throws {
    let notebook = try await Notebook()
    let host = notebook.host
    let record = try await notebook.run(
      """
      print(readLine() ?? "none")
      print(readLine(prompt: "name; please:", isPassword: true) ?? "none")
      print(readLine(strippingNewline: false) ?? "none")
      """
    ) { event in
      guard case .inputRequest(let prompt, let isPassword) = event else { return }
      #expect(isPassword == !prompt.isEmpty)
      await host.answer(prompt.isEmpty ? nil : "Ada\t🎉")
    }
    #expect(record.sequence.joined() == "?none\n?name; please:Ada 🎉\n?none\n", "\(record)")
  }

  @Test("uses tensors, compiled with optimisation, and says which op has what against which shapes")
  func tensors() async throws {
    let notebook = try await Notebook()
    try await notebook.run(
      """
      @_exported import NeuralNetworks
      @_exported import TensorCore
      public let x = Tensor.ones([2, 3])
      public let layer = Linear(3, 4)
      print(layer(x).shape, x.sum().item(Float.self))
      """)
    let wrong = try await notebook.run("print(\"before\")\npublic let y = x.matmul(Tensor.ones([2, 3]))")
    #expect(wrong.output == "before\n")
    let message = try #require(wrong.outcome.message)
    #expect(message.contains("matmul") && message.contains("[2, 3]"), "\(message)")
    #expect(wrong.outcome.frames.first.map { ($0.file) } == "Cell[2]" && wrong.outcome.frames.first?.line == 2)
    #expect(wrong.outcome.isStateKept)
    let after = try await notebook.run("print(layer(x).shape, x.sum().item(Float.self))")
    #expect(after.output == "[2, 4] 6.0\n")
  }

  @Test("gives back the memory of a variable that a later cell replaced")
  func memory() async throws {
    let notebook = try await Notebook()
    let host = notebook.host
    func megabytes() async throws -> Int {
      let id = try #require(await host.processID)
      let fields = try String(contentsOfFile: "/proc/\(id)/statm", encoding: .utf8).split(separator: " ")
      return (Int(fields[1]) ?? 0) * 4096 >> 20
    }
    var sizes: [Int] = []
    for i in 1...6 {
      let before = notebook.cells.last
      try await notebook.run(
        "public var big = [Float](repeating: \(i), count: 50_000_000)\nprint(big[7])", registering: ["big"])
      if let before {
        let record = await notebook.record(host.drop("big", of: before))
        #expect(record.outcome.ending == .completed)
      }
      sizes.append(try await megabytes())
    }
    #expect(sizes.allSatisfy { $0 < sizes[0] + 100 }, "\(sizes)")
    let last = try await notebook.run("print(big[8])")
    #expect(last.output == "6.0\n")
  }
}
