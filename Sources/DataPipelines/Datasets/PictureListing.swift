import Foundation
import TensorIO

/// The pictures below a folder, by class.
struct PictureListing {
  struct Class {
    let name: String
    var files: [URL]
  }

  private(set) var classes: [Class] = []
  private(set) var hiddenFiles = 0
  /// The paths of files that are neither pictures nor hidden.
  private(set) var otherFiles: [String] = []

  init(_ root: URL) throws(FileError) {
    for item in try Self.contents(of: root) {
      if isHidden(item) { continue }
      if item.hasDirectoryPath {
        var files: [URL] = []
        try collect(item, into: &files)
        classes.append(Class(name: item.lastPathComponent, files: files))
      } else {
        // A picture beside the classes' folders has no class.
        otherFiles.append(item.path(percentEncoded: false))
      }
    }
  }

  private mutating func collect(_ folder: URL, into files: inout [URL]) throws(FileError) {
    for item in try Self.contents(of: folder) {
      if isHidden(item) { continue }
      if item.hasDirectoryPath {
        try collect(item, into: &files)
      } else if ["jpg", "jpeg", "png"].contains(item.pathExtension.lowercased()) {
        files.append(item)
      } else {
        otherFiles.append(item.path(percentEncoded: false))
      }
    }
  }

  private mutating func isHidden(_ item: URL) -> Bool {
    let isHidden = item.lastPathComponent.hasPrefix(".")
    if isHidden { hiddenFiles += 1 }
    return isHidden
  }

  /// What stands in a folder, sorted by name. Links to folders are not followed: they could lead back.
  private static func contents(of folder: URL) throws(FileError) -> [URL] {
    let path = folder.path(percentEncoded: false)
    do {
      let manager = FileManager.default
      return try manager.contentsOfDirectory(atPath: path).sorted().map { name in
        let kind = try manager.attributesOfItem(atPath: path + "/" + name)[.type] as? FileAttributeType
        return folder.appending(path: name, directoryHint: kind == .typeDirectory ? .isDirectory : .notDirectory)
      }
    } catch {
      throw .contents(file: path, key: nil, expected: "a folder that can be listed", found: error.localizedDescription)
    }
  }
}

extension PictureFolder {
  /// What a folder of pictures held, and what was left out of it.
  public struct Report: Sendable, CustomStringConvertible {
    /// A picture that could not be decoded.
    public struct Unreadable: Sendable {
      public let file: String
      public let reason: FileError
    }

    /// The classes and how many pictures each has.
    public internal(set) var classes: [(name: String, count: Int)] = []
    /// Classes that were skipped, with the number of their pictures.
    public internal(set) var smallClasses: [(name: String, count: Int)] = []
    /// Pictures that were skipped.
    public internal(set) var unreadable: [Unreadable] = []
    /// How many files and folders have names that begin with a dot.
    public let hiddenFiles: Int
    /// The paths of files that are no pictures by their names, or stand beside the classes' folders.
    public let otherFiles: [String]

    init(hiddenFiles: Int, otherFiles: [String]) {
      self.hiddenFiles = hiddenFiles
      self.otherFiles = otherFiles
    }

    public var description: String {
      var lines = ["\(classes.reduce(0) { $0 + $1.count }) pictures in \(classes.count) classes"]
      lines += classes.map { "  \($0.name): \($0.count)" }
      lines += smallClasses.map { "skipped the class \($0.name): \($0.count) pictures" }
      lines += unreadable.map { "skipped \($0.reason)" }
      if hiddenFiles > 0 { lines.append("left alone \(hiddenFiles) hidden files") }
      if !otherFiles.isEmpty { lines.append("left alone \(otherFiles.count) other files, first \(otherFiles[0])") }
      return lines.joined(separator: "\n")
    }
  }
}
