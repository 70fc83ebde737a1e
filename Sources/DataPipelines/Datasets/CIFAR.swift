import Foundation
import TensorCore
import TensorIO

/// 60,000 pictures of 32×32 pixels in 10 classes (see ``CIFARFiles``).
///
/// ```swift
/// func pictures() async throws -> ImageClassificationData { try await CIFAR10.load() }
/// CIFAR10.classNames[3]  // → cat
/// ```
public enum CIFAR10 {
  /// The classes, by target.
  public static let classNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  /// The pictures as published: 50,000 for training, 10,000 for the test. Inputs are uint8 `[count, 3, 32, 32]`, targets int64 `[count]`.
  /// An archive that is not in the cache is downloaded, and is unpacked beside itself once.
  ///
  /// - Throws: ``DownloadError`` when the archive cannot be had; ``FileError`` when it does not hold what it should.
  public static func load(
    cache: DataCache = .default, downloader: Downloader = Downloader(),
    progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) async throws -> ImageClassificationData {
    let archive = try await cache.fetch([CIFARFiles.cifar10], for: "cifar10", with: downloader, progress: progress)[0]
    return try read(folder: try CIFARRecords.unpacked(archive).appending(path: "cifar-10-batches-bin"))
  }

  /// Reads the folder `cifar-10-batches-bin` of the archive: `data_batch_1.bin` to `5` and `test_batch.bin`, of `count` records each, which
  /// are a label and 3 × 32 × 32 pixels.
  ///
  /// - Throws: ``FileError`` when a file is absent or of another size, or a label is beyond 9.
  public static func read(folder: URL, count: Int = 10_000) throws(FileError) -> ImageClassificationData {
    var parts: [TensorDataset] = []
    for name in (1...5).map({ "data_batch_\($0).bin" }) + ["test_batch.bin"] {
      let records = CIFARRecords(file: folder.appending(path: name), count: count, labels: 1)
      parts.append(try records.read(label: 0, classes: classNames.count))
    }
    let train = TensorDataset(
      inputs: Tensor.concatenated(parts[..<5].map(\.inputs)), targets: Tensor.concatenated(parts[..<5].map(\.targets)))
    return ImageClassificationData(train: train, test: parts[5], classNames: classNames)
  }
}

/// 60,000 pictures of 32×32 pixels in 100 classes, which belong to 20 coarse ones, five to each (see ``CIFARFiles``).
///
/// ```swift
/// func pictures() async throws -> ImageClassificationData { try await CIFAR100.load(labels: .coarse) }
/// ```
public enum CIFAR100 {
  /// Which classes are the targets.
  public enum Labels: Sendable, CaseIterable {
    /// 20: "aquatic_mammals", "fish", …
    case coarse
    /// 100: "apple", "aquarium_fish", …
    case fine
  }

  /// The pictures as published: 50,000 for training, 10,000 for the test. Inputs are uint8 `[count, 3, 32, 32]`, targets int64 `[count]`; the
  /// classes' names stand in the archive. An archive that is not in the cache is downloaded, and is unpacked beside itself once.
  ///
  /// - Throws: ``DownloadError`` when the archive cannot be had; ``FileError`` when it does not hold what it should.
  public static func load(
    labels: Labels = .fine, cache: DataCache = .default, downloader: Downloader = Downloader(),
    progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) async throws -> ImageClassificationData {
    let archive = try await cache.fetch([CIFARFiles.cifar100], for: "cifar100", with: downloader, progress: progress)[0]
    return try read(folder: try CIFARRecords.unpacked(archive).appending(path: "cifar-100-binary"), labels: labels)
  }

  /// Reads the folder `cifar-100-binary` of the archive: `train.bin` and `test.bin`, whose records are a coarse label, a fine one and
  /// 3 × 32 × 32 pixels, and `coarse_label_names.txt` and `fine_label_names.txt`.
  ///
  /// - Throws: ``FileError`` when a file is absent or of another size, there are not 20 and 100 names, or a label has none.
  public static func read(
    folder: URL, labels: Labels = .fine, trainCount: Int = 50_000, testCount: Int = 10_000
  ) throws(FileError) -> ImageClassificationData {
    let (column, count, file) =
      labels == .coarse ? (0, 20, "coarse_label_names.txt") : (1, 100, "fine_label_names.txt")
    let list = folder.appending(path: file)
    let names = ((try? String(contentsOf: list, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    guard names.count == count else {
      throw .contents(
        file: list.path(percentEncoded: false), key: nil, expected: "\(count) names, one a line",
        found: "\(names.count)")
    }
    func part(_ name: String, _ count: Int) throws(FileError) -> TensorDataset {
      try CIFARRecords(file: folder.appending(path: name), count: count, labels: 2)
        .read(label: column, classes: names.count)
    }
    return ImageClassificationData(
      train: try part("train.bin", trainCount), test: try part("test.bin", testCount), classNames: names)
  }
}

/// A file of records: one or two labels, and 3 × 32 × 32 pixels.
private struct CIFARRecords {
  let file: URL
  let count: Int
  let labels: Int

  func read(label: Int, classes: Int) throws(FileError) -> TensorDataset {
    let records = try ByteRecords.read(file, length: labels + 3072, count: count)
    let targets = records[.all, label].cast(to: .int64)
    let largest = count == 0 ? 0 : targets.max().item(Int.self)
    if largest >= classes {
      throw .contents(
        file: file.path(percentEncoded: false), key: nil, expected: "labels below \(classes)", found: "\(largest)")
    }
    let pixels = records[.all, labels..<(labels + 3072)]
    return TensorDataset(inputs: pixels.contiguous().reshaped([count, 3, 32, 32]), targets: targets)
  }

  /// The folder that an archive is unpacked to: twice the bytes of either is more than enough.
  static func unpacked(_ archive: URL) throws(FileError) -> URL {
    try ArchiveFolder.unpacked(archive, byteLimit: 1 << 29, fileLimit: 100)
  }
}
