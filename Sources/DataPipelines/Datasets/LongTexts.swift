import TensorIO

/// A long text, divided by place: what a language model learns from and is measured on.
public struct LongText: Sendable {
  public let train: String
  public let validation: String
  /// Empty where there is none.
  public let test: String

  public init(train: String, validation: String, test: String = "") {
    (self.train, self.validation, self.test) = (train, validation, test)
  }

  /// The first share of a text for training, the rest for validation; divided between characters.
  ///
  /// ```swift
  /// LongText("abcdefghij", training: 0.9).validation  // → j
  /// ```
  public init(_ text: String, training: Double = 0.9) {
    let scalars = Array(text.unicodeScalars)
    let count = min(max(Int(training * Double(scalars.count)), 0), scalars.count)
    func part(_ range: Range<Int>) -> String {
      var view = String.UnicodeScalarView()
      view.append(contentsOf: scalars[range])
      return String(view)
    }
    self.init(train: part(0..<count), validation: part(count..<scalars.count))
  }
}

/// A million characters of Shakespeare (see ``TinyShakespeareFiles``).
///
/// ```swift
/// func plays() async throws -> LongText { try await TinyShakespeare.load() }
/// ```
public enum TinyShakespeare {
  /// The first nine tenths for training, the last for validation, as nanoGPT has them. A file that is not in the cache is downloaded.
  ///
  /// - Throws: ``DownloadError`` when it cannot be had; ``TensorIO/FileError`` when it can't be read.
  public static func load(
    cache: DataCache = .default, downloader: Downloader = Downloader(),
    progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) async throws -> LongText {
    let file = try await cache.fetch(
      [TinyShakespeareFiles.text], for: "tinyshakespeare", with: downloader, progress: progress)[0]
    return LongText(String(decoding: try WholeFile.read(file), as: UTF8.self))
  }
}

/// Two million words of Wikipedia (see ``WikiText2Files``).
///
/// ```swift
/// func articles() async throws -> LongText { try await WikiText2.load() }
/// ```
public enum WikiText2 {
  /// Words with spaces between them; each line's end is a token for most models. An archive that is not in the cache is downloaded.
  ///
  /// - Throws: ``DownloadError`` when it cannot be had; ``TensorIO/FileError`` when it does not hold what it should.
  public static func load(
    cache: DataCache = .default, downloader: Downloader = Downloader(),
    progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) async throws -> LongText {
    let url = try await cache.fetch([WikiText2Files.archive], for: "wikitext2", with: downloader, progress: progress)[0]
    var archive = try ArchiveReader(url, .zip)
    var texts: [String: String] = [:]
    var limit = 1 << 26
    while let member = try archive.next() {
      guard member.isFile, let name = member.path.split(separator: "/").last else { continue }
      texts[String(name)] = String(decoding: try archive.contents(limit: &limit), as: UTF8.self)
    }
    let parts = try ["train", "valid", "test"].map { name in
      guard let text = texts["wiki.\(name).tokens"] else {
        throw FileError.contents(
          file: url.path(percentEncoded: false), key: "wiki.\(name).tokens", expected: "this member", found: "none")
      }
      return text
    }
    return LongText(train: parts[0], validation: parts[1], test: parts[2])
  }
}
