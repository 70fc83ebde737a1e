import DataPipelines
import Foundation

/// A folder that goes with the object.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "glassbox-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }

  /// A file's bytes; nil when it is absent.
  func read(_ name: String) -> [UInt8]? { (try? Data(contentsOf: url.appending(path: name))).map { [UInt8]($0) } }

  func write(_ bytes: [UInt8], _ name: String) throws { try Data(bytes).write(to: url.appending(path: name)) }

  /// The names of the files in the folder, sorted.
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path())) ?? []).sorted() }
}

/// 300,000 bytes without a pattern, so that a part in the wrong place cannot go unseen.
let sample: [UInt8] = {
  var state: UInt64 = 88_172_645_463_325_252
  return (0..<300_000).map { _ in
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return UInt8(truncatingIfNeeded: state >> 24)
  }
}()

func fingerprint(_ bytes: [UInt8]) -> Fingerprint {
  let hash = SHA256()
  hash.update(bytes)
  return Fingerprint(byteCount: bytes.count, sha256: hash.finish())
}

/// The file `file` with the sample's bytes, at these addresses.
func sampleFile(_ mirrors: String..., contents: Fingerprint? = nil) -> RemoteFile {
  RemoteFile(name: "file", mirrors: mirrors, published: fingerprint(sample), contents: contents)
}

/// The error that a download ends with; nil when it succeeds.
func failure(of download: () async throws(DownloadError) -> Void) async -> DownloadError? {
  do {
    try await download()
    return nil
  } catch {
    return error
  }
}

extension DownloadError {
  /// Why each mirror failed, in order.
  var reasons: [MirrorFailure.Reason] {
    if case .unavailable(_, _, let failures, _) = self { failures.map(\.reason) } else { [] }
  }
}
