import Foundation
import Testing

@Suite("Package.swift")
struct ManifestTests {
  // SwiftPM refuses a dependency with unsafe flags. It checks dependencies out into a folder named `checkouts`.
  @Test("has flags of its own where someone works on it, and none where another package depends on it")
  func unsafeFlags() throws {
    #expect(try manifest(in: "work").contains("unsafeFlags"))
    #expect(try !manifest(in: "checkouts").contains("unsafeFlags"))
  }

  /// What SwiftPM reads from a copy of the manifest in a folder of this name.
  private func manifest(in name: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "glassbox-manifest-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let package = folder.appending(path: name).appending(path: "Glassbox")
    try FileManager.default.createDirectory(at: package, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: House.root.appending(path: "Package.swift"), to: package.appending(path: "Package.swift"))

    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["swift", "package", "--package-path", package.path(percentEncoded: false), "dump-package"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }
}
