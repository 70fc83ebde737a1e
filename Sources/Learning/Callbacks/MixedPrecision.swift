import TensorCore

/// Computes products and convolutions of the forward pass, and their gradients, in bfloat16; weights, their changes and all that needs accuracy stay in float32
/// (`withAutocast`). bfloat16 has float32's range, so that the loss needs no scaling. About twice as fast on processors with AVX512_BF16, slower
/// on others.
///
/// ```swift
/// let set = TensorDataset(inputs: Tensor([[0.0], [1.0]]), targets: Tensor([0, 1]))
/// let learner = Learner(
///   Linear(1, 2, using: RandomGenerator(seed: 1)), DataLoaders(set, validation: set, batchSize: 1),
///   rule: SGD.Rule(learningRate: 1), callbacks: [MixedPrecision()])
/// try learner.fit(epochs: 3, learningRate: 0.1)
/// learner.outputs.dtype  // → bfloat16
/// learner.model.parameters[0].value.dtype  // → float32
/// ```
public final class MixedPrecision: Callback {
  public override func aroundForward(_ learner: Learner, _ body: () throws -> Void) throws {
    try withAutocast(to: .bfloat16) { () throws in try body() }
  }
}
