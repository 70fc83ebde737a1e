import Foundation
import Models
import NeuralNetworks
import TensorCore
import Testing

@Suite("Generating text")
struct GenerationTests {
  private let model = GPT(
    GPTConfiguration(layers: 2, heads: 2, width: 12, context: 10, vocabulary: 7), using: RandomGenerator(seed: 3))
  /// So that logits differ clearly.
  private func sharpened() -> GPT {
    for parameter in model.parameters { parameter.value = parameter.value * 8 }
    return model
  }

  @Test("with remembered keys and values gives the logits of reading all again")
  func memory() {
    let tokens = Tensor([[1, 2, 3, 4, 5, 6], [6, 0, 2, 2, 1, 3]])
    let all = withoutGradients { model(tokens) }
    var memory: GPTMemory?
    for range in [0..<3, 3..<4, 4..<6] {
      let logits = model.read(tokens[.all, range], &memory)
      #expect((logits - all[.all, range.upperBound - 1]).abs().max().item() < 1e-5)
    }
    #expect(memory?.length == 6)
  }

  @Test("of an LSTM with its state gives the logits of reading all again")
  func recurrent() {
    let model = AWDLSTM(
      AWDLSTMConfiguration(vocabulary: 9, width: 5, hidden: 6, layers: 3), using: RandomGenerator(seed: 1))
    let tokens = Tensor([[1, 2, 3, 4], [8, 0, 2, 7]])
    var memory: AWDLSTM.State?
    _ = model.read(tokens[.all, 0..<3], &memory)
    let last = model.read(tokens[.all, 3..<4], &memory)
    var none: AWDLSTM.State?
    #expect((last - model.read(tokens, &none)).abs().max().item() < 1e-6)
    #expect(model.isTraining)
  }

  @Test("with dropout reads as in evaluation, and leaves the mode as it was")
  func dropout() {
    let model = GPT(
      GPTConfiguration(layers: 1, heads: 1, width: 8, context: 6, vocabulary: 5, dropout: 0.5),
      using: RandomGenerator(seed: 1))
    var (one, other): (GPTMemory?, GPTMemory?) = (nil, nil)
    let first = model.read(Tensor([[1, 2, 3]]), &one)
    #expect((first - model.read(Tensor([[1, 2, 3]]), &other)).abs().max().item() == 0)
    #expect(model.isTraining && model.namedModules().allSatisfy(\.module.isTraining))
  }

  @Test("past the context forgets all but the later half of it, with or without a search")
  func forgetting() {
    let model = sharpened()
    var (all, start) = ([1, 2, 3], 0)
    for _ in 0..<25 {
      if all.count - start > 10 { start = all.count - 5 }
      let window = Array(all[start...])
      let logits = withoutGradients { model(Tensor(window, shape: [1, window.count]))[0, -1] }
      all.append(logits.argmax(axis: 0).item(Int.self))
    }
    let greedy = Sampling(temperature: 0)
    #expect(Array(model.tokens(after: [1, 2, 3], sampling: greedy).prefix(25)) == Array(all[3...]))
    #expect(model.beamSearch(after: [1, 2, 3], beams: 1, count: 25)[0].tokens == Array(all[3...]))
    let long = [Int](repeating: 4, count: 7) + [1, 2, 3, 4, 5]
    #expect(
      model.continuation(of: long, count: 3, sampling: greedy)
        == model.continuation(of: Array(long.suffix(5)), count: 3, sampling: greedy))
  }

  @Test("goes on past the context, and ends at a token that ends texts")
  func long() {
    let model = sharpened()
    let tokens = Array(model.tokens(after: [1, 2, 3], sampling: Sampling(temperature: 0)).prefix(30))
    #expect(tokens.count == 30)
    var sampling = Sampling(temperature: 0, ends: [tokens[4]])
    let first = tokens.firstIndex(of: tokens[4]) ?? 0
    #expect(model.continuation(of: [1, 2, 3], count: 30, sampling: sampling) == Array(tokens[..<first]))
    sampling.ends = []
    #expect(model.continuation(of: [1, 2, 3], count: 3, sampling: sampling) == Array(tokens[..<3]))
  }

  @Test("draws by the probabilities that are left")
  func sampling() {
    let logits = [0.0, 1.0, 2.0, 3.0]
    let exponentials = logits.map { exp($0) }
    let total = exponentials.reduce(0, +)
    for (found, wanted) in zip(Sampling().probabilities(logits), exponentials) {
      #expect(abs(found - wanted / total) < 1e-12)
    }
    #expect(Sampling(topK: 2).probabilities(logits).map { $0 > 0 } == [false, false, true, true])
    // 0.644 of the likeliest is less than 0.7; with the second's 0.237 it is enough.
    #expect(Sampling(topP: 0.7).probabilities(logits).map { $0 > 0 } == [false, false, true, true])
    #expect(Sampling(topP: 0.6).probabilities(logits) == [0, 0, 0, 1])
    #expect(
      abs(Sampling(temperature: 0.5).probabilities(logits)[3] - exp(6) / logits.reduce(0) { $0 + exp(2 * $1) }) < 1e-12)
    // Penalties: a positive logit is divided, a negative one multiplied.
    #expect(Sampling(temperature: 0, repetitionPenalty: 2).choose(logits, after: [3]) == 2)
    #expect(Sampling(temperature: 0, repetitionPenalty: 2).choose([-1, -1.5], after: [0]) == 1)
    let generator = RandomGenerator(seed: 1)
    var counts = [Int](repeating: 0, count: 4)
    for _ in 0..<4000 { counts[Sampling().choose(logits, using: generator)] += 1 }
    for (count, weight) in zip(counts, exponentials) {
      let share = weight / total
      #expect(abs(Double(count) / 4000 - share) < 4 * (share * (1 - share) / 4000).squareRoot())
    }
  }

  @Test("by a search with as many beams as there are texts finds the best of all", arguments: [0.0, 1.0])
  func beams(_ penalty: Double) {
    let model = GPT(
      GPTConfiguration(layers: 1, heads: 1, width: 8, context: 6, vocabulary: 4), using: RandomGenerator(seed: 9))
    for parameter in model.parameters { parameter.value = parameter.value * 20 }
    // Every text of up to three tokens behind 1 that ends with 0, or has three others.
    var best = (tokens: [Int](), score: -Double.infinity)
    func visit(_ tokens: [Int], _ sum: Double) {
      let logits = withoutGradients { model(Tensor([1] + tokens, shape: [1, tokens.count + 1]))[0, -1] }
      for (token, value) in logits.cast(to: .float64).logSoftmax(axis: 0).scalars(as: Double.self).enumerated() {
        let score = (sum + value) / pow(Double(tokens.count + 1), penalty)
        if token == 0 || tokens.count == 2 {
          if score > best.score { best = (token == 0 ? tokens : tokens + [token], score) }
        } else {
          visit(tokens + [token], sum + value)
        }
      }
    }
    visit([], 0)
    let found = model.beamSearch(after: [1], beams: 40, count: 3, lengthPenalty: penalty, ends: [0])
    #expect(found.first?.tokens == best.tokens)
    #expect(abs((found.first?.score ?? 0) - best.score) < 1e-5)
    #expect(found.map(\.score) == found.map(\.score).sorted(by: >))
    // One beam is greedy.
    let greedy = model.beamSearch(after: [1], beams: 1, count: 3)
    #expect(greedy[0].tokens == model.continuation(of: [1], count: 3, sampling: Sampling(temperature: 0)))
  }
}
