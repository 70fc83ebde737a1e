import Foundation

/// The library that cells import, as SwiftPM built it: one dynamic library with all modules, and the program that runs cells with it.
package struct CellLibrary: Sendable, Hashable {
  /// The dynamic library.
  package let path: String
  /// `glassbox-cell-host`.
  package let host: String
  /// Where modules, and those of C, are found: arguments of `swift-frontend`.
  package let importArguments: [String]
  /// Compiled modules of C, kept between sessions.
  package let moduleCache: String

  /// The library beside the running program: SwiftPM puts all that it builds into one folder, tests too.
  package init() throws(CellExecutionError) {
    let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    try self.init(
      buildFolder: program.deletingLastPathComponent().path(percentEncoded: false).replacing(/\/$/, with: ""))
  }

  /// The library in a build folder of SwiftPM, such as `.build/release`.
  package init(buildFolder: String, product: String = "GlassboxNotebook") throws(CellExecutionError) {
    path = "\(buildFolder)/lib\(product).so"
    host = "\(buildFolder)/glassbox-cell-host"
    moduleCache = "\(buildFolder)/ModuleCache"
    for file in [path, host] where !FileManager.default.fileExists(atPath: file) {
      throw CellExecutionError("\(file) has not been built; `swift build -c release` makes it")
    }
    importArguments = ["-I", "\(buildFolder)/Modules"] + (try Self.clangArguments(buildFolder))
  }

  /// What SwiftPM tells the compiler of C modules when it builds the modules of Swift that import them. Its description of the build
  /// has no documented format, but it is the one place that knows the flags of system libraries as well.
  private static func clangArguments(_ folder: String) throws(CellExecutionError) -> [String] {
    let file = "\(folder)/description.json"
    let description: BuildDescription
    do {
      description = try JSONDecoder().decode(BuildDescription.self, from: Data(contentsOf: URL(filePath: file)))
    } catch {
      throw CellExecutionError("\(file) does not describe a build of SwiftPM: \(error)")
    }
    var found: [String] = []
    for (_, command) in description.swiftCommands.sorted(by: { $0.key < $1.key }) where command.isLibrary {
      let words = command.otherArguments
      let forClang = zip(words, words.dropFirst()).filter { $0.0 == "-Xcc" }.map { $0.1 }
      var isPath = false
      for word in forClang {
        let argument = isPath ? "-I" + word : word
        isPath = word == "-I"
        if isPath || !(argument.hasPrefix("-I") || argument.hasPrefix("-fmodule-map-file=")) { continue }
        if !found.contains(argument) { found.append(argument) }
      }
    }
    return found.flatMap { ["-Xcc", $0] }
  }

  private struct BuildDescription: Decodable {
    struct Command: Decodable {
      var isLibrary: Bool
      var otherArguments: [String]
    }
    var swiftCommands: [String: Command]
  }
}
