import Foundation
import Testing

@Suite("glassbox kernel doctor")
struct DoctorTests {
  private let checkout: FakeCheckout

  /// All is well: built, with a Jupyter that knows of the kernel.
  init() throws {
    checkout = try FakeCheckout(in: TemporaryFolder())
    try checkout.addPython()
    try checkout.build()
    #expect(try checkout.run(["lab", "--set-up-only"]).status == 0)
    try FileManager.default.removeItem(at: checkout.file("log"))
  }

  /// Its lines on a subject.
  private func say(_ outcome: Tool.Outcome, _ state: String, _ subject: String) -> String {
    let lines = outcome.output.components(separatedBy: "\n")
    let begin = lines.firstIndex { $0.hasPrefix("\(state) ") && $0.dropFirst(9).hasPrefix("\(subject) ") }
    return begin.map { lines[$0...].prefix(2).joined(separator: "\n") } ?? "not found in:\n\(outcome.output)"
  }

  @Test("finds nothing where all is well")
  func well() throws {
    let outcome = try checkout.run(["kernel", "doctor"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.hasPrefix("ok ") }, "\(outcome.output)")
    #expect(outcome.output.split(separator: "\n").count == 9)
    #expect(say(outcome, "ok", "toolchain").contains("Swift version 6.3 (fake) in \(checkout.path("../toolchain"))"))
  }

  @Test("says what was not built, with the command that builds it")
  func products() throws {
    try FileManager.default.removeItem(at: checkout.file(".build/release/glassbox-cell-host"))
    let outcome = try checkout.run(["kernel", "doctor"])
    #expect(say(outcome, "missing", "programs").contains("not built: glassbox-cell-host"))
    #expect(say(outcome, "missing", "programs").contains("swift build -c release --product glassbox-cell-host"))
    #expect(say(outcome, "missing", "a cell").contains("can't be run without glassbox-cell-host"))
    #expect(outcome.errorLine().contains("2 of 9 things that notebooks need are missing"))
    #expect(outcome.status == 1)
  }

  @Test("compares the toolchain with the one that built the library")
  func versions() throws {
    try checkout.build(compiler: "Swift version 6.2 (older)")
    let said = say(try checkout.run(["kernel", "doctor"]), "missing", "library")
    #expect(said.contains("built by Swift version 6.2 (older), but the toolchain is Swift version 6.3 (fake)"))
    #expect(said.contains("swift package clean"))
  }

  @Test("says what the toolchain lacks")
  func toolchain() throws {
    try FileManager.default.removeItem(at: checkout.file("../toolchain/bin/ld.lld"))
    let outcome = try checkout.run(["kernel", "doctor"])
    #expect(say(outcome, "missing", "toolchain").contains("has no ld.lld"))
    #expect(outcome.status == 1)
  }

  @Test("notes sources that are newer than what was built; that is no failure")
  func age() throws {
    let file = checkout.path("Sources/TensorCore/Ops.swift")
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: 100)], ofItemAtPath: file)
    let outcome = try checkout.run(["kernel", "doctor"])
    #expect(say(outcome, "note", "age").contains("Sources/TensorCore/Ops.swift was changed after the last build"))
    #expect(outcome.status == 0)
  }

  @Test("finds specifications of programs that are gone, or damaged")
  func specifications() throws {
    let file = ".lab/venv/share/jupyter/kernels/glassbox/kernel.json"
    let whole = try String(contentsOf: checkout.file(file), encoding: .utf8)
    try checkout.write(whole.replacing("/toolchain\"", with: "/gone\""), file)
    var outcome = try checkout.run(["kernel", "doctor"])
    #expect(say(outcome, "missing", "kernel").contains("/gone is not there"))
    try checkout.write(String(whole.prefix(50)), file)
    outcome = try checkout.run(["kernel", "doctor"])
    #expect(say(outcome, "missing", "kernel").contains("a damaged kernel.json"))
    try FileManager.default.removeItem(at: checkout.file(file).deletingLastPathComponent())
    outcome = try checkout.run(["kernel", "doctor"])
    #expect(say(outcome, "missing", "kernel").contains("no Jupyter knows of this checkout's kernel"))
    #expect(say(outcome, "missing", "kernel").contains("glassbox kernel install"))
  }

  @Test("says what a cell that does not run says")
  func cell() throws {
    try checkout.build(kernel: "cat \"$2\" >> '\(checkout.path("log"))'; echo 'no module TensorCore' >&2; exit 1")
    let outcome = try checkout.run(["kernel", "doctor"])
    #expect(say(outcome, "missing", "a cell").contains("does not run: no module TensorCore"))
    // It was a notebook.
    let notebook = try JSONSerialization.jsonObject(with: Data(checkout.log.joined().utf8)) as? [String: Any]
    #expect((notebook?["cells"] as? [Any])?.count == 1 && notebook?["nbformat"] as? Int == 4)
  }

  @Test("says that there is no Python, Jupyter and vl-convert")
  func python() throws {
    try FileManager.default.removeItem(at: checkout.file(".lab"))
    try FileManager.default.removeItem(at: checkout.file("../bin/python3"))
    try checkout.script("exit 1", "../bin/python3")
    let outcome = try checkout.run(["kernel", "doctor"])
    #expect(say(outcome, "missing", "python").contains("apt-get install python3-venv"))
    #expect(say(outcome, "missing", "vl-convert").contains("charts can't be saved"))
    #expect(say(outcome, "missing", "jupyter").contains("glassbox lab"))
    #expect(outcome.status == 1)
  }
}
