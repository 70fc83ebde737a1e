import Foundation

/// What tells Jupyter how to start a kernel: `kernel.json` of a folder in `share/jupyter/kernels`
/// ("Kernel specs" in the documentation of jupyter_client).
struct KernelSpec: Codable, Equatable {
  var argv: [String]
  var displayName: String
  var language: String
  var interruptMode: String
  var env: [String: String]
  var metadata: Metadata

  struct Metadata: Codable, Equatable {
    var debugger: Bool
    var glassbox: Origin
  }

  /// The checkout whose kernel it starts: no other may be overwritten unasked.
  struct Origin: Codable, Equatable { var checkout: String }

  enum CodingKeys: String, CodingKey {
    case argv, language, env, metadata
    case displayName = "display_name"
    case interruptMode = "interrupt_mode"
  }

  /// - Parameter python: The Python that has vl-convert, for charts as SVG and PNG.
  init(_ checkout: Checkout, _ toolchain: SwiftToolchain, python: String? = nil) {
    argv = [checkout.kernel, "{connection_file}"]
    displayName = "Swift (Glassbox)"
    language = "swift"
    interruptMode = "message"
    // Wherever Jupyter is started: cells are compiled by the toolchain that the library was built with.
    env = ["GLASSBOX_TOOLCHAIN": toolchain.root, "PATH": "\(toolchain.root)/bin:${PATH}"]
    if let python { env["GLASSBOX_PYTHON"] = python }
    metadata = Metadata(debugger: false, glassbox: Origin(checkout: checkout.root))
  }

  /// The name by which notebooks ask for it.
  static let name = "glassbox"

  /// Its files by name; `kernel.json`, which makes it count, is the last.
  var files: [(name: String, data: Data)] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return KernelLogo.files + [("kernel.json", try encoder.encode(self) + Data("\n".utf8))]
    }
  }
}

/// A folder in which Jupyter looks for a kernel's specification.
struct KernelFolder {
  let path: String

  init(named name: String, in data: String) { path = "\(data)/kernels/\(name)" }

  enum Content {
    case nothing
    /// Of Glassbox.
    case glassbox(KernelSpec)
    /// Of another kernel, or damaged.
    case other(String)
  }

  var content: Content {
    guard Files.exist(path) else { return .nothing }
    guard let data = FileManager.default.contents(atPath: path + "/kernel.json") else {
      return .other("a folder without kernel.json")
    }
    if let spec = try? JSONDecoder().decode(KernelSpec.self, from: data) { return .glassbox(spec) }
    let name = ((try? JSONSerialization.jsonObject(with: data)) as? [String: Any])?["display_name"] as? String
    return .other(name.map { "the kernel \"\($0)\"" } ?? "a damaged kernel.json")
  }

  /// Writes a specification, which is there as a whole or not at all at any time.
  ///
  /// - Returns: Whether one was replaced.
  @discardableResult
  func install(_ spec: KernelSpec, replacing: Bool) throws -> Bool {
    func refuse(_ what: String) throws {
      if replacing { return }
      throw NotebookError(
        "\(path) holds \(what). Put another in its place by --replace, or choose another --name")
    }
    switch content {
    case .nothing:
      try create(spec)
      return false
    case .glassbox(let present):
      let checkout = present.metadata.glassbox.checkout
      if checkout != spec.metadata.glassbox.checkout { try refuse("the kernel of another checkout, \(checkout)") }
    case .other(let what): try refuse(what)
    }
    // Each file changes in one step; what Jupyter reads changes last.
    for (name, data) in try spec.files { try Files.write(data, to: "\(path)/\(name)") }
    return true
  }

  /// The folder appears under its name when all is in it.
  private func create(_ spec: KernelSpec) throws {
    let url = URL(filePath: path)
    let partial = url.deletingLastPathComponent().plainPath + "/.\(url.lastPathComponent).partial-\(getpid())"
    try Files.makeFolder(partial)
    do {
      for (name, data) in try spec.files { try Files.write(data, to: "\(partial)/\(name)") }
      guard rename(partial, path) == 0 else {
        throw NotebookError("\(path) can't be made: \(String(cString: strerror(errno)))")
      }
    } catch {
      try? Files.remove(partial)
      throw error
    }
  }

  /// Removes the specification of a checkout, or of one that is gone.
  func uninstall(_ checkout: Checkout) throws(NotebookError) {
    switch content {
    case .nothing: throw NotebookError("There is no kernel at \(path)")
    case .other(let what): throw NotebookError("\(path) holds \(what), which is not Glassbox's: it stays")
    case .glassbox(let spec):
      let other = spec.metadata.glassbox.checkout
      if other != checkout.root && Files.exist(other + "/Package.swift") {
        throw NotebookError(
          "\(path) holds the kernel of another checkout: it stays. Remove it by \(other)/.build/release/glassbox")
      }
      try Files.remove(path)
    }
  }
}
