import Foundation

/// The folder that holds data sets, one sub-folder each.
///
/// It is `$GLASSBOX_DATA` if that is set, else `$XDG_CACHE_HOME/glassbox`, else `~/.cache/glassbox`. A file that is there
/// is used and not downloaded.
///
/// ```swift
/// func archives() async throws -> [URL] { try await DataCache.default.fetch(MNISTFiles.all, for: "mnist") }
/// DataCache(root: URL(filePath: "/data")).folder(for: "mnist").path  // → /data/mnist
/// ```
public struct DataCache: Sendable {
  /// The folder of all data sets. It need not exist yet.
  public let root: URL

  /// A cache in a folder of your choice.
  public init(root: URL) {
    self.root = root
  }

  /// The cache that the environment asks for. Variables set to nothing count as not set, and so does an
  /// `XDG_CACHE_HOME` that is not an absolute path (XDG Base Directory Specification, 2021).
  public init(environment: [String: String]) {
    if let path = environment["GLASSBOX_DATA"], !path.isEmpty {
      root = URL(filePath: path, directoryHint: .isDirectory)
    } else if let path = environment["XDG_CACHE_HOME"], path.hasPrefix("/") {
      root = URL(filePath: path, directoryHint: .isDirectory).appending(path: "glassbox", directoryHint: .isDirectory)
    } else {
      let home =
        environment["HOME"].flatMap { $0.isEmpty ? nil : URL(filePath: $0, directoryHint: .isDirectory) }
        ?? FileManager.default.homeDirectoryForCurrentUser
      root = home.appending(path: ".cache/glassbox", directoryHint: .isDirectory)
    }
  }

  /// The cache that this process's environment asks for.
  public static var `default`: DataCache { DataCache(environment: ProcessInfo.processInfo.environment) }

  /// The folder of one data set, such as `mnist`. It need not exist yet.
  public func folder(for dataSet: String) -> URL {
    root.appending(path: dataSet, directoryHint: .isDirectory)
  }

  /// Gives the places of a data set's files, in the order of `files`, after downloading those that are absent.
  ///
  /// - Throws: ``DownloadError`` at the first file that cannot be had. The others stay as they are.
  public func fetch(
    _ files: [RemoteFile], for dataSet: String, with downloader: Downloader = Downloader(),
    progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) async throws(DownloadError) -> [URL] {
    var places: [URL] = []
    let folder = folder(for: dataSet)
    for (index, file) in files.enumerated() {
      do throws(DownloadError) {
        places.append(try await downloader.fetch(file, into: folder, progress: progress))
      } catch .unavailable(let file, let path, let failures, _) {
        // Whoever has to bring the files by hand wants to know all of them.
        let absent = files[(index + 1)...].map(\.name).filter { name in
          !FileManager.default.fileExists(atPath: folder.appending(path: name).path(percentEncoded: false))
        }
        throw .unavailable(file: file, path: path, failures: failures, alsoAbsent: absent)
      }
    }
    return places
  }
}
