import Foundation

/// Files to predict for.
enum InputFiles {
  /// What is named, and of folders the files below them with such endings, in the order of their names; hidden ones are left out.
  static func found(at paths: [String], endings: Set<String>, kind: String, _ lines: PredictionLines) -> [String] {
    paths.flatMap { path -> [String] in
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
        return [path]
      }
      let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
      let folder = path.hasSuffix("/") ? path : path + "/"
      let files = names.filter { name in
        let isHidden = name.split(separator: "/").contains { $0.hasPrefix(".") }
        return !isHidden && endings.contains(URL(filePath: name).pathExtension.lowercased())
      }
      if files.isEmpty { lines.report("\(path): expected \(kind) in the folder, found none.") }
      return files.sorted().map { folder + $0 }
    }
  }
}
