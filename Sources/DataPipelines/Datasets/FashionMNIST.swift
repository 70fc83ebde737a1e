import TensorIO

/// 70,000 pictures of clothes of 28×28 pixels, in MNIST's form and harder than it (see ``FashionMNISTFiles``).
///
/// ```swift
/// func clothes() async throws -> ImageClassificationData { try await FashionMNIST.load() }
/// FashionMNIST.classNames[9]  // → ankle boot
/// ```
public enum FashionMNIST {
  /// The classes, by target.
  public static let classNames = [
    "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
  ]

  /// The pictures as published: 60,000 for training, 10,000 for the test. Inputs are uint8 `[count, 1, 28, 28]`, 0 where nothing is,
  /// targets int64 `[count]`. Files that are not in the cache are downloaded.
  ///
  /// - Throws: ``DownloadError`` when a file cannot be had; ``FileError`` when one does not hold what it should.
  public static func load(
    cache: DataCache = .default, downloader: Downloader = Downloader(),
    progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) async throws -> ImageClassificationData {
    let files = try await cache.fetch(FashionMNISTFiles.all, for: "fashion-mnist", with: downloader, progress: progress)
    return try MNIST.read(files, classNames: classNames)
  }
}
