import Foundation
import TensorCore
import TensorIO

/// A folder of texts in classes: `root/CLASS/…/NAME.txt`, or the same in an archive.
///
/// Classes and texts come in the order of their names. Other files are left alone, and counted.
///
/// ```swift
/// func reviews(_ root: URL) throws -> LabelledTexts {
///   let folder = try TextFolder(root, unreadable: .skip)
///   print(folder.report)
///   return folder.texts
/// }
/// ```
public struct TextFolder: Sendable {
  public let texts: LabelledTexts
  /// The place of each text: a path, or that within the archive.
  public let places: [String]
  public let report: Report

  /// What was found, and what was left out.
  public struct Report: Sendable, CustomStringConvertible {
    /// Files that hold no text: empty, or no UTF-8.
    public internal(set) var unreadable: [FileError] = []
    /// How many files are hidden, end otherwise, or have no class.
    public internal(set) var otherFiles = 0

    public var description: String {
      var lines = ["\(unreadable.count) texts left out, \(otherFiles) other files left alone"]
      lines += unreadable.prefix(5).map { "  \($0)" }
      if unreadable.count > 5 { lines.append("  and \(unreadable.count - 5) more") }
      return lines.joined(separator: "\n")
    }
  }

  /// Reads all texts.
  ///
  /// - Parameters:
  ///   - unreadable: What to do about files that are empty or no UTF-8.
  ///   - byteLimit: The most bytes of all texts together.
  ///   - fileLimit: The most files and folders.
  /// - Throws: ``TensorIO/FileError`` when the folder or the archive can't be read, has no texts in classes, has what is to be refused, or more than
  ///   the limits.
  public init(
    _ root: URL, unreadable: BadInputHandling = .refuse, byteLimit: Int = 1 << 34, fileLimit: Int = 1 << 22
  ) throws(FileError) {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: root.path(percentEncoded: false), isDirectory: &isFolder)
    var files = TextFiles(byteLimit: byteLimit, fileLimit: fileLimit)
    if exists, isFolder.boolValue { try files.read(folder: root) } else { try files.read(archive: root) }
    try self.init(files, below: "", of: root, unreadable)
  }

  init(_ files: TextFiles, below prefix: String, of root: URL, _ handling: BadInputHandling) throws(FileError) {
    var report = Report()
    report.otherFiles = files.others
    var found: [(name: String, place: String, text: String)] = []
    for file in files.all.sorted(by: { $0.path < $1.path }) {
      // Below the prefix stands the class, and below that the file.
      guard file.path.hasPrefix(prefix) else { continue }
      let parts = file.path.dropFirst(prefix.count).split(separator: "/")
      guard parts.count > 1, let name = parts.first else {
        report.otherFiles += 1
        continue
      }
      let path = root.path(percentEncoded: false)
      let place = path + (path.hasSuffix("/") ? "" : "/") + file.path
      do throws(FileError) {
        found.append((String(name), place, try TextFile.text(of: file.bytes, file: place)))
      } catch {
        if handling == .refuse { throw error }
        report.unreadable.append(error)
      }
    }
    let names = Set(found.map(\.name)).sorted()
    if names.isEmpty {
      throw .contents(
        file: root.path(percentEncoded: false), key: nil, expected: "folders of .txt files, one for each class",
        found: "none")
    }
    let positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    texts = LabelledTexts(found.map(\.text), classes: found.map { positions[$0.name] ?? 0 }, classNames: names)
    places = found.map(\.place)
    self.report = report
  }
}

/// A file that is one text.
public enum TextFile {
  /// Its text.
  ///
  /// - Throws: ``TensorIO/FileError`` when it can't be read, is no UTF-8, or has nothing but white space.
  public static func read(_ url: URL) throws(FileError) -> String {
    try text(of: try WholeFile.read(url), file: url.path(percentEncoded: false))
  }

  static func text(of bytes: [UInt8], file: String) throws(FileError) -> String {
    if let text = String(validating: bytes, as: UTF8.self), !text.allSatisfy(\.isWhitespace) { return text }
    throw .contents(file: file, key: nil, expected: "text in UTF-8", found: bytes.isEmpty ? "nothing" : "none")
  }
}

/// The `.txt` files of a folder or an archive, by their paths in it.
struct TextFiles {
  private(set) var all: [(path: String, bytes: [UInt8])] = []
  /// How many files are hidden or end otherwise.
  private(set) var others = 0
  private var byteLimit: Int
  private let fileLimit: Int
  private var files = 0

  init(byteLimit: Int, fileLimit: Int = 1 << 22) { (self.byteLimit, self.fileLimit) = (byteLimit, fileLimit) }

  private mutating func count(in url: URL) throws(FileError) {
    files += 1
    if files <= fileLimit { return }
    throw .contents(
      file: url.path(percentEncoded: false), key: nil, expected: "at most \(fileLimit) files and folders", found: "more"
    )
  }

  private func isText(_ path: String) -> Bool {
    path.hasSuffix(".txt") && !path.split(separator: "/").contains { $0.hasPrefix(".") }
  }

  /// - Parameter isWanted: Members for whose paths it is false are passed over.
  mutating func read(archive url: URL, isWanted: (String) -> Bool = { _ in true }) throws(FileError) {
    var archive = try ArchiveReader(url)
    while let member = try archive.next() {
      try count(in: url)
      let path = member.pathWithin ?? member.path
      guard member.isFile, isWanted(path) else { continue }
      if member.pathWithin != nil, isText(path) {
        all.append((path, try archive.contents(limit: &byteLimit)))
      } else {
        others += 1
      }
    }
  }

  mutating func read(folder url: URL) throws(FileError) {
    let root = url.path(percentEncoded: false)
    guard let paths = try? FileManager.default.subpathsOfDirectory(atPath: root) else {
      throw .contents(file: root, key: nil, expected: "a folder that can be listed", found: "another one")
    }
    for path in paths {
      try count(in: url)
      let file = url.appending(path: path)
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false), isDirectory: &isFolder),
        !isFolder.boolValue
      else { continue }
      if isText(path) {
        all.append((path, try WholeFile.read(file, limit: &byteLimit)))
      } else {
        others += 1
      }
    }
  }
}
