import ArgumentParser
import Foundation

struct Lab: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Open JupyterLab with Swift notebooks.",
    discussion: """
      The first time it sets up JupyterLab from PyPI in the checkout's .lab, and builds what notebooks need; your own \
      Jupyter and its settings stay as they are. The server listens on 127.0.0.1 alone, with a new token each time. \
      Ctrl-C ends it and its kernels.

      Markdown with fenced Swift cells opens as a notebook (jupytext).

      Examples:

        glassbox lab
        glassbox lab ~/experiments --port 9000 --no-browser
        glassbox lab Notebooks/tensors.md -- --Application.log_level=INFO
      """)

  @Argument(
    help: ArgumentHelp("A folder, or a notebook in one. (default: Notebooks of the checkout)", valueName: "folder"))
  var place: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Where to listen. (default: the first that is free from 8888 on)", valueName: "n"))
  var port: Int?

  @Flag(help: "Print the address, and open no browser.")
  var noBrowser = false

  @Flag(help: "Set everything up, and start nothing.")
  var setUpOnly = false

  @Argument(parsing: .postTerminator, help: ArgumentHelp("Options of JupyterLab, after '--'.", valueName: "options"))
  var options: [String] = []

  func validate() throws {
    if let port, !(1...65535).contains(port) { throw ValidationError("--port must be in 1...65535") }
    if place?.isEmpty == true { throw ValidationError("the folder must have a name") }
  }

  func run() throws {
    let checkout = try Checkout()
    let place = Files.absolute(self.place ?? checkout.notebooks)
    guard setUpOnly || Files.exist(place) else { throw NotebookError("There is no folder or notebook \(place)") }
    let toolchain = try SwiftToolchain()
    let environment = LabEnvironment(checkout)
    try environment.prepare()
    try checkout.build(Checkout.products, Program.environment)
    try environment.register(toolchain)
    if setUpOnly { return Output.line("JupyterLab is ready in \(environment.venv)") }
    try start(environment, place)
  }

  private func start(_ environment: LabEnvironment, _ place: String) throws {
    let isFolder = Files.isFolder(place)
    let folder = isFolder ? place : URL(filePath: place).deletingLastPathComponent().plainPath
    let name = URL(filePath: place).lastPathComponent
    let page =
      isFolder ? "/lab" : "/lab/tree/" + (name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? name)
    let port = try LoopbackPort.free(self.port)
    var random = SystemRandomNumberGenerator()
    let token = (0..<3).map { _ in String(format: "%016lx", random.next() as UInt64) }.joined()

    Output.line("notebooks  \(place)")
    Output.line("address    http://127.0.0.1:\(port)\(page)?token=\(token)")
    Output.line("Ctrl-C ends it.")
    let arguments = [
      "-m", "jupyterlab", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=\(port)", "--ServerApp.port_retries=0",
      "--ServerApp.root_dir=\(folder)", "--LabApp.default_url=\(page)", "--ServerApp.open_browser=\(!noBrowser)",
      "--ServerApp.allow_root=True", "--ServerApp.answer_yes=True", "--Application.log_level=WARN",
      // Its own default is longer than its interval, which it says each time.
      "--ServerApp.tornado_settings={'ws_ping_timeout': 30000}",
      "--MultiKernelManager.default_kernel_name=\(KernelSpec.name)",
      // Without it, jupytext takes Swift between fences for text.
      "--JupytextConfiguration.custom_language_magics=swift",
    ]
    try Program.become(environment.python, arguments + options, environment.environment(token: token))
  }
}

/// Ports of 127.0.0.1.
enum LoopbackPort {
  /// The wanted one, or the first that nobody listens on from 8888 on.
  static func free(_ wanted: Int?) throws(NotebookError) -> Int {
    if let wanted {
      if isFree(wanted) { return wanted }
      throw NotebookError("The port \(wanted) is taken or not allowed. Choose another --port, or leave it out")
    }
    guard let port = (8888..<9088).first(where: isFree) else {
      throw NotebookError("All ports from 8888 to 9087 are taken. Choose another by --port")
    }
    return port
  }

  private static func isFree(_ port: Int) -> Bool {
    let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard file >= 0 else { return false }
    defer { close(file) }
    // As the server does it: connections of one that has ended don't count.
    var yes: Int32 = 1
    setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(file, $0, size) == 0 && listen(file, 1) == 0 }
    }
  }
}
