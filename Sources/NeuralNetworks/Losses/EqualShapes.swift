import TensorCore

/// Losses that compare element by element never broadcast: [n] against [n, 1] would be n² pairs that nobody meant.
/// Returns the two, as float32 under `withAutocast`.
func equallyShaped(_ loss: String, _ prediction: Tensor, _ target: Tensor) -> (Tensor, Tensor) {
  let (prediction, target) = (Autocast.widened(prediction), Autocast.widened(target))
  guard prediction.shape == target.shape, prediction.dtype == target.dtype, prediction.dtype.isFloatingPoint else {
    stop(
      loss,
      "prediction \(prediction.dtype) \(prediction.shape) and target \(target.dtype) \(target.shape) differ; a loss does not broadcast",
      fix: "reshape or cast one of them; both must have one shape and one floating-point dtype")
  }
  return (prediction, target)
}
