import ArgumentParser
import Foundation

/// Where a kernel is installed, as `jupyter kernelspec install` has it.
struct KernelPlace: ParsableArguments {
  @Flag(help: "For this user's Jupyter, $JUPYTER_DATA_DIR or ~/.local/share/jupyter. (default)")
  var user = false

  @Option(help: ArgumentHelp("For the Jupyter in this folder, such as a virtual environment.", valueName: "dir"))
  var prefix: String?

  @Flag(help: "For the Jupyter of the python3 on the PATH, such as that of an activated environment.")
  var sysPrefix = false

  @Option(help: ArgumentHelp("What notebooks call the kernel.", valueName: "name"))
  var name = KernelSpec.name

  func validate() throws {
    if [user, prefix != nil, sysPrefix].filter({ $0 }).count > 1 {
      throw ValidationError("only one of --user, --prefix and --sys-prefix can be given")
    }
    if prefix?.isEmpty == true { throw ValidationError("--prefix must name a folder") }
    if name.wholeMatch(of: /[a-zA-Z0-9][a-zA-Z0-9._-]*/) == nil {
      throw ValidationError("--name must be of letters, digits, '.', '-' and '_', and begin with one of the former")
    }
  }

  func folder() throws(NotebookError) -> KernelFolder { KernelFolder(named: name, in: try dataFolder()) }

  private func dataFolder() throws(NotebookError) -> String {
    if let prefix { return Files.absolute(prefix) + "/share/jupyter" }
    if !sysPrefix { return JupyterFolders.user() }
    guard let python = Program.find("python3"), let prefix = JupyterFolders.prefix(of: python) else {
      throw NotebookError("There is no python3 on the PATH to ask for its prefix. Give the folder by --prefix")
    }
    return prefix + "/share/jupyter"
  }
}

/// The folders in which Jupyter looks for data ("Data files" in the documentation of jupyter_core); no Jupyter is asked.
enum JupyterFolders {
  static func user(_ environment: [String: String] = Program.environment) -> String {
    func named(_ variable: String) -> String? { environment[variable].flatMap { $0.isEmpty ? nil : $0 } }
    if let own = named("JUPYTER_DATA_DIR") { return Files.absolute(own) }
    let data = named("XDG_DATA_HOME") ?? (named("HOME") ?? NSHomeDirectory()) + "/.local/share"
    return Files.absolute(data + "/jupyter")
  }

  /// Where a Python has its packages.
  static func prefix(of python: String) -> String? {
    guard let answer = Program.ask(python, ["-c", "import sys; print(sys.prefix)"]), answer.succeeded else {
      return nil
    }
    return answer.firstLine
  }

  /// All of them, those that come first first.
  static func all(_ checkout: Checkout) -> [String] {
    let environment = Program.environment
    let paths = (environment["JUPYTER_PATH"] ?? "").split(separator: ":").map(String.init)
    let pythons = ["python3", "jupyter"].compactMap { Program.find($0) }.compactMap { program in
      program.hasSuffix("python3")
        ? prefix(of: program) : URL(filePath: program).deletingLastPathComponent().deletingLastPathComponent().plainPath
    }
    let folders =
      paths + [user(environment)] + pythons.map { $0 + "/share/jupyter" }
      + ["/usr/local/share/jupyter", "/usr/share/jupyter", LabEnvironment(checkout).venv + "/share/jupyter"]
    return folders.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
