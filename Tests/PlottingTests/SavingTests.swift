import Foundation
import Plotting
import Testing

@Suite("Saving a chart", .serialized)
struct SavingTests {
  private let folder: String
  private let chart = Chart.line(y: [1, 2, 3]).titled("A & B")

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "glassbox-charts-\(UUID().uuidString)").path(
      percentEncoded: false)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  /// Runs `body` with a stand-in for Python: a shell script.
  private func withPython(_ script: String?, _ body: () throws -> Void) throws {
    let path = folder + "/python"
    if let script {
      try "#!/bin/sh\n\(script)\n".write(toFile: path, atomically: true, encoding: .utf8)
      chmod(path, 0o755)
    }
    let before = ProcessInfo.processInfo.environment["GLASSBOX_PYTHON"]
    setenv("GLASSBOX_PYTHON", path, 1)
    defer {
      if let before { setenv("GLASSBOX_PYTHON", before, 1) } else { unsetenv("GLASSBOX_PYTHON") }
      try? FileManager.default.removeItem(atPath: folder)
    }
    try body()
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
  }

  @Test("as JSON takes nothing else, and replaces what was there")
  func json() throws {
    try withPython(nil) {
      try "old".write(toFile: folder + "/x.json", atomically: true, encoding: .utf8)
      try chart.save(folder + "/x.json")
      #expect(try text("x.json") == chart.vegaLite + "\n")
    }
  }

  @Test("as a page without vl-convert says what the page needs")
  func page() throws {
    try withPython(nil) {
      try chart.save(folder + "/x.html")
      let page = try text("x.html")
      #expect(page.contains(chart.vegaLite) && page.contains("<title>A &amp; B</title>"))
      #expect(page.contains("needs JavaScript and the network") && page.contains("vega-lite@5"))
    }
  }

  @Test("as a picture without vl-convert says how to install it, and leaves what was there")
  func absent() throws {
    for script in [nil, "exit 3", "exit 1"] {
      let saving = try SavingTests()
      try saving.withPython(script) {
        let file = saving.folder + "/x.svg"
        try "old".write(toFile: file, atomically: true, encoding: .utf8)
        let error = #expect(throws: ChartError.self) { try chart.save(file) }
        #expect(error == .noConverter(file: file, tried: [saving.folder + "/python"]))
        #expect(error?.description.contains("python -m pip install vl-convert-python") == true)
        #expect(try saving.text("x.svg") == "old")
      }
    }
  }

  @Test("as a picture gives vl-convert the format and the chart, and writes what it makes")
  func picture() throws {
    try withPython("echo \"$3\"; cat") {
      for format in ["svg", "png", "pdf", "html"] {
        try chart.save(folder + "/x." + format)
        #expect(try text("x." + format) == "\(format)\n\(chart.vegaLite)")
      }
    }
  }

  @Test("that vl-convert refuses, or dies of, says so")
  func refused() throws {
    try withPython("echo bad mark; exit 4") {
      #expect(throws: ChartError.conversion(file: folder + "/x.svg", message: "bad mark\n")) {
        try chart.save(folder + "/x.svg")
      }
    }
    let other = try SavingTests()
    try other.withPython("kill -9 $$") {
      let error = #expect(throws: ChartError.self) { try chart.save(other.folder + "/x.svg") }
      #expect(error?.description.contains("signal 9") == true)
    }
  }

  @Test("to a name without a format, or a place that is not there, names the file")
  func refusals() throws {
    #expect(throws: ChartError.unknownFormat(file: "x.bmp")) { try chart.save("x.bmp") }
    let error = #expect(throws: ChartError.self) { try chart.save("/absent/x.json") }
    #expect(error?.description.hasPrefix("Cannot write /absent/x.json. ") == true)
  }
}
