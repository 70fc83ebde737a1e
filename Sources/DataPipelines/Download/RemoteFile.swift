import Foundation
import TensorCore

/// What a file's bytes must be.
public struct Fingerprint: Sendable, Hashable, CustomStringConvertible {
  /// The size in bytes.
  public let byteCount: Int
  /// The SHA-256 of the bytes, as 64 lower-case hexadecimal digits.
  public let sha256: String

  public init(byteCount: Int, sha256: String) {
    self.byteCount = byteCount
    self.sha256 = sha256.lowercased()
  }

  public var description: String { "\(byteCount) bytes with SHA-256 \(sha256)" }
}

/// A file of a data set: where it can be had, and how to know that it is the right one.
///
/// ```swift
/// let labels = RemoteFile(
///   name: "t10k-labels-idx1-ubyte.gz",
///   mirrors: ["https://ossci-datasets.s3.amazonaws.com/mnist/t10k-labels-idx1-ubyte.gz"],
///   published: Fingerprint(
///     byteCount: 4542, sha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"))
/// labels.published.byteCount  // → 4542
/// ```
public struct RemoteFile: Sendable {
  /// The file's name in the cache folder, and in a folder that a user has filled by hand.
  public let name: String
  /// The addresses to try, in this order.
  public let mirrors: [String]
  /// The file as its publisher gives it out. A download must match this.
  public let published: Fingerprint
  /// For a gzip archive: what is inside. The same bytes may be compressed in many ways, so an archive that is there
  /// already may also match this instead of ``published``.
  public let contents: Fingerprint?
  /// Other files that hold the same data, as someone has packed it anew: they are taken if they are there.
  public let variants: [Fingerprint]

  /// Stops when `name` is not a plain file name.
  public init(
    name: String, mirrors: [String], published: Fingerprint, contents: Fingerprint? = nil,
    variants: [Fingerprint] = []
  ) {
    if name.isEmpty || name == "." || name == ".." || name.contains("/") || name.contains("\0") {
      stop("RemoteFile", "the name \"\(name)\" is not a plain file name", fix: "name the file without its folders")
    }
    self.name = name
    self.mirrors = mirrors
    self.published = published
    self.contents = contents
    self.variants = variants
  }
}
