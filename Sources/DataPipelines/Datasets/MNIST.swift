import Foundation
import TensorCore
import TensorIO

/// 70,000 hand-written digits of 28×28 pixels (see ``MNISTFiles``).
///
/// Pixels stay bytes, a quarter of the memory of float32, and are scaled batch by batch. Over the training set, a pixel
/// between 0 and 1 has the mean 0.1307 and the standard deviation 0.3081; networks learn better from inputs with mean 0 and
/// standard deviation 1:
///
/// ```swift
/// func trainingBatches() async throws -> DataLoader<Never> {
///   let mnist = try await MNIST.load()
///   let train = mnist.train.mappingInputs { ($0.cast(to: .float32) / 255 - 0.1307) / 0.3081 }
///   return DataLoader(train, batchSize: 128, shuffle: true, seed: 1)
/// }
/// ```
public enum MNIST {
  /// The digits as published: 60,000 for training, 10,000 for the test. Inputs are uint8 `[count, 1, 28, 28]` from 0 (paper)
  /// to 255 (ink), targets int64 `[count]`.
  ///
  /// Files that are not in the cache are downloaded.
  ///
  /// - Throws: ``DownloadError`` when a file cannot be had; ``FileError`` when one does not hold what it should.
  public static func load(
    cache: DataCache = .default, downloader: Downloader = Downloader(),
    progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) async throws -> ImageClassificationData {
    let files = try await cache.fetch(MNISTFiles.all, for: "mnist", with: downloader, progress: progress)
    return try read(files, classNames: digitNames)
  }

  /// Training images, training labels, test images, test labels.
  static func read(_ files: [URL], classNames: [String]) throws(FileError) -> ImageClassificationData {
    ImageClassificationData(
      train: try read(images: files[0], labels: files[1], count: 60_000),
      test: try read(images: files[2], labels: files[3], count: 10_000), classNames: classNames)
  }

  /// Reads `count` pictures and their labels from IDX files in MNIST's form, plain or gzipped: those of ``FashionMNIST`` and
  /// ``KMNIST`` have it too.
  ///
  /// - Throws: ``FileError`` when shapes differ from `[count, 28, 28]` and `[count]`, or a label is beyond 9.
  public static func read(images: URL, labels: URL, count: Int) throws(FileError) -> TensorDataset {
    let pixels = try tensor(images, shape: [count, 28, 28])
    let digits = try tensor(labels, shape: [count])
    let largest = count == 0 ? 0 : digits.max().item(Int.self)
    if largest > 9 {
      throw .contents(
        file: labels.path(percentEncoded: false), key: nil, expected: "digits from 0 to 9", found: "\(largest)")
    }
    return TensorDataset(inputs: pixels.unsqueezed(1), targets: digits.cast(to: .int64))
  }

  private static func tensor(_ file: URL, shape: Shape) throws(FileError) -> Tensor {
    let tensor = try IDX.read(file, limit: shape.elementCount + 16)
    guard tensor.dtype == .uint8, tensor.shape == shape else {
      throw .contents(
        file: file.path(percentEncoded: false), key: nil, expected: "uint8 \(shape)",
        found: "\(tensor.dtype) \(tensor.shape)")
    }
    return tensor
  }
}
