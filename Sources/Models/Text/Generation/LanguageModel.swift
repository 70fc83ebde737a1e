import NeuralNetworks
import TensorCore

/// A model that predicts the next token of sequences, and remembers what it has read.
public protocol LanguageModel {
  /// What it remembers of sequences side by side.
  associatedtype Memory

  /// Reads on: tokens [batch, length] behind what `memory` holds; nil for a beginning. → the logits for the token behind each, [batch, vocabulary]. In
  /// evaluation mode, off the tape.
  func read(_ tokens: Tensor, _ memory: inout Memory?) -> Tensor

  /// The memory of these rows, in this order; a row may come several times.
  func rows(_ rows: [Int], of memory: Memory) -> Memory

  /// How many tokens can be read before the earliest are forgotten; nil for any number.
  var context: Int? { get }
}

extension LanguageModel {
  /// Tokens that follow `start`, one after the other, as they are drawn: print them as they come.
  ///
  /// What lies further back than the model's context is forgotten: at least the latest half of it always counts.
  ///
  /// ```swift
  /// let model = GPT(GPTConfiguration(layers: 1, heads: 1, width: 4, context: 8, vocabulary: 5))
  /// let tokens = model.tokens(after: [0, 1], sampling: Sampling(temperature: 0))
  /// Array(tokens.prefix(3)).count  // → 3
  /// ```
  public func tokens(
    after start: [Int], sampling: Sampling = Sampling(), using generator: RandomGenerator = .default
  ) -> some Sequence<Int> {
    guard !start.isEmpty else { stop("tokens(after:)", "there is no token to begin with", fix: "pass one at least") }
    var reader = Readers(self, reading: start)
    return sequence(state: ()) { _ -> Int? in
      let next = sampling.choose(reader.next()[0].scalars(as: Double.self), after: reader.rows[0], using: generator)
      reader.go(on: [(0, next)])
      return next
    }
  }

  /// Goes on from `start` by at most `count` tokens, up to the first of the sampling's ``Sampling/ends``, which is left out.
  public func continuation(
    of start: [Int], count: Int, sampling: Sampling = Sampling(), using generator: RandomGenerator = .default
  ) -> [Int] {
    var result: [Int] = []
    for token in tokens(after: start, sampling: sampling, using: generator).prefix(count) {
      if sampling.ends.contains(token) { break }
      result.append(token)
    }
    return result
  }
}
