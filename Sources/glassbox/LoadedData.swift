import DataPipelines
import Foundation
import TensorCore

/// A task's data, its inputs scaled to a mean of about 0 and a standard deviation of about 1.
struct LoadedData {
  let train: MappedDataset<TensorDataset>
  let test: MappedDataset<TensorDataset>
  let classNames: [String]
  /// `[batch, channels, height, width]` of a batch of one.
  let inputShape: Shape
  let description: RunConfiguration.DataDescription

  static func load(_ task: TaskName) async throws -> LoadedData {
    switch task {
    case .digits:
      return LoadedData(try UCIDigits.load()) { ($0 - 0.3) / 0.38 }
    case .mnist:
      let data = try await MNIST.load(progress: { DownloadLine.show($0) })
      DownloadLine.close()
      return LoadedData(data) { ($0.cast(to: .float32) / 255 - 0.1307) / 0.3081 }
    }
  }

  private init(_ data: ImageClassificationData, _ scale: @escaping @Sendable (Tensor) -> Tensor) {
    train = data.train.mappingInputs(scale)
    test = data.test.mappingInputs(scale)
    classNames = data.classNames
    inputShape = Shape([1] + data.train.inputs.shape.dimensions.dropFirst())
    let hash = SHA256()
    for part in [data.train, data.test] {
      part.inputs.withUnsafeBytes { hash.update($0) }
      part.targets.withUnsafeBytes { hash.update($0) }
    }
    description = RunConfiguration.DataDescription(
      trainingSamples: train.count, testSamples: test.count, sha256: hash.finish())
  }
}
