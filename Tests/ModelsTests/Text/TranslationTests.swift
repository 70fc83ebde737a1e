import Models
import NeuralNetworks
import Optimizers
import TensorCore
import Testing

@Suite("Translating")
struct TranslationTests {
  /// Words of 3 to 5 letters (3…8) and the same backwards: 0 is padding, 1 the start, 2 the end.
  private static func pairs(_ count: Int, seed: UInt64) -> [(source: [Int], target: [Int])] {
    let drawn = Tensor.uniform([count, 6], dtype: .float64, using: RandomGenerator(seed: seed)).scalars(as: Double.self)
    return (0..<count).map { row in
      let numbers = Array(drawn[row * 6..<row * 6 + 6])
      let word = numbers.prefix(3 + Int(numbers[5] * 3)).map { 3 + Int($0 * 6) }
      return (word, word.reversed() + [2])
    }
  }

  private static func batch(_ pairs: [(source: [Int], target: [Int])]) -> (inputs: Tensor, targets: Tensor) {
    let length = 7
    func padded(_ row: [Int]) -> [Int] { row + Array(repeating: 0, count: length - row.count) }
    let inputs = pairs.flatMap { padded($0.source) + padded([1] + $0.target.dropLast()) }
    let targets = pairs.flatMap { pair in pair.target + Array(repeating: -100, count: length - pair.target.count) }
    return (Tensor(inputs, shape: [pairs.count, 2, length]), Tensor(targets, shape: [pairs.count * length]))
  }

  private func share(learnedBy model: some SequenceToSequence, steps: Int, rate: Double) -> Double {
    let optimizer = Adam(model.parameters, learningRate: rate)
    for step in 0..<steps {
      let (inputs, targets) = Self.batch(Self.pairs(64, seed: UInt64(step)))
      let logits = model(inputs)
      optimizer.zeroGradients()
      crossEntropy(logits.reshaped([-1, logits.shape[2]]), targets, ignoring: -100).backward()
      optimizer.step()
    }
    model.evaluate()
    let test = Self.pairs(40, seed: 9_999)
    let right = test.count { pair in
      model.translation(of: pair.source, start: 1, end: 2, count: 8, beams: 2) == Array(pair.target.dropLast())
    }
    return Double(right) / Double(test.count)
  }

  @Test("with an LSTM that attends learns to spell backwards, and looks at the letters from the last to the first")
  func attention() throws {
    let model = AttentionTranslator(
      sources: 9, targets: 9, width: 16, hidden: 32, dropout: 0, using: RandomGenerator(seed: 1))
    #expect(share(learnedBy: model, steps: 250, rate: 0.01) >= 0.9)
    let weights = withoutGradients { model.alignments(of: Tensor([[1, 5, 4]]), model.encoded(Tensor([[3, 4, 5]]))) }
    #expect((weights.sum(axis: 2) - 1).abs().max().item() < 1e-5)
    // What stands behind a source's end changes nothing.
    let short = withoutGradients { model.logits(for: Tensor([[1, 5]]), model.encoded(Tensor([[3, 4, 5]]))) }
    let padded = withoutGradients { model.logits(for: Tensor([[1, 5]]), model.encoded(Tensor([[3, 4, 5, 0, 0]]))) }
    #expect((short - padded).abs().max().item() < 1e-5)
  }

  @Test("with a transformer learns to spell backwards")
  func transformer() {
    let model = TransformerTranslator(
      sources: 9, targets: 9, width: 32, heads: 4, layers: 2, innerWidth: 64, dropout: 0,
      using: RandomGenerator(seed: 2))
    #expect(share(learnedBy: model, steps: 400, rate: 0.002) >= 0.9)
    let short = withoutGradients { model.logits(for: Tensor([[1, 5]]), model.encoded(Tensor([[3, 4, 5]]))) }
    let padded = withoutGradients { model.logits(for: Tensor([[1, 5, 0]]), model.encoded(Tensor([[3, 4, 5, 0]]))) }
    #expect((short - padded[.all, 0..<2]).abs().max().item() < 1e-5)
  }
}
