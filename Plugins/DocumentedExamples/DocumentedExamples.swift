import Foundation
import PackagePlugin

/// Makes a test of every example in the documentation: those in the `///` comments of the modules that the target depends on, and those in
/// the package's Markdown files. A fence marked `swift` is an example; `ExampleExtractor` says what becomes of its lines.
@main
struct DocumentedExamples: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let tool = try context.tool(named: "ExampleExtractor")
    let modules = target.dependencies.compactMap { dependency -> SwiftSourceModuleTarget? in
      guard case .target(let module) = dependency else { return nil }
      return module as? SwiftSourceModuleTarget
    }
    let root = context.package.directoryURL
    var groups = modules.map { module in
      (name: module.name, files: module.sourceFiles(withSuffix: "swift").map(\.url))
    }
    groups.append((name: "Documents", files: documents(in: root)))

    return groups.map { group in
      let output = context.pluginWorkDirectoryURL.appending(path: "\(group.name)Examples.swift")
      return .buildCommand(
        displayName: "Extracting the examples of \(group.name)", executable: tool.url,
        arguments: [group.name, output.path, root.path, modules.map(\.name).joined(separator: ",")]
          + group.files.map(\.path).sorted(),
        inputFiles: group.files, outputFiles: [output])
    }
  }

  private func documents(in root: URL) -> [URL] {
    let places = [root, root.appending(path: "docs")]
    return places.flatMap { place in
      (try? FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)) ?? []
    }.filter { $0.pathExtension == "md" }
  }
}
