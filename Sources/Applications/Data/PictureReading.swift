import DataPipelines
import Foundation
import TensorCore
import TensorIO

/// Listed pictures, read once on all cores: which can be decoded, the hash of each file, and, if they are to be kept, their pixels.
struct PictureReading {
  /// By file; nil for one that was decoded.
  let problems: [FileError?]
  let hashes: [String]
  /// [readable, channels, height, width], of those that could be decoded, in their order; nil if none are kept.
  let pixels: Tensor?

  private struct Piece: Sendable {
    var problems: [FileError?] = []
    var hashes: [String] = []
    var pixels: Tensor?
  }

  init(_ files: [URL], preparation: PicturePreparation, keepsPixels: Bool) {
    let length = 64
    let count = (files.count + length - 1) / length
    let pieces = ParallelMap.map(count: count, threads: Runtime.threads) { number -> Piece in
      var piece = Piece()
      var pictures: [Tensor] = []
      for file in files[(number * length)..<min((number + 1) * length, files.count)] {
        do throws(FileError) {
          let bytes = try WholeFile.read(file)
          piece.hashes.append(FileHash.sha256(bytes))
          let name = file.path(percentEncoded: false)
          let picture = try PictureFile.decode(bytes, name: name, options: preparation.options)
          if keepsPixels { pictures.append(preparation.resized(picture)) }
          piece.problems.append(nil)
        } catch {
          if piece.hashes.count == piece.problems.count { piece.hashes.append("") }
          piece.problems.append(error)
        }
      }
      piece.pixels = pictures.isEmpty ? nil : Tensor.stacked(pictures)
      return piece
    }
    problems = pieces.flatMap(\.problems)
    hashes = pieces.flatMap(\.hashes)
    let kept = pieces.compactMap(\.pixels)
    pixels = kept.isEmpty ? nil : Tensor.concatenated(kept, axis: 0)
  }
}
