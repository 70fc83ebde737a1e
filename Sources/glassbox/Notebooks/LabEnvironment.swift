import Foundation

/// The virtual environment in the checkout's `.lab`, with a JupyterLab of fixed version, and its own settings: nothing of the user's Jupyter
/// is read or changed.
struct LabEnvironment {
  private let checkout: Checkout

  init(_ checkout: Checkout) { self.checkout = checkout }

  var root: String { checkout.root + "/.lab" }
  var venv: String { root + "/venv" }
  var python: String { venv + "/bin/python" }
  private var requirements: String { checkout.root + "/scripts/lab-requirements.txt" }
  private var stampFile: String { venv + "/glassbox-stamp.txt" }

  /// What the environment was made from. It knows its own place, and so does not survive a move.
  private var stamp: String {
    "\(venv)\n" + ((try? String(contentsOfFile: requirements, encoding: .utf8)) ?? "no requirements")
  }

  /// Whether it is whole: the stamp is the last thing that is written.
  var isPrepared: Bool {
    (try? String(contentsOfFile: stampFile, encoding: .utf8)) == stamp && Program.ask(python, ["--version"]) != nil
  }

  /// Makes the environment unless it is there.
  func prepare() throws(NotebookError) {
    try Files.makeFolder(root)
    let lock = try lock()
    defer { close(lock) }
    if isPrepared { return }
    guard let python3 = Program.find("python3") else {
      throw NotebookError("There is no python3 on the PATH. On Debian and Ubuntu: apt-get install python3-venv")
    }
    Output.line("setting up JupyterLab in \(venv), once: a minute or so")
    try Files.remove(venv)
    guard try Program.run(python3, ["-m", "venv", venv], clean) == 0 else {
      throw NotebookError(
        "\(python3) can't make virtual environments. On Debian and Ubuntu: apt-get install python3-venv")
    }
    let arguments = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", requirements]
    guard try Program.run(python, arguments, clean) == 0 else {
      throw NotebookError(
        "JupyterLab could not be installed from PyPI; what pip said stands above. When it can, repeat the command")
    }
    try Files.write(stamp, to: stampFile)
  }

  /// Another `glassbox lab` may be at it: one at a time. The lock goes with its descriptor.
  private func lock() throws(NotebookError) -> Int32 {
    let path = root + "/lock"
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw NotebookError("\(path) can't be written: \(String(cString: strerror(errno)))") }
    if flock(file, LOCK_EX | LOCK_NB) != 0 {
      Output.line("waiting for another glassbox lab, which sets up \(venv)")
      while flock(file, LOCK_EX) != 0 && errno == EINTR {}
    }
    return file
  }

  /// Tells this JupyterLab of the kernel, and of Markdown as notebooks.
  func register(_ toolchain: SwiftToolchain) throws {
    let folder = KernelFolder(named: KernelSpec.name, in: venv + "/share/jupyter")
    try folder.install(KernelSpec(checkout, toolchain, python: python), replacing: true)
    try Files.makeFolder(venv + "/share/jupyter/lab/settings")
    try Files.write(Self.settings, to: venv + "/share/jupyter/lab/settings/overrides.json")
  }

  /// Defaults that a user can change in JupyterLab. News would be fetched from the network, and asked for at every first start. Cells
  /// stay in the page when they are scrolled out of it: their charts would be drawn anew each time.
  private static let settings = """
    {
      "@jupyterlab/docmanager-extension:plugin": {
        "defaultViewers": { "markdown": "Jupytext Notebook", "myst": "Jupytext Notebook" }
      },
      "@jupyterlab/notebook-extension:tracker": { "windowingMode": "defer" },
      "@jupyterlab/apputils-extension:notification": { "fetchNews": "false", "checkForUpdates": false }
    }

    """

  /// Without what would bring in packages or settings from elsewhere.
  private var clean: [String: String] {
    let foreign = ["PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "VIRTUAL_ENV"]
    return Program.environment.filter { !foreign.contains($0.key) && !$0.key.hasPrefix("JUPYTER") }
  }

  /// What JupyterLab and its kernels run with.
  func environment(token: String) -> [String: String] {
    var variables = clean
    variables["PATH"] = "\(venv)/bin:" + (variables["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
    variables["VIRTUAL_ENV"] = venv
    variables["PYTHONNOUSERSITE"] = "1"
    variables["JUPYTER_PREFER_ENV_PATH"] = "1"
    variables["JUPYTER_CONFIG_DIR"] = root + "/config"
    variables["JUPYTER_DATA_DIR"] = root + "/data"
    variables["JUPYTER_RUNTIME_DIR"] = root + "/runtime"
    variables["IPYTHONDIR"] = root + "/ipython"
    // Not an argument: those can be read by all users of the machine.
    variables["JUPYTER_TOKEN"] = token
    return variables
  }
}
