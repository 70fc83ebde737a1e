import Foundation
import Testing

@Suite("glassbox lab and glassbox notebook")
struct LabTests {
  private let checkout: FakeCheckout

  init() throws {
    checkout = try FakeCheckout(in: TemporaryFolder())
    try checkout.addPython()
  }

  private let builds = ["GlassboxNotebook", "glassbox-cell-host", "glassbox-kernel"]

  private func builds(_ checkout: FakeCheckout) -> [String] {
    builds.map { "swift build --package-path \(checkout.root) -c release --product \($0)" }
  }

  @Test("the environment is set up once, and again for other requirements or in another place")
  func once() throws {
    #expect(try checkout.run(["lab", "--set-up-only"]).status == 0)
    #expect(checkout.log == ["venv", "pip"] + builds(checkout))
    #expect(try checkout.run(["lab", "--set-up-only"]).status == 0)
    #expect(checkout.log == ["venv", "pip"] + builds(checkout) + builds(checkout))
    try checkout.write("jupyterlab==5\n", "scripts/lab-requirements.txt")
    #expect(try checkout.run(["lab", "--set-up-only"]).status == 0)
    #expect(checkout.log.filter { $0 == "pip" }.count == 2)
    try FileManager.default.removeItem(at: checkout.file(".lab/venv/bin/python"))
    #expect(try checkout.run(["lab", "--set-up-only"]).status == 0)
    #expect(checkout.log.filter { $0 == "pip" }.count == 3)
  }

  @Test("a set-up that failed or was ended is done again, from the beginning")
  func interrupted() throws {
    try checkout.addPython(pip: "exit 1")
    #expect(try checkout.run(["lab", "--set-up-only"]).errorLine().contains("could not be installed from PyPI"))
    #expect(checkout.log == ["venv", "pip"])
    // pip ends the program that called it.
    try checkout.addPython(pip: "kill -INT $PPID; sleep 0.2")
    #expect(try checkout.run(["lab", "--set-up-only"]).status == -SIGINT)
    #expect(checkout.log == ["venv", "pip", "venv", "pip"])
    try checkout.write("", ".lab/venv/left-over")
    try checkout.addPython()
    #expect(try checkout.run(["lab", "--set-up-only"]).status == 0)
    #expect(checkout.log.filter { $0 == "venv" }.count == 3)
    #expect(!FileManager.default.fileExists(atPath: checkout.path(".lab/venv/left-over")))
  }

  @Test("JupyterLab listens on loopback alone, with a new token, and all that it keeps lies in .lab")
  func start() throws {
    let foreign = ["JUPYTER_CONFIG_PATH": "/foreign", "PYTHONPATH": "/foreign", "JUPYTER_TOKEN": "known"]
    var tokens: Set<String> = []
    for _ in 0..<2 {
      let outcome = try checkout.run(["lab", "--no-browser", "--", "--Some.option=1"], foreign)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let address = try #require(
        outcome.output.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\/lab\?token=([0-9a-f]{48})\n/))
      let arguments = try String(contentsOf: checkout.file("arguments"), encoding: .utf8).split(separator: "\n")
      #expect(arguments.contains("--ServerApp.ip=127.0.0.1"))
      #expect(arguments.contains("--ServerApp.port=\(address.output.1)"))
      #expect(arguments.contains("--ServerApp.open_browser=false"))
      #expect(arguments.contains("--ServerApp.root_dir=\(checkout.path("Notebooks"))"))
      #expect(arguments.last == "--Some.option=1")
      #expect(!arguments.contains { $0.contains(address.output.2) })
      let lines = try String(contentsOf: checkout.file("environment"), encoding: .utf8).split(separator: "\n")
      #expect(lines.contains("JUPYTER_TOKEN=\(address.output.2)"))
      #expect(!lines.contains { $0.contains("/foreign") })
      for name in ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"] {
        #expect(lines.contains { $0.hasPrefix("\(name)=\(checkout.root)/.lab/") }, "\(name)")
      }
      tokens.insert(String(address.output.2))
    }
    #expect(tokens.count == 2)
    #expect(checkout.contents(of: "../home").isEmpty)
    let kernel = checkout.contents(of: ".lab/venv/share/jupyter/kernels/glassbox")["kernel.json"]
    #expect(String(decoding: kernel ?? Data(), as: UTF8.self).contains("\(checkout.root)/.lab/venv/bin/python"))
  }

  @Test("a notebook is opened where it lies, its name escaped")
  func notebook() throws {
    try checkout.write("# text", "my notes/first steps.md")
    let outcome = try checkout.run(["lab", "my notes/first steps.md"])
    #expect(outcome.output.contains("/lab/tree/first%20steps%2Emd?token="), "\(outcome)")
    let arguments = try String(contentsOf: checkout.file("arguments"), encoding: .utf8)
    #expect(arguments.contains("--ServerApp.root_dir=\(checkout.path("my notes"))\n"))
    #expect(arguments.contains("--ServerApp.open_browser=true\n"))
  }

  @Test("what can't be is told before anything is set up")
  func failures() throws {
    #expect(try checkout.run(["lab", "nowhere"]).errorLine().contains("There is no folder or notebook"))
    #expect(try checkout.run(["lab", "--port", "70000"]).errorLine().contains("--port must be in 1...65535"))
    #expect(
      try checkout.run(["lab"], ["GLASSBOX_TOOLCHAIN": "/nowhere"]).errorLine().contains("not a working Swift compiler")
    )
    let port = try ListeningPort()
    let taken = try checkout.run(["lab", "--port", "\(port.number)"])
    #expect(taken.errorLine().contains("The port \(port.number) is taken"))
    #expect(!FileManager.default.fileExists(atPath: checkout.path("arguments")))
  }

  @Test("a build that fails ends it")
  func build() throws {
    try checkout.script("exit 1", "../toolchain/bin/swift")
    #expect(try checkout.run(["lab", "--set-up-only"]).errorLine().contains("GlassboxNotebook could not be built"))
  }

  @Test("notebook run becomes the kernel's program, with its output and exit status")
  func run() throws {
    try checkout.write("# text", "a b.md")
    let absent = try checkout.run(["notebook", "run", "a b.md"])
    #expect(absent.errorLine().contains("swift build -c release --product glassbox-kernel"))
    try checkout.build(kernel: "printf '<%s>' \"$@\"; exit 3")
    let outcome = try checkout.run(["notebook", "run", "a b.md", "--output", "out.ipynb"])
    #expect(outcome.status == 3 && outcome.errors.isEmpty)
    #expect(outcome.output == "<run><a b.md><--output><out.ipynb>")
    #expect(try checkout.run(["notebook", "run", "absent.md"]).errorLine().contains("There is no notebook absent.md"))
    let several = try checkout.run(["notebook", "run", "a b.md", "a b.md", "--output", "out.ipynb"])
    #expect(several.errorLine().contains("--output takes one notebook, not 2"))
    #expect(several.status == 64)
    let wrong = try checkout.run(["notebook", "run", "a b.md", "--output", "out.md"])
    #expect(wrong.errorLine().contains("--output must end in .ipynb"))
  }
}

/// A port of 127.0.0.1 that someone listens on.
private final class ListeningPort {
  private let file: Int32
  let number: Int

  init() throws {
    file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = file
    let code = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) + listen(descriptor, 1) + getsockname(descriptor, $0, &size)
      }
    }
    try #require(code == 0)
    number = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(file) }
}
