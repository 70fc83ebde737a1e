import Foundation

/// How near translations are to references, by their n-grams, over a whole corpus (Papineni, Roukos, Ward & Zhu, "BLEU: a method for automatic evaluation
/// of machine translation", 2002):
///
/// BLEU = min(1, e^(1 − r/c)) · (p₁ · … · p_N)^(1/N)
///
/// where p_n is the share of the candidates' n-grams that are in a reference, each at most as often as there, c the candidates' length, and r
/// that of the references nearest in length.
///
/// ```swift
/// var bleu = BLEU()
/// bleu.add("the cat sat on the mat".split(separator: " "), references: ["the cat sat on a mat".split(separator: " ")])
/// bleu.value > 0.53 && bleu.value < 0.54  // → true
/// ```
public struct BLEU: Sendable, Hashable {
  /// The longest n-grams.
  public let order: Int
  /// Whether each p_n but p₁ counts one n-gram more, found and in all (Lin & Och, 2004), so that short texts are not 0.
  public let isSmoothed: Bool
  private var matches: [Int]
  private var totals: [Int]
  public private(set) var candidateLength = 0
  public private(set) var referenceLength = 0

  public init(order: Int = 4, isSmoothed: Bool = false) {
    (self.order, self.isSmoothed) = (max(order, 1), isSmoothed)
    matches = [Int](repeating: 0, count: self.order)
    totals = matches
  }

  /// Counts a candidate's tokens beside those of one or more references.
  public mutating func add<Token: Hashable>(_ candidate: [Token], references: [[Token]]) {
    candidateLength += candidate.count
    let distances = references.map { (abs($0.count - candidate.count), $0.count) }
    referenceLength += distances.min { $0 < $1 }?.1 ?? 0
    for n in 1...order {
      let counts = Self.counts(candidate, n)
      let wanted = references.map { Self.counts($0, n) }
      for (ngram, count) in counts {
        matches[n - 1] += min(count, wanted.map { $0[ngram, default: 0] }.max() ?? 0)
      }
      totals[n - 1] += max(candidate.count - n + 1, 0)
    }
  }

  /// p₁ … p_N.
  public var precisions: [Double] {
    zip(matches, totals).enumerated().map { index, pair in
      let more = isSmoothed && index > 0 ? 1 : 0
      return pair.1 + more == 0 ? 0 : Double(pair.0 + more) / Double(pair.1 + more)
    }
  }

  /// From 0 to 1; 0 where a p_n is.
  public var value: Double {
    let precisions = precisions
    guard candidateLength > 0, precisions.allSatisfy({ $0 > 0 }) else { return 0 }
    let mean = precisions.reduce(0) { $0 + log($1) } / Double(order)
    return exp(min(0, 1 - Double(referenceLength) / Double(candidateLength)) + mean)
  }

  private static func counts<Token: Hashable>(_ tokens: [Token], _ n: Int) -> [ArraySlice<Token>: Int] {
    guard tokens.count >= n else { return [:] }
    return (0...tokens.count - n).reduce(into: [:]) { $0[tokens[$1..<$1 + n], default: 0] += 1 }
  }
}
