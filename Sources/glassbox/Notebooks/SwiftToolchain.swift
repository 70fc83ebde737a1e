import Foundation

/// The Swift toolchain that compiles cells.
struct SwiftToolchain {
  /// The folder above `bin/swiftc`.
  let root: String
  /// What the compiler says of itself: `Swift version 6.3 (swift-6.3-RELEASE)`.
  let version: String

  /// The one in the folder that `GLASSBOX_TOOLCHAIN` names, else that of the `swiftc` on the `PATH`.
  init(_ environment: [String: String] = Program.environment) throws(NotebookError) {
    let compiler: String
    if let named = environment["GLASSBOX_TOOLCHAIN"] {
      compiler = named + "/bin/swiftc"
    } else if let found = Program.find("swiftc", environment) {
      compiler = found
    } else {
      throw NotebookError(
        "There is no swiftc on the PATH. Put it there, or name the folder above bin/swiftc in GLASSBOX_TOOLCHAIN")
    }
    // Not every swiftc is the compiler: that of swiftly stands for another, which knows where it lives.
    guard let answer = Program.ask(compiler, ["-print-target-info"], environment),
      let info = try? JSONDecoder().decode(TargetInfo.self, from: Data(answer.text.utf8))
    else {
      throw NotebookError("\(compiler) is not a working Swift compiler: it does not answer -print-target-info")
    }
    version = info.compilerVersion
    let resources = URL(filePath: info.paths.runtimeResourcePath)
    root = resources.deletingLastPathComponent().deletingLastPathComponent().plainPath
  }

  private struct TargetInfo: Decodable {
    struct Paths: Decodable { let runtimeResourcePath: String }
    let compilerVersion: String
    let paths: Paths
  }

  /// The version of the compiler that made a module, where it stands as text.
  static func version(ofModule path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path),
      let begin = data.range(of: Data("Swift version ".utf8))?.lowerBound,
      let end = data[begin...].prefix(200).firstIndex(of: UInt8(ascii: ")"))
    else { return nil }
    return String(decoding: data[begin...end], as: UTF8.self)
  }
}
