import DataPipelines
import Foundation
import TensorCore
import TensorIO

/// Pictures of one size with their classes: decoded in memory, or decoded when they are asked for.
///
/// An input is uint8 [channels, height, width] from 0 to 255, or floating-point from 0 to 1, before it is normalised; a target its class.
public struct Pictures: Dataset {
  public typealias Failure = FileError

  /// The class of each picture.
  public let classes: [Int]
  /// The picture's files; empty for sets that have none.
  public let files: [URL]
  /// All pictures [count, channels, height, width]; nil if they are decoded when they are asked for.
  public let decoded: Tensor?
  private let preparation: PicturePreparation

  init(classes: [Int], files: [URL], decoded: Tensor?, preparation: PicturePreparation) {
    (self.classes, self.files) = (classes, files)
    (self.decoded, self.preparation) = (decoded?.contiguous(), preparation)
  }

  public var count: Int { classes.count }

  /// - Throws: ``TensorIO/FileError`` when the picture is read now and can't be.
  public func example(at index: Int) throws(FileError) -> Example {
    Example(input: try picture(at: index), target: Tensor(classes[index]))
  }

  /// - Throws: ``TensorIO/FileError`` with the first picture that is read now and can't be.
  public func batch(at indices: [Int]) throws(FileError) -> Batch {
    let targets = Tensor(indices.map { classes[$0] }, shape: [indices.count])
    if let decoded {
      let places = Tensor(indices, shape: [indices.count])
      return Batch(inputs: decoded.indexSelected(axis: 0, indices: places), targets: targets)
    }
    var pictures: [Tensor] = []
    for index in indices { pictures.append(try picture(at: index)) }
    return Batch(inputs: Tensor.stacked(pictures), targets: targets)
  }

  /// Those at these positions, in this order.
  public func selecting(_ indices: [Int]) -> Pictures {
    let places = Tensor(indices, shape: [indices.count])
    return Pictures(
      classes: indices.map { classes[$0] }, files: files.isEmpty ? [] : indices.map { files[$0] },
      decoded: decoded?.indexSelected(axis: 0, indices: places), preparation: preparation)
  }

  private func picture(at index: Int) throws(FileError) -> Tensor {
    if let decoded { return decoded[index] }
    return preparation.resized(try PictureFile.read(files[index], options: preparation.options))
  }
}
