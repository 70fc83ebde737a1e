import Foundation
import Models
import NeuralNetworks
import Optimizers
import TensorCore
import TensorIO
import Testing

@Suite("A GPT")
struct GPTTests {
  static let small = GPTConfiguration(layers: 4, heads: 4, width: 32, context: 16, vocabulary: 17)

  /// The weights and data of scripts/goldens/trace_gpt.py.
  private func traced(_ dtype: DType) -> GPT {
    let model = GPT(Self.small)
    model.cast(to: dtype)
    for (place, (name, parameter)) in model.namedParameters().enumerated() {
      let i = Tensor.range(0, Double(parameter.count), dtype: .float64)
      let wave = (i * 1.3 + Double(place)).sin() * 0.1
      let isScale = name.contains(".ln_") && name.hasSuffix("weight")
      parameter.value = (wave + (isScale ? 1 : 0)).reshaped(parameter.shape).cast(to: dtype)
    }
    return model
  }

  private func tokens(step: Int) -> Tensor {
    let rows = (0..<3).map { b in
      (0...16).map { (j: Int) -> Int in
        let sum = 7 * step + 3 * b + j * j + 5 * j
        return sum % 17
      }
    }
    return Tensor(rows.flatMap(\.self), shape: [3, 17])
  }

  @Test("takes ten steps of AdamW as PyTorch does", arguments: [(DType.float64, 1e-9), (.float32, 1e-4)])
  func trace(_ dtype: DType, _ tolerance: Double) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let golden = try SafeTensors(contentsOf: folder.appending(path: "Goldens/trace_gpt.safetensors")).tensors()
    let expected = try #require(golden["losses.\(dtype)"]).scalars(as: Double.self)
    let model = traced(dtype)
    let optimizer = AdamW(model.parameters, learningRate: 1e-3, beta1: 0.9, beta2: 0.99, weightDecay: 0.1)
    for (step, reference) in expected.enumerated() {
      let data = tokens(step: step)
      optimizer.zeroGradients()
      let loss = model.loss(data[.all, 0..<16], next: data[.all, 1..<17])
      loss.backward()
      optimizer.step()
      #expect(abs(loss.item() - reference) <= tolerance * reference, "step \(step): \(loss.item()), not \(reference)")
    }
    #expect(expected.count == 10)
  }

  @Test("has nanoGPT's names, with the last map's weight as a second name of the table")
  func names() throws {
    let model = GPT(GPTConfiguration(layers: 1, heads: 2, width: 8, context: 4, vocabulary: 5, bias: false))
    #expect(
      model.stateDictionary().names == [
        "transformer.wte.weight", "transformer.wpe.weight", "transformer.h.0.ln_1.weight",
        "transformer.h.0.attn.c_attn.weight", "transformer.h.0.attn.c_proj.weight", "transformer.h.0.ln_2.weight",
        "transformer.h.0.mlp.c_fc.weight", "transformer.h.0.mlp.c_proj.weight", "transformer.ln_f.weight",
      ])
    var state = model.stateDictionary()
    state["lm_head.weight"] = state["transformer.wte.weight"]
    try GPT(model.settings).load(stateDictionary: state)
  }

  @Test("has the sizes that are known: 124,439,808 numbers in GPT-2")
  func sizes() {
    #expect(GPTConfiguration().parameterCount == 124_439_808)
    for bias in [true, false] {
      let settings = GPTConfiguration(layers: 2, heads: 2, width: 12, context: 6, vocabulary: 7, bias: bias)
      #expect(GPT(settings).parameterCount == settings.parameterCount)
    }
  }

  @Test("starts with GPT-2's deviations, and predicts nothing in particular")
  func initial() throws {
    let model = GPT(
      GPTConfiguration(layers: 8, heads: 4, width: 64, context: 32, vocabulary: 128), using: RandomGenerator(seed: 3))
    let block = model.transformer.h[0]
    func deviation(_ parameter: Parameter) -> Double { parameter.value.detached().square().mean().sqrt().item() }
    #expect(abs(deviation(block.mlp.cFc.weight) - 0.02) < 0.001)
    #expect(abs(deviation(block.mlp.cProj.weight) - 0.005) < 0.0003)
    #expect(abs(deviation(model.transformer.wte.weight) - 0.02) < 0.001)
    #expect(try #require(block.mlp.cFc.bias).value.detached().abs().max().item() == 0)
    let data = Tensor.randomIntegers([4, 33], in: 0..<128, using: RandomGenerator(seed: 4))
    let loss = model.loss(data[.all, 0..<32], next: data[.all, 1..<33]).item()
    #expect(abs(loss - 4.852) < 0.1, "\(loss), not about ln 128")
  }

  @Test("sees no token before its turn")
  func causality() {
    let model = GPT(Self.small, using: RandomGenerator(seed: 1))
    let a = Tensor([[1, 2, 3, 4, 5]])
    let b = Tensor([[1, 2, 3, 9, 9]])
    let (x, y) = withoutGradients { (model(a), model(b)) }
    #expect((x[0, 0..<3] - y[0, 0..<3]).abs().max().item() < 1e-6)
    #expect((x[0, 3] - y[0, 3]).abs().max().item() > 1e-4)
  }

  @Test("learns a sequence by heart, and goes on with it")
  func learns() {
    let model = GPT(
      GPTConfiguration(layers: 1, heads: 2, width: 16, context: 8, vocabulary: 6), using: RandomGenerator(seed: 5))
    let optimizer = AdamW(model.parameters, learningRate: 1e-2)
    let data = Tensor([[0, 1, 2, 3, 4, 5, 0, 1, 2]])
    for _ in 0..<60 {
      optimizer.zeroGradients()
      model.loss(data[.all, 0..<8], next: data[.all, 1..<9]).backward()
      optimizer.step()
    }
    #expect(model.continuation(of: [3, 4], count: 5, sampling: Sampling(temperature: 0)) == [5, 0, 1, 2, 3])
  }

  @Test("says which shape comes out, and stops where the context ends")
  func shapes() async throws {
    let model = GPT(Self.small)
    #expect(try model.outputShape(for: [2, 16]) == [2, 16, 17])
    #expect(throws: ShapeError.self) { try model.outputShape(for: [2, 17]) }
    #expect(model.summary(inputShape: [2, 16]).parameterCount == Self.small.parameterCount)
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GPT(GPTTests.small)(Tensor.zeros([1, 17], dtype: .int64))
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("GPT: tokens of shape [1, 17] with a context of 16"), "\(message)")
  }
}
