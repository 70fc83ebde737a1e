import TensorCore

/// A distribution's parameters, expanded to the shape that they broadcast to. Stops when they do not broadcast, or
/// differ in dtype.
func broadcast(_ distribution: String, _ parameters: KeyValuePairs<String, Tensor>) -> [Tensor] {
  var shape: Shape = []
  let dtype = parameters.first?.value.dtype ?? .float32
  for (name, tensor) in parameters {
    guard tensor.dtype == dtype, dtype.isFloatingPoint else {
      stop(
        distribution, "\(name) is \(tensor.dtype)" + (tensor.dtype == dtype ? "" : ", another parameter \(dtype)"),
        fix: "cast(to:) one floating-point dtype")
    }
    guard let both = Shape.broadcast(shape, tensor.shape) else {
      let shapes = parameters.map { "\($0.key) \($0.value.shape)" }.joined(separator: ", ")
      stop(
        distribution, "\(shapes) do not broadcast", fix: "align shapes at the last axis, with sizes of 1 to be repeated"
      )
    }
    shape = both
  }
  return parameters.map { $0.value.expanded(to: shape) }
}

/// Stops unless the condition holds for every element of a parameter.
func require(
  _ distribution: String, _ name: String, _ x: Tensor, _ rule: String, _ holds: (Tensor) -> Tensor
) {
  let all = withoutGradients { holds(x.detached()).all().item(Bool.self) }
  if !all {
    stop(distribution, "\(name) of shape \(x.shape) is not \(rule) everywhere", fix: "pass one that is \(rule)")
  }
}

func requirePositive(_ distribution: String, _ name: String, _ x: Tensor) {
  require(distribution, name, x, "positive") { $0 .> 0 }
}

extension Tensor {
  /// This where the condition holds, else `other`, a number.
  func kept(where condition: Tensor, else other: Double) -> Tensor {
    Tensor.where(condition, self, Tensor(other, dtype: dtype))
  }

  /// x·y, with 0·y = 0 for an infinite y: the limit of p·log(p).
  func timesFinite(_ y: Tensor) -> Tensor { self * Tensor.maximum(y, Tensor(-1e30, dtype: y.dtype)) }

  /// Broadcast against a shape in front of the last `eventRank` axes.
  func batched(_ batch: Shape, eventRank: Int, _ distribution: String) -> Tensor {
    let own = Shape(Array(shape.dimensions.dropLast(eventRank)))
    guard let both = Shape.broadcast(own, batch) else {
      stop(
        distribution, "draws of shape \(shape) do not broadcast with a batch of \(batch)",
        fix: "give them the shape [samples] + batchShape + eventShape")
    }
    return expanded(to: Shape(both.dimensions + shape.dimensions.suffix(eventRank)))
  }
}

/// Uniform noise for inversion: float64 in the open interval (0, 1), so that logarithms of u and 1 - u are finite.
func openUniform(_ shape: Shape, _ generator: RandomGenerator) -> Tensor {
  Tensor.uniform(shape, dtype: .float64, using: generator) * (1 - 0x1p-50) + 0x1p-51
}
