import DataPipelines
import Foundation
import TensorIO

/// Where the pictures, or texts, to learn from and those to test on stand.
struct FolderLayout {
  /// What paths in the data's hash are relative to.
  let root: URL
  let training: URL
  /// nil where a part of the training's is to be held out.
  let test: URL?

  /// A folder of class folders; one with `train` and perhaps `test`, `valid` or `val` in it; or an archive of either.
  init(_ url: URL, cache: DataCache) throws(FileError) {
    var isFolder: ObjCBool = false
    let path = url.path(percentEncoded: false)
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .system(operation: "read", path: path, code: ENOENT)
    }
    root = Self.inner(
      isFolder.boolValue
        ? URL(filePath: path, directoryHint: .isDirectory) : try Self.unpacked(url, cache))
    guard let train = Self.folder("train", in: root) else {
      (training, test) = (root, nil)
      return
    }
    training = train
    test = ["test", "valid", "val"].lazy.compactMap { [root] name in Self.folder(name, in: root) }.first
  }

  /// What stands in the only folder of a folder, if there are folders in that: archives are made so.
  private static func inner(_ folder: URL) -> URL {
    let folders = subfolders(of: folder)
    guard folders.count == 1, folders[0].lastPathComponent != "train", subfolders(of: folders[0]).count > 1 else {
      return folder
    }
    return folders[0]
  }

  private static func subfolders(of folder: URL) -> [URL] {
    let path = folder.path(percentEncoded: false)
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted().compactMap {
      $0.hasPrefix(".") ? nil : Self.folder($0, in: folder)
    }
  }

  private static func folder(_ name: String, in parent: URL) -> URL? {
    let url = parent.appending(path: name, directoryHint: .isDirectory)
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: url.path(percentEncoded: false), isDirectory: &isFolder)
    return exists && isFolder.boolValue ? url : nil
  }

  /// The archive as a folder of the cache, named by its contents, so that a changed archive is another one.
  private static func unpacked(_ archive: URL, _ cache: DataCache) throws(FileError) -> URL {
    let parent = cache.folder(for: "unpacked")
    let bytes = try WholeFile.read(archive)
    let hash = FileHash.sha256(bytes).prefix(16)
    let folder = parent.appending(
      path: "\(archive.deletingPathExtension().lastPathComponent)-\(hash)", directoryHint: .isDirectory)
    let path = parent.path(percentEncoded: false)
    do {
      try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    } catch {
      throw .contents(file: path, key: nil, expected: "a folder that can be made", found: error.localizedDescription)
    }
    try ArchiveFolder.unpack(archive, into: folder)
    return folder
  }
}

/// Hashes of files.
enum FileHash {
  static func sha256(_ bytes: [UInt8]) -> String {
    let hash = SHA256()
    hash.update(bytes)
    return hash.finish()
  }
}
