import Foundation
import TensorIO

/// Whether a film review is positive (see ``IMDBFiles``).
///
/// ```swift
/// func reviews() async throws -> TextData { try await IMDB.load() }
/// ```
public enum IMDB {
  /// The reviews as published, 25,000 for training and as many for the test; the classes are `neg` and `pos`. An archive that is not in the cache is
  /// downloaded; nothing is unpacked.
  ///
  /// - Throws: ``DownloadError`` when it cannot be had; ``TensorIO/FileError`` when it does not hold what it should.
  public static func load(
    cache: DataCache = .default, downloader: Downloader = Downloader(),
    progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) async throws -> TextData {
    let archive = try await cache.fetch([IMDBFiles.archive], for: "imdb", with: downloader, progress: progress)[0]
    return try read(archive)
  }

  /// Reads the archive; the reviews without a label are left out.
  public static func read(_ archive: URL) throws(FileError) -> TextData {
    var files = TextFiles(byteLimit: 1 << 28)
    let parts = ["train/neg/", "train/pos/", "test/neg/", "test/pos/"].map { "aclImdb/" + $0 }
    try files.read(archive: archive) { path in parts.contains { path.hasPrefix($0) } }
    func part(_ name: String) throws(FileError) -> LabelledTexts {
      try TextFolder(files, below: "aclImdb/\(name)/", of: archive, .refuse).texts
    }
    return TextData(train: try part("train"), test: try part("test"))
  }
}
