import Foundation
import Tables
import TensorIO

/// Whether a sentence of a film review is positive (see ``SST2Files``).
///
/// ```swift
/// func sentences() async throws -> TextData { try await SST2.load() }
/// ```
public enum SST2 {
  /// 67,349 sentences and parts of sentences to learn from, 872 to test on: GLUE's own test has no labels, so that its development set is used for that. The
  /// classes are `negative` and `positive`. The files `train.tsv` and `dev.tsv` are taken from the cache's folder `sst2`, or from the archive, which is downloaded
  /// if it is not there.
  ///
  /// - Throws: ``DownloadError`` when it cannot be had; ``TensorIO/FileError`` and `TableError` when it does not hold what it should.
  public static func load(
    cache: DataCache = .default, downloader: Downloader = Downloader(),
    progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) async throws -> TextData {
    let names = ["train.tsv", "dev.tsv"]
    let files = names.map { cache.folder(for: "sst2").appending(path: $0) }
    if files.allSatisfy({ FileManager.default.fileExists(atPath: $0.path(percentEncoded: false)) }) {
      let parts = try files.map { try texts(try WholeFile.read($0), $0.path(percentEncoded: false)) }
      return TextData(train: parts[0], test: parts[1])
    }
    let url = try await cache.fetch([SST2Files.archive], for: "sst2", with: downloader, progress: progress)[0]
    var archive = try ArchiveReader(url)
    var found: [String: LabelledTexts] = [:]
    var limit = 1 << 26
    while let member = try archive.next() {
      guard let name = names.first(where: { member.path == "SST-2/\($0)" }) else { continue }
      found[name] = try texts(try archive.contents(limit: &limit), member.path)
    }
    guard let train = found[names[0]], let test = found[names[1]] else {
      throw FileError.contents(
        file: url.path(percentEncoded: false), key: nil, expected: "SST-2/train.tsv and SST-2/dev.tsv", found: "others")
    }
    return TextData(train: train, test: test)
  }

  /// Reads a file of GLUE's: sentences and labels with a tab between, behind a line of names.
  private static func texts(_ bytes: [UInt8], _ file: String) throws -> LabelledTexts {
    // Quotes stand for themselves there: no field begins with U+0001.
    let format = CSVFormat(separator: "\t", quote: "\u{1}", missingMarks: [])
    let kinds: [String: ColumnKind] = ["sentence": .text, "label": .category]
    let table = try Table.read(csv: String(decoding: bytes, as: UTF8.self), file: file, format: format, kinds: kinds)
      .table
    let labels = table["label"].texts.compactMap { $0.flatMap { ["0": 0, "1": 1][$0] } }
    guard labels.count == table.rowCount else {
      throw FileError.contents(file: file, key: "label", expected: "0 or 1 in each row", found: "others")
    }
    let sentences = table["sentence"].texts.map { ($0 ?? "").trimmingCharacters(in: .whitespaces) }
    return LabelledTexts(sentences, classes: labels, classNames: ["negative", "positive"])
  }
}
