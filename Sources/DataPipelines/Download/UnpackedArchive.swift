import Foundation
import TensorIO

extension ArchiveFolder {
  /// The folder `unpacked` beside an archive, made of it unless it is there; see ``unpack(_:into:byteLimit:fileLimit:)``.
  static func unpacked(_ archive: URL, byteLimit: Int, fileLimit: Int) throws(FileError) -> URL {
    let folder = archive.deletingLastPathComponent().appending(path: "unpacked", directoryHint: .isDirectory)
    try unpack(archive, into: folder, byteLimit: byteLimit, fileLimit: fileLimit)
    return folder
  }
}
