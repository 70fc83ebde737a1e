import Foundation

/// The folder with the sources that this program was built from; what notebooks and the server need is built there too.
struct Checkout {
  let root: String
  /// Where this program lies, and those beside it.
  let programs: String

  /// What `swift build` has to make for notebooks: the library that cells import, the process that runs them, the kernel.
  static let products = ["GlassboxNotebook", "glassbox-cell-host", "glassbox-kernel"]

  /// The checkout around the running program.
  init() throws(NotebookError) {
    programs = Files.folder(of: "/proc/self/exe")
    var folder = URL(filePath: programs)
    while folder.plainPath != "/" {
      if Files.exist(folder.plainPath + "/Package.swift") {
        root = folder.plainPath
        return
      }
      folder.deleteLastPathComponent()
    }
    throw NotebookError(
      "This needs the checkout that the program was built in, and \(programs)/glassbox lies in none: "
        + "run .build/release/glassbox of the checkout")
  }

  var buildFolder: String { root + "/.build/release" }
  var library: String { buildFolder + "/libGlassboxNotebook.so" }
  var host: String { buildFolder + "/glassbox-cell-host" }
  var kernel: String { buildFolder + "/glassbox-kernel" }
  var notebooks: String { root + "/Notebooks" }

  /// The command that makes what is missing.
  static func buildCommand(_ product: String) -> String { "swift build -c release --product \(product)" }

  func build(_ products: [String], _ environment: [String: String]) throws(NotebookError) {
    let named = environment["GLASSBOX_TOOLCHAIN"].map { $0 + "/bin/swift" }
    guard let swift = named ?? Program.find("swift", environment) else {
      throw NotebookError("There is no swift on the PATH. Install Swift (https://www.swift.org/install/linux/)")
    }
    for product in products {
      Output.line("building \(product)")
      let arguments = ["build", "--package-path", root, "-c", "release", "--product", product]
      guard try Program.run(swift, arguments, environment) == 0 else {
        throw NotebookError("\(product) could not be built; what the compiler said stands above")
      }
    }
  }
}

/// What keeps notebooks from working, in a sentence or two; the last one says what to do.
struct NotebookError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description.hasSuffix(".") ? description : description + "." }
}

/// Questions about files.
enum Files {
  static func exist(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  static func isProgram(_ path: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: path) && !isFolder(path)
  }

  static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// Where a file lies that a link may stand for.
  static func folder(of path: String) -> String {
    URL(filePath: path).resolvingSymlinksInPath().deletingLastPathComponent().plainPath
  }

  /// Without the end of a path's last slashes, and from the root.
  static func absolute(_ path: String) -> String { URL(filePath: path).standardizedFileURL.plainPath }

  /// A file is there with all of its text, or as it was before.
  static func write(_ text: String, to path: String) throws(NotebookError) { try write(Data(text.utf8), to: path) }

  static func write(_ data: Data, to path: String) throws(NotebookError) {
    try attempt("\(path) can't be written") { try data.write(to: URL(filePath: path), options: .atomic) }
  }

  static func makeFolder(_ path: String) throws(NotebookError) {
    try attempt("\(path) can't be made") {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
  }

  static func remove(_ path: String) throws(NotebookError) {
    if (try? FileManager.default.attributesOfItem(atPath: path)) == nil { return }
    try attempt("\(path) can't be removed") { try FileManager.default.removeItem(atPath: path) }
  }

  private static func attempt(_ failure: String, _ body: () throws -> Void) throws(NotebookError) {
    do { try body() } catch {
      let reason = (error as NSError).userInfo[NSUnderlyingErrorKey].map { "\($0)" }
      throw NotebookError("\(failure): \(reason ?? error.localizedDescription)")
    }
  }
}

extension URL {
  /// Without escapes, and without a slash at the end.
  var plainPath: String {
    let path = path(percentEncoded: false)
    return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }
}
