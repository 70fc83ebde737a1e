import CellExecution
import Foundation

/// Which of the modules that the compiler finds a cell can import: SwiftPM puts the modules of all targets into one folder, also those of
/// tests and programs, which the cells' library does not hold.
struct ImportableModules: Sendable {
  private let excluded: Set<String>

  init(_ library: CellLibrary) {
    let folder = URL(filePath: library.path).deletingLastPathComponent()
    let product = URL(filePath: library.path).deletingPathExtension().lastPathComponent.dropFirst("lib".count)
    let objects = try? String(
      contentsOf: folder.appending(path: "\(product).product/Objects.LinkFileList"), encoding: .utf8)
    let linked = Set((objects ?? "").matches(of: /\/([^\/]+)\.build\//).map { String($0.output.1) })
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "Modules").path)) ?? []
    let built = files.filter { $0.hasSuffix(".swiftmodule") }.map { String($0.dropLast(".swiftmodule".count)) }
    excluded = linked.isEmpty ? [] : Set(built).subtracting(linked)
  }

  /// Parts of compilers have names in lower case; cells see each other as it is.
  func contains(_ module: String) -> Bool {
    !excluded.contains(module) && module.first?.isUppercase == true && !module.hasPrefix("Cell_")
  }
}
