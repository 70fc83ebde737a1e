import Foundation

/// What can't be found or started: a toolchain, the library that cells use, their host.
package struct CellExecutionError: Error, Sendable, CustomStringConvertible {
  package var description: String
  package init(_ description: String) { self.description = description }
}

/// The Swift toolchain that compiles cells: the one whose compiler built the library that they use.
package struct Toolchain: Sendable, Hashable {
  /// The folder above `bin/swiftc`.
  package let root: String
  /// What the compiler says of itself: `Swift version 6.3 (swift-6.3-RELEASE)`.
  package let version: String
  /// Such as `x86_64-unknown-linux-gnu`.
  package let target: String

  /// The toolchain in the folder that `GLASSBOX_TOOLCHAIN` names, else that of the `swiftc` on the `PATH`.
  package init(environment: [String: String] = ProcessInfo.processInfo.environment) async throws(CellExecutionError) {
    let compiler: String
    if let named = environment["GLASSBOX_TOOLCHAIN"] {
      compiler = named + "/bin/swiftc"
    } else {
      let folders = (environment["PATH"] ?? "").split(separator: ":")
      guard
        let folder = folders.first(where: { FileManager.default.isExecutableFile(atPath: "\($0)/swiftc") })
      else { throw CellExecutionError("no swiftc on the PATH; GLASSBOX_TOOLCHAIN names the folder above bin") }
      compiler = "\(folder)/swiftc"
    }
    // A swiftc on the PATH may stand for another: swiftly's does. The compiler itself knows where it lives.
    let run = try await ToolRun.of(compiler, ["-print-target-info"])
    guard let info = try? JSONDecoder().decode(TargetInfo.self, from: Data(run.output.utf8)) else {
      throw CellExecutionError("\(compiler) does not say what it is: \(run.errors)")
    }
    let resources = URL(filePath: info.paths.runtimeResourcePath)
    root = resources.deletingLastPathComponent().deletingLastPathComponent().path(percentEncoded: false)
      .replacing(/\/$/, with: "")
    version = info.compilerVersion
    target = info.target.triple
    for name in ["swift-frontend", "swift-autolink-extract", "ld.lld"] {
      guard FileManager.default.isExecutableFile(atPath: tool(name)) else {
        throw CellExecutionError("the toolchain \(root) has no \(name)")
      }
    }
  }

  package func tool(_ name: String) -> String { "\(root)/bin/\(name)" }

  /// The runtime's libraries.
  var libraries: String { "\(root)/lib/swift/linux" }
  /// Such as `x86_64`.
  var architecture: String { String(target.prefix { $0 != "-" }) }

  private struct TargetInfo: Decodable {
    struct Target: Decodable { var triple: String }
    struct Paths: Decodable { var runtimeResourcePath: String }
    var compilerVersion: String
    var target: Target
    var paths: Paths
  }
}
