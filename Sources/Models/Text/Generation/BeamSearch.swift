import Glibc
import TensorCore

/// A text that a search has found.
public struct Hypothesis: Sendable, Hashable {
  /// What follows the beginning, without the token that ends it.
  public let tokens: [Int]
  /// The sum of the tokens' log-probabilities, the end's too.
  public let logProbability: Double
  /// The same divided by the number of tokens to the power of the search's `lengthPenalty`.
  public let score: Double
}

extension LanguageModel {
  /// The best continuations that are found when only the `beams` best are followed at each step.
  ///
  /// - Parameters:
  ///   - count: The most tokens.
  ///   - lengthPenalty: Scores are divided by length^penalty: 0 compares sums, 1 means.
  ///   - ends: Tokens that end a text.
  /// - Returns: As many as there are beams, the best first; those that have not ended included when there is no room any more.
  ///
  /// ```swift
  /// let model = GPT(GPTConfiguration(layers: 1, heads: 1, width: 4, context: 8, vocabulary: 5))
  /// model.beamSearch(after: [1], beams: 3, count: 4).count  // → 3
  /// ```
  public func beamSearch(
    after start: [Int], beams: Int = 4, count: Int, lengthPenalty: Double = 1, ends: Set<Int> = []
  ) -> [Hypothesis] {
    guard beams >= 1, count >= 1, !start.isEmpty else {
      stop("beamSearch", "\(beams) beams, \(count) tokens behind \(start.count)", fix: "use 1 or more of each")
    }
    func hypothesis(_ tokens: [Int], _ sum: Double, hasEnd: Bool) -> Hypothesis {
      let length = Double(tokens.count + (hasEnd ? 1 : 0))
      return Hypothesis(tokens: tokens, logProbability: sum, score: sum / pow(max(length, 1), lengthPenalty))
    }
    var readers = Readers(self, reading: start)
    var open: [(tokens: [Int], sum: Double)] = [([], 0)]
    var ended: [Hypothesis] = []
    for step in 1...count {
      let scores = readers.next().cast(to: .float64).logSoftmax(axis: 1)
      var candidates: [(row: Int, token: Int, sum: Double)] = []
      for (row, beam) in open.enumerated() {
        for (token, value) in scores[row].scalars(as: Double.self).enumerated() {
          candidates.append((row, token, beam.sum + value))
        }
      }
      candidates.sort { ($1.sum, $0.row, $0.token) < ($0.sum, $1.row, $1.token) }
      var next: [(row: Int, token: Int, sum: Double)] = []
      // An end takes no beam's place.
      for candidate in candidates where next.count < beams {
        if ends.contains(candidate.token) {
          ended.append(hypothesis(open[candidate.row].tokens, candidate.sum, hasEnd: true))
        } else {
          next.append(candidate)
        }
      }
      ended = Array(ended.sorted { $0.score > $1.score }.prefix(beams))
      open = next.map { (open[$0.row].tokens + [$0.token], $0.sum) }
      // None that goes on can be better: sums only fall, and at most the length makes up for it.
      let limit = open.map { hypothesis(Array(repeating: 0, count: count), $0.sum, hasEnd: false).score }.max()
      if ended.count == beams, let limit, let worst = ended.last, worst.score >= limit { return ended }
      if step == count || open.isEmpty { break }
      readers.go(on: next.map { ($0.row, $0.token) })
    }
    let all = ended + open.map { hypothesis($0.tokens, $0.sum, hasEnd: false) }
    return Array(all.sorted { $0.score > $1.score }.prefix(beams))
  }
}
