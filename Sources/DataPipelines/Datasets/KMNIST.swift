import TensorIO

/// 70,000 hand-written hiragana of 28×28 pixels, one of each row of the syllabary, in MNIST's form (see ``KMNISTFiles``).
///
/// ```swift
/// func hiragana() async throws -> ImageClassificationData { try await KMNIST.load() }
/// KMNIST.classNames[2]  // → す
/// ```
public enum KMNIST {
  /// The classes, by target.
  public static let classNames = ["お", "き", "す", "つ", "な", "は", "ま", "や", "れ", "を"]

  /// The characters as published: 60,000 for training, 10,000 for the test. Inputs are uint8 `[count, 1, 28, 28]` from 0 (paper) to 255
  /// (ink), targets int64 `[count]`. Files that are not in the cache are downloaded.
  ///
  /// - Throws: ``DownloadError`` when a file cannot be had; ``FileError`` when one does not hold what it should.
  public static func load(
    cache: DataCache = .default, downloader: Downloader = Downloader(),
    progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) async throws -> ImageClassificationData {
    let files = try await cache.fetch(KMNISTFiles.all, for: "kmnist", with: downloader, progress: progress)
    return try MNIST.read(files, classNames: classNames)
  }
}
