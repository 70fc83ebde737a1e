import Foundation
import TensorCore
import TensorIO

/// The files that both sides read.
struct Files: Sendable {
  let folder: URL

  func array(_ name: String) throws -> Tensor { try Npy.read(folder.appending(path: name)) }

  /// Pictures [count, 784] and their digits.
  func mnist(_ part: String, _ count: Int? = nil) throws -> (x: Tensor, y: Tensor) {
    let (x, y) = (try array("mnist.\(part).x.npy"), try array("mnist.\(part).y.npy"))
    guard let count else { return (x, y) }
    return (x[0..<count], y[0..<count])
  }

  /// Reviews, and 1 for a positive one.
  func imdb(_ part: String) throws -> (texts: [String], y: Tensor) {
    let text = try String(contentsOf: folder.appending(path: "imdb.\(part).txt"), encoding: .utf8)
    return (text.split(separator: "\n").map(String.init), try array("imdb.\(part).y.npy"))
  }
}
