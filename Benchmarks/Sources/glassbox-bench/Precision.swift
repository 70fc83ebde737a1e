import TensorCore

/// What products and convolutions of a training step compute in; the raw value is how the name of its row ends.
enum Precision: String {
  case float32 = ""
  case autocast = ", bfloat16 autocast"

  /// Runs the forward pass and the loss.
  @inline(__always)
  func forward(_ loss: () -> Tensor) -> Tensor {
    self == .autocast ? withAutocast(to: .bfloat16, loss) : loss()
  }
}
