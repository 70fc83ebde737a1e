import TensorCore

/// The contrastive loss InfoNCE: each query should pick its own key out of all keys of the batch: the cross entropy of
/// the cosines cos(qᵢ, kⱼ)/temperature with label i (van den Oord, Li & Vinyals, 2018, eq. 4; with cosines and a
/// temperature as in Chen et al., "SimCLR", 2020). Averaged over the batch unless told otherwise.
///
/// Both [batch, features] → [batch] for `.none`. Stops when shapes or dtypes differ, and unless the temperature is
/// above 0.
///
/// ```swift
/// let same = Tensor.ones([4, 3])
/// infoNCELoss(same, same).exp()  // → 4.0
/// ```
public func infoNCELoss(
  _ queries: Tensor, _ keys: Tensor, temperature: Double = 0.1, reduction: LossReduction = .mean
) -> Tensor {
  let (queries, keys) = equallyShaped("infoNCELoss", queries, keys)
  guard queries.rank == 2, temperature > 0 else {
    stop(
      "infoNCELoss", "queries \(queries.shape), a temperature of \(temperature)",
      fix: "pass [batch, features] and a temperature above 0")
  }
  let cosines = withoutAutocast { normalized(queries).matmul(normalized(keys).transposed()) }
  let own = Tensor((0..<queries.shape[0]).map { $0 }, shape: [queries.shape[0]])
  return crossEntropy(cosines * (1 / temperature), own, reduction: reduction)
}
