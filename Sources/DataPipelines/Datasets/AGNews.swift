import Tables
import TensorIO

/// What kind of news an article is (see ``AGNewsFiles``).
///
/// ```swift
/// func articles() async throws -> TextData { try await AGNews.load() }
/// AGNews.classNames[1]  // → Sports
/// ```
public enum AGNews {
  /// The classes, by target.
  public static let classNames = ["World", "Sports", "Business", "Sci/Tech"]

  /// 120,000 articles for training and 7,600 for the test: the title, a line end and the description. Files that are not in the cache are downloaded.
  ///
  /// - Throws: ``DownloadError`` when a file cannot be had; `TableError` and ``TensorIO/FileError`` when one does not hold what it should.
  public static func load(
    cache: DataCache = .default, downloader: Downloader = Downloader(),
    progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) async throws -> TextData {
    let files = try await cache.fetch(
      [AGNewsFiles.train, AGNewsFiles.test], for: "ag_news", with: downloader, progress: progress)
    let parts = try files.map { file in
      let format = CSVFormat(header: .names(["class", "title", "description"]), missingMarks: [])
      let kinds: [String: ColumnKind] = ["class": .category, "title": .text, "description": .text]
      let table = try Table.read(file, format: format, kinds: kinds).table
      let classes = table["class"].texts.compactMap {
        $0.flatMap { Int($0) }.flatMap { (1...4).contains($0) ? $0 - 1 : nil }
      }
      guard classes.count == table.rowCount else {
        throw FileError.contents(
          file: file.path(percentEncoded: false), key: "class", expected: "1, 2, 3 or 4 in each row", found: "others")
      }
      let texts = zip(table["title"].texts, table["description"].texts).map { "\($0 ?? "")\n\($1 ?? "")" }
      return LabelledTexts(texts, classes: classes, classNames: classNames)
    }
    return TextData(train: parts[0], test: parts[1])
  }
}
