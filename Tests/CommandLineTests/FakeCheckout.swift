import Foundation
import Testing

/// A checkout with this program in it, a toolchain, a Python and a home, none of which do anything but say what they were asked.
final class FakeCheckout {
  let folder: TemporaryFolder
  private let name: String

  /// - Parameter folder: Where checkouts stand beside each other, with one home and one toolchain.
  init(_ name: String = "checkout", in folder: TemporaryFolder) throws {
    self.folder = folder
    self.name = name
    try write("", "Package.swift")
    try write("jupyterlab==4\n", "scripts/lab-requirements.txt")
    try write("// code", "Sources/TensorCore/Ops.swift")
    try FileManager.default.createDirectory(at: file("Notebooks"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(at: file(".build/release"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: Tool.path, toPath: path(".build/release/glassbox"))
    for tool in ["swift-frontend", "swift-autolink-extract", "ld.lld", "sourcekit-lsp"] {
      try script("exit 0", "../toolchain/bin/\(tool)")
    }
    let info =
      #"{"compilerVersion": "Swift version 6.3 (fake)", "paths": {"runtimeResourcePath": "TOOLCHAIN/lib/swift"}}"#
    try script("echo '\(info.replacing("TOOLCHAIN", with: path("../toolchain")))'", "../toolchain/bin/swiftc")
    try script("echo \"swift $*\" >> '\(path("log"))'", "../toolchain/bin/swift")
    try FileManager.default.createDirectory(at: file("../home"), withIntermediateDirectories: true)
  }

  func file(_ relative: String) -> URL { folder.file("\(name)/\(relative)").standardizedFileURL }
  func path(_ relative: String) -> String { file(relative).path(percentEncoded: false) }
  var root: String { path(".").replacing(/\/$/, with: "") }

  func write(_ text: String, _ relative: String) throws {
    let url = file(relative)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func script(_ text: String, _ relative: String) throws {
    try write("#!/bin/sh\n\(text)\n", relative)
    chmod(path(relative), 0o755)
  }

  /// What `swift build` would make; the kernel is a script.
  func build(kernel: String = "exit 0", compiler: String = "Swift version 6.3 (fake)") throws {
    try write("", ".build/release/libGlassboxNotebook.so")
    try write("", ".build/release/glassbox-cell-host")
    try script(kernel, ".build/release/glassbox-kernel")
    try write("\u{1}module\u{2}\(compiler)/6.3", ".build/release/Modules/NotebookDisplay.swiftmodule")
  }

  /// A python3 on the path, which makes environments of a script; `pip` is what that does when it is asked to install.
  func addPython(pip: String = "exit 0") throws {
    let inner = """
      case "$*" in
        *"-m pip"*) echo pip >> '\(path("log"))'; \(pip) ;;
        *"-m jupyterlab"*) env > '\(path("environment"))'; printf '%s\\n' "$@" > '\(path("arguments"))' ;;
        *vl_convert*) echo 1.9 ;;
        *) echo Python 3.11 ;;
      esac
      """
    try script(inner, "inner-python")
    try script(
      """
      case "$*" in
        "-m venv "*) echo venv >> '\(path("log"))'; mkdir -p "$3/bin"; cp '\(path("inner-python"))' "$3/bin/python" ;;
        *sys.prefix*) echo '\(path("../python"))' ;;
        *vl_convert*) exit 1 ;;
        *) echo Python 3.11 ;;
      esac
      """, "../bin/python3")
  }

  /// Runs the program as it lies in this checkout.
  func run(_ arguments: [String], _ variables: [String: String] = [:], through wrapper: [String] = []) throws
    -> Tool.Outcome
  {
    let environment = [
      "HOME": path("../home"), "PATH": path("../bin") + ":/usr/bin:/bin", "GLASSBOX_TOOLCHAIN": path("../toolchain"),
      "XDG_DATA_HOME": "", "JUPYTER_DATA_DIR": "", "JUPYTER_PATH": "", "GLASSBOX_PYTHON": "",
    ]
    return try Tool.run(
      arguments, of: path(".build/release/glassbox"), in: file("."), environment: environment.merging(variables) { $1 },
      through: wrapper)
  }

  /// What its scripts were asked, a line each.
  var log: [String] {
    ((try? String(contentsOf: file("log"), encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }

  /// All files in a folder, by path, with their bytes.
  func contents(of relative: String) -> [String: Data] {
    let root = path(relative)
    let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return Dictionary(
      uniqueKeysWithValues: names.compactMap { name in
        FileManager.default.contents(atPath: "\(root)/\(name)").map { (name, $0) }
      })
  }
}
