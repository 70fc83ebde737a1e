import TensorCore

/// Losses that compare element by element never broadcast: [n] against [n, 1] would be n² pairs that nobody meant.
func requireEqualShapes(_ loss: String, _ prediction: Tensor, _ target: Tensor) {
  guard prediction.shape == target.shape, prediction.dtype == target.dtype, prediction.dtype.isFloatingPoint else {
    stop(
      loss,
      "prediction \(prediction.dtype) \(prediction.shape) and target \(target.dtype) \(target.shape) differ; a loss does not broadcast",
      fix: "reshape or cast one of them; both must have one shape and one floating-point dtype")
  }
}
