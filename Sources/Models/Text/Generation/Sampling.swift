import Glibc
import TensorCore

/// How the next token is drawn from logits.
///
/// In this order: the logits of tokens that are there already are made less likely, all are divided by the temperature, all but the `topK` largest are left
/// out, then all but the fewest whose probabilities come to `topP` (Holtzman et al., "The curious case of neural text degeneration", 2020). One of the rest is drawn.
///
/// ```swift
/// let logits = [1.0, 3.0, 2.0]
/// Sampling(temperature: 0).choose(logits)  // → 1
/// Sampling(topK: 2).probabilities(logits).map { $0 > 0 }  // → [false, true, true]
/// Sampling(topP: 0.5).probabilities(logits)  // → [0.0, 1.0, 0.0]
/// ```
public struct Sampling: Sendable, Hashable {
  /// Below 1 the likely become more likely; at 0 the likeliest is taken.
  public var temperature: Double
  public var topK: Int?
  public var topP: Double?
  /// Above 1, logits of tokens that are there already are divided by it if they are positive, else multiplied (Keskar et al., "CTRL", 2019, §4.1).
  public var repetitionPenalty: Double
  /// Tokens that end a text.
  public var ends: Set<Int>

  /// Stops unless 0 ≤ temperature, 1 ≤ topK, 0 < topP ≤ 1 and 0 < penalty.
  public init(
    temperature: Double = 1, topK: Int? = nil, topP: Double? = nil, repetitionPenalty: Double = 1, ends: Set<Int> = []
  ) {
    guard temperature >= 0, topK ?? 1 >= 1, topP.map({ $0 > 0 && $0 <= 1 }) ?? true, repetitionPenalty > 0 else {
      stop(
        "Sampling",
        "a temperature of \(temperature), top-k \(topK ?? 0), top-p \(topP ?? 1), penalty \(repetitionPenalty)",
        fix: "use 0 or more, 1 or more, a share above 0, and more than 0")
    }
    (self.temperature, self.topK, self.topP) = (temperature, topK, topP)
    (self.repetitionPenalty, self.ends) = (repetitionPenalty, ends)
  }

  /// The probability of each token behind a text.
  public func probabilities(_ logits: [Double], after text: [Int] = []) -> [Double] {
    var logits = logits
    if repetitionPenalty != 1 {
      for token in Set(text) {
        logits[token] = logits[token] > 0 ? logits[token] / repetitionPenalty : logits[token] * repetitionPenalty
      }
    }
    guard let best = logits.indices.max(by: { logits[$0] < logits[$1] }) else { return [] }
    if temperature == 0 { return logits.indices.map { $0 == best ? 1 : 0 } }
    let top = logits[best]
    var weights = logits.map { exp(($0 - top) / temperature) }
    if topK != nil || topP != nil {
      // Of equally likely ones, the lower number comes first.
      var order = weights.indices.sorted { (weights[$1], $0) < (weights[$0], $1) }
      if let topK { order = Array(order.prefix(topK)) }
      if let topP {
        let total = order.reduce(0) { $0 + weights[$1] }
        var sum = 0.0
        let count = order.firstIndex { token in
          sum += weights[token]
          return sum >= topP * total
        }
        order = Array(order.prefix((count ?? order.count - 1) + 1))
      }
      var kept = [Double](repeating: 0, count: weights.count)
      for token in order { kept[token] = weights[token] }
      weights = kept
    }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  /// Draws a token.
  public func choose(
    _ logits: [Double], after text: [Int] = [], using generator: RandomGenerator = .default
  ) -> Int {
    let probabilities = probabilities(logits, after: text)
    if temperature == 0 { return probabilities.firstIndex(of: 1) ?? 0 }
    var rest = Tensor.uniform([1], dtype: .float64, using: generator).item()
    for (token, probability) in probabilities.enumerated() {
      rest -= probability
      if rest < 0 { return token }
    }
    return probabilities.lastIndex { $0 > 0 } ?? 0
  }
}
