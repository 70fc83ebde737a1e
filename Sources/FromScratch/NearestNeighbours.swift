import TensorCore

/// The class that most of the k nearest samples have; of as many, the lower class (Cover & Hart, "Nearest neighbor pattern classification",
/// 1967).
///
/// ```swift
/// let x = Tensor([[0.0], [1.0], [10.0], [11.0]])
/// let neighbours = NearestNeighbours(fitting: x, Tensor([0, 0, 1, 1]), k: 3)
/// neighbours(Tensor([[2.0], [9.0]]))  // → [0, 1]
/// ```
public struct NearestNeighbours {
  public let x: Tensor
  public let labels: Tensor
  public let k: Int

  /// There is nothing to fit: the samples are the model.
  ///
  /// - Parameters:
  ///   - x: [samples, features]
  ///   - labels: [samples], whole numbers from 0.
  public init(fitting x: Tensor, _ labels: Tensor, k: Int) {
    (self.x, self.labels, self.k) = (x, labels, k)
  }

  /// ‖a − b‖² = ‖a‖² − 2a·b + ‖b‖² for all pairs, with one matrix product and no loop. [queries, features] → [queries, samples].
  public func squaredDistances(_ queries: Tensor) -> Tensor {
    let squares = queries.square().sum(axis: 1, keepingDimensions: true)
    return squares - matmul(queries, x.transposed(0, 1)) * 2 + x.square().sum(axis: 1)
  }

  /// The share of each class among the neighbours, [queries, classes].
  public func probabilities(_ queries: Tensor) -> Tensor {
    let nearest = squaredDistances(queries).topK(k, axis: 1, largest: false).indices
    let votes = labels[nearest.flattened()].reshaped(nearest.shape)
    return votes.oneHot(classes: labels.max().item(Int.self) + 1, dtype: x.dtype).mean(axis: 1)
  }

  /// [queries, features] → classes, [queries].
  public func callAsFunction(_ queries: Tensor) -> Tensor { probabilities(queries).argmax(axis: 1) }
}
