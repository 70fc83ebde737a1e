import Foundation
import Testing

@Suite("glassbox kernel install and uninstall")
struct KernelTests {
  private let checkout: FakeCheckout
  private let other: FakeCheckout
  private let home = "../home/.local/share/jupyter/kernels"

  init() throws {
    let folder = try TemporaryFolder()
    checkout = try FakeCheckout(in: folder)
    other = try FakeCheckout("other", in: folder)
  }

  private func spec(_ folder: String) throws -> [String: Any] {
    let data = try Data(contentsOf: checkout.file("\(folder)/kernel.json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test("write what Jupyter reads, and nothing else")
  func specification() throws {
    try checkout.build()
    let outcome = try checkout.run(["kernel", "install"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let place = checkout.path(home + "/glassbox")
    #expect(outcome.output == "installed  \(place)\n")
    let spec = try spec(home + "/glassbox")
    #expect(spec["argv"] as? [String] == ["\(checkout.root)/.build/release/glassbox-kernel", "{connection_file}"])
    #expect(spec["display_name"] as? String == "Swift (Glassbox)")
    #expect(spec["language"] as? String == "swift")
    #expect(spec["interrupt_mode"] as? String == "message")
    let toolchain = checkout.path("../toolchain")
    #expect(spec["env"] as? [String: String] == ["GLASSBOX_TOOLCHAIN": toolchain, "PATH": "\(toolchain)/bin:${PATH}"])
    let files = checkout.contents(of: home)
    #expect(
      files.keys.sorted()
        == ["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"].map { "glassbox/" + $0 })
    for size in [32, 64] {
      // PNG's signature, and the width in its header.
      let logo = Array(try #require(files["glassbox/logo-\(size)x\(size).png"]))
      #expect(logo.prefix(8) == [137, 80, 78, 71, 13, 10, 26, 10] && Int(logo[19]) == size)
    }
    #expect(XMLReader.isWellFormed(try #require(files["glassbox/logo-svg.svg"])))
  }

  @Test("charts are saved with the vl-convert of glassbox lab, where that was set up")
  func python() throws {
    try checkout.addPython()
    #expect(try checkout.run(["lab", "--set-up-only"]).status == 0)
    #expect(try checkout.run(["kernel", "install"]).status == 0)
    let environment = try #require(try spec(home + "/glassbox")["env"] as? [String: String])
    #expect(environment["GLASSBOX_PYTHON"] == checkout.path(".lab/venv/bin/python"))
    try FileManager.default.removeItem(at: checkout.file(".lab"))
    #expect(try checkout.run(["kernel", "doctor"]).output.contains("which has vl-convert, is not there"))
  }

  @Test("find the folders that Jupyter documents, without Jupyter")
  func folders() throws {
    try checkout.addPython()
    let cases: [([String], [String: String], String)] = [
      (["--user"], [:], "../home/.local/share/jupyter/kernels/glassbox"),
      ([], ["XDG_DATA_HOME": checkout.path("../xdg")], "../xdg/jupyter/kernels/glassbox"),
      ([], ["JUPYTER_DATA_DIR": checkout.path("../data"), "XDG_DATA_HOME": "/nowhere"], "../data/kernels/glassbox"),
      (["--prefix", "../prefix"], [:], "../prefix/share/jupyter/kernels/glassbox"),
      (["--sys-prefix"], [:], "../python/share/jupyter/kernels/glassbox"),
      (["--name", "swift-6"], [:], "../home/.local/share/jupyter/kernels/swift-6"),
    ]
    for (options, variables, folder) in cases {
      let installed = try checkout.run(["kernel", "install"] + options, variables)
      #expect(installed.status == 0, "\(installed.errors)")
      #expect(try spec(folder)["language"] as? String == "swift")
      let removed = try checkout.run(["kernel", "uninstall"] + options, variables)
      #expect(removed.status == 0 && removed.output == "removed  \(checkout.path(folder))\n", "\(removed.errors)")
      #expect(!FileManager.default.fileExists(atPath: checkout.path(folder)))
      let gone = try checkout.run(["kernel", "uninstall"] + options, variables)
      #expect(gone.errorLine().contains("There is no kernel at \(checkout.path(folder))"))
    }
  }

  @Test("the same checkout's kernel is renewed; another's is named, and stays without --replace")
  func replacement() throws {
    #expect(try checkout.run(["kernel", "install"]).status == 0)
    #expect(try checkout.run(["kernel", "install"]).output.hasPrefix("renewed"))
    let before = checkout.contents(of: home)
    let refused = try other.run(["kernel", "install"])
    #expect(refused.errorLine().contains("the kernel of another checkout, \(checkout.root). "))
    #expect(refused.errors.contains("--replace"))
    #expect(try other.run(["kernel", "uninstall"]).errorLine().contains("Remove it by \(checkout.root)/.build"))
    #expect(checkout.contents(of: home) == before)
    #expect(try other.run(["kernel", "install", "--replace"]).status == 0)
    #expect(try (spec(home + "/glassbox")["argv"] as? [String])?.first?.hasPrefix(other.root + "/") == true)
    #expect(checkout.contents(of: home).keys.sorted() == before.keys.sorted())
    // Nobody can remove it from a checkout that is gone.
    try FileManager.default.removeItem(at: other.file("."))
    #expect(try checkout.run(["kernel", "uninstall"]).status == 0)
  }

  @Test(
    "another program's kernel stays",
    arguments: [
      (#"{"argv": ["python"], "display_name": "Python 3", "language": "python"}"#, "the kernel \"Python 3\""),
      ("{", "a damaged kernel.json"),
    ])
  func foreign(_ json: String, _ message: String) throws {
    try checkout.write(json, home + "/glassbox/kernel.json")
    try checkout.write("mine", home + "/glassbox/note")
    let before = checkout.contents(of: home)
    #expect(try checkout.run(["kernel", "install"]).errorLine().contains(message))
    #expect(try checkout.run(["kernel", "uninstall"]).errorLine().contains(message))
    #expect(checkout.contents(of: home) == before)
    #expect(try checkout.run(["kernel", "install", "--replace"]).status == 0)
    #expect(try spec(home + "/glassbox")["language"] as? String == "swift")
  }

  @Test("nothing half written is left where writing fails")
  func failure() throws {
    // No file may grow beyond nothing.
    let limited = ["sh", "-c", "ulimit -f 0; exec \"$@\"", "sh"]
    let outcome = try checkout.run(["kernel", "install"], through: limited)
    #expect(outcome.status == 1, "\(outcome)")
    #expect(checkout.contents(of: home).isEmpty)
    #expect((try? FileManager.default.contentsOfDirectory(atPath: checkout.path(home))) ?? [] == [])
    try checkout.write("", "../file")
    let blocked = try checkout.run(["kernel", "install", "--prefix", "../file"])
    #expect(blocked.errorLine().contains("/file/share/jupyter/kernels"))
  }

  @Test(
    "bad options",
    arguments: [
      (["--user", "--sys-prefix"], "only one of --user, --prefix and --sys-prefix"),
      (["--name", "../../etc"], "--name must be of letters"), (["--name", ""], "--name must be"),
      (["--prefix", ""], "--prefix must name a folder"),
    ])
  func options(_ options: [String], _ message: String) throws {
    for command in ["install", "uninstall"] {
      let outcome = try checkout.run(["kernel", command] + options)
      #expect(outcome.errorLine().contains(message))
      #expect(outcome.errors.contains("'glassbox kernel \(command) --help'"))
      #expect(outcome.status == 64)
    }
  }

  @Test("without a toolchain there is no kernel")
  func toolchain() throws {
    let nowhere = ["GLASSBOX_TOOLCHAIN": checkout.path("nowhere")]
    #expect(try checkout.run(["kernel", "install"], nowhere).errorLine().contains("is not a working Swift compiler"))
    #expect(checkout.contents(of: home).isEmpty)
  }

  @Test("a program outside of any checkout says so")
  func elsewhere() throws {
    let copy = checkout.path("../glassbox")
    try FileManager.default.copyItem(atPath: Tool.path, toPath: copy)
    let outcome = try Tool.run(["kernel", "install"], of: copy, in: checkout.file("."))
    #expect(outcome.errorLine().contains("\(copy) lies in none"))
  }
}

/// Whether bytes are XML, as far as brackets go: each element is closed.
private enum XMLReader {
  static func isWellFormed(_ data: Data) -> Bool {
    var open: [Substring] = []
    for match in String(decoding: data, as: UTF8.self).matches(of: /<(\/?)(\w+)[^>]*?(\/?)>/) {
      let (_, closing, name, selfClosing) = match.output
      if !closing.isEmpty {
        if open.popLast() != name { return false }
      } else if selfClosing.isEmpty {
        open.append(name)
      }
    }
    return open.isEmpty
  }
}
