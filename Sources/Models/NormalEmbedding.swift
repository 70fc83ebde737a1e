import NeuralNetworks
import TensorCore

/// A vector for each of so many tokens, users, items or features: normal with this deviation at first, that of the padding 0.
func normalEmbedding(
  _ count: Int, _ width: Int, deviation: Double, padding: Int? = nil, _ generator: RandomGenerator
) -> Embedding {
  let table = Embedding(count, width, paddingIndex: padding, using: generator)
  table.weight.value = table.weight.value.detached() * deviation
  return table
}
