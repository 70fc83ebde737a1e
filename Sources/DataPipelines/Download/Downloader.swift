import Foundation

/// How far a download is.
public struct DownloadProgress: Sendable, Equatable {
  /// The file's name.
  public let file: String
  /// The bytes that are there; with ``total``, the whole file.
  public let received: Int
  /// The file's size in bytes.
  public let total: Int
}

/// Fetches files from the web, so that a file is there whole and right, or not at all.
///
/// - A download grows in `NAME.partial`; only with the right size and SHA-256 does it get its name.
/// - When it is interrupted, the next one asks for the missing part only.
/// - Mirrors are tried in turn.
/// - Two downloads of one file, in one process or several: the second waits, and then uses the first one's file.
///
/// ```swift
/// func fetched(_ file: RemoteFile) async throws -> URL {
///   try await Downloader().fetch(file, into: DataCache.default.folder(for: "mnist")) { progress in
///     print(progress.received, "of", progress.total)
///   }
/// }
/// ```
public struct Downloader: Sendable {
  /// How many seconds nothing may arrive before the next mirror is tried; at least 1.
  public var idleSeconds: Int

  public init(idleSeconds: Int = 30) {
    self.idleSeconds = max(1, idleSeconds)
  }

  /// Gives a file's place on disk, after downloading it there if it is absent.
  ///
  /// - Parameters:
  ///   - folder: The folder for the file; made if absent.
  ///   - progress: Called from a background thread after every piece. While another process downloads the file, it tells
  ///     how far that one is.
  /// - Returns: The file, whole and with the right hash.
  /// - Throws: ``DownloadError``. A file that was there before is as it was.
  @discardableResult
  public func fetch(
    _ file: RemoteFile, into folder: URL, progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) async throws(DownloadError) -> URL {
    let destination = folder.appending(path: file.name, directoryHint: .notDirectory)
    let path = destination.path(percentEncoded: false)
    if try file.isPresent(at: path) { return destination }

    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw .fileSystem(
        path: folder.path(percentEncoded: false), operation: "create the folder", reason: error.localizedDescription)
    }
    let report = { @Sendable (received: Int) in
      progress(DownloadProgress(file: file.name, received: received, total: file.published.byteCount))
    }
    let partial = try await lock(file, at: path + ".partial", report)
    // Another download may have finished it meanwhile.
    if try file.isPresent(at: path) {
      partial.remove()
      return destination
    }
    do throws(DownloadError) {
      try await fill(partial, with: file, path, report)
    } catch {
      try partial.removeIfEmpty()
      throw error
    }
    // Whatever appeared in that place during the download is not overwritten.
    if try file.isPresent(at: path) { partial.remove() } else { try partial.commit(as: path) }
    return destination
  }

  /// The partial file, as soon as no other download holds it.
  private func lock(
    _ file: RemoteFile, at path: String, _ report: @Sendable (Int) -> Void
  ) async throws(DownloadError) -> PartialFile {
    while true {
      let (partial, size) = try PartialFile.open(path)
      if let partial { return partial }
      report(size)
      do {
        try await Task.sleep(for: .milliseconds(100))
      } catch {
        throw .cancelled(file: file.name)
      }
    }
  }

  /// Fills the partial file from the first mirror that has the right bytes.
  private func fill(
    _ partial: PartialFile, with file: RemoteFile, _ path: String, _ report: @escaping @Sendable (Int) -> Void
  ) async throws(DownloadError) {
    let total = file.published.byteCount
    if try partial.size() > total { try partial.truncate(to: 0) }
    if try partial.size() == total {
      if try partial.sha256() == file.published.sha256 { return }
      try partial.truncate(to: 0)
    }
    try partial.requireSpace(for: total - partial.size())

    var failures: [MirrorFailure] = []
    for mirror in file.mirrors {
      guard let reason = try await attempt(mirror, partial, file, report) else { return }
      failures.append(MirrorFailure(address: mirror, reason: reason))
    }
    throw .unavailable(file: file, path: path, failures: failures)
  }

  /// Tries one mirror: for the missing part first and, if that is not to be had or does not fit, for the whole.
  ///
  /// - Returns: nil when the partial file is complete and right.
  private func attempt(
    _ mirror: String, _ partial: PartialFile, _ file: RemoteFile, _ report: @escaping @Sendable (Int) -> Void
  ) async throws(DownloadError) -> MirrorFailure.Reason? {
    guard let url = URL(string: mirror), url.isHTTP else { return .badAddress }
    while true {
      let offset = try partial.size()
      let transfer = Transfer(
        into: partial, from: offset, total: file.published.byteCount, idleSeconds: idleSeconds, progress: report)
      let end = await transfer.run(url)
      if Task.isCancelled { throw .cancelled(file: file.name) }

      let reason: MirrorFailure.Reason
      switch end {
      case .stopped(let error): throw error
      case .failed(let reason): return reason
      case .askForTheWhole(let because): reason = because
      case .finished:
        let found = try partial.sha256()
        if found == file.published.sha256 { return nil }
        reason = .wrongHash(expected: file.published.sha256, found: found)
      }
      try partial.truncate(to: 0)
      // With an offset, the bytes from before may have been the wrong ones: once more, from the beginning.
      if offset == 0 { return reason }
    }
  }
}
