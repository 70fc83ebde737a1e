import TensorCore

/// Computes products and convolutions of the forward pass, and their gradients, in bfloat16; weights, their changes and all that needs accuracy stay in float32
/// (`withAutocast`). bfloat16 has float32's range, so that the loss needs no scaling. About twice as fast on processors with AVX512_BF16, slower
/// on others.
public final class MixedPrecision: Callback {
  public override func aroundForward(_ learner: Learner, _ body: () throws -> Void) throws {
    try withAutocast(to: .bfloat16) { () throws in try body() }
  }
}
