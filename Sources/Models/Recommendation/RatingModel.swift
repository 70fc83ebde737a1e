import NeuralNetworks
import TensorCore

/// A model of what users think of items: pairs of a user and an item [count, 2], whole numbers → ratings [count].
///
/// Outside of training, ratings lie in ``range``; in training they may leave it, where they have gradients that lead back.
public protocol RatingModel: Layer, NamesArchitecture {
  /// The ratings before they are brought into the range: what items are ranked by.
  func scores(of pairs: Tensor) -> Tensor
  /// Each item's vector, [items, width]: of items that are alike, they point in similar directions.
  var itemVectors: Tensor { get }
  /// The lowest and the highest rating that can be given; nil for any.
  var range: ClosedRange<Double>? { get }
}

extension RatingModel {
  public func callAsFunction(_ pairs: Tensor) -> Tensor {
    let scores = scores(of: pairs)
    guard !isTraining, let range else { return scores }
    return scores.clamped(to: range)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 2, input[1] == 2 else {
      throw ShapeError(self, input: input, "expects users and items as [count, 2]")
    }
    return [input[0]]
  }
}

/// A number for each of so many, 0 at first.
func biasTable(_ count: Int, padding: Int? = nil) -> Embedding {
  // Of its own generator: zeros are no draws.
  let table = Embedding(count, 1, paddingIndex: padding, using: RandomGenerator(seed: 0))
  table.weight.initialize(.constant(0))
  return table
}
