import EvaluationMetrics
import Foundation
import Testing

@Suite("A metric of texts")
struct TextMetricTests {
  private func words(_ text: String) -> [Substring] { text.split(separator: " ") }

  /// The examples in the documentation of NLTK's `corpus_bleu`, with its figures.
  @Test("BLEU is NLTK's")
  func bleu() {
    let guide = "It is a guide to action which ensures that the military always obeys the commands of the party"
    let references = [
      "It is a guide to action that ensures that the military will forever heed Party commands",
      "It is the guiding principle which guarantees the military forces always being under the command of the Party",
      "It is the practical guide for the army always to heed the directions of the party",
    ]
    var sentence = BLEU()
    sentence.add(words(guide), references: references.map { words($0) })
    #expect(abs(sentence.value - 0.5045666840058485) < 1e-12)
    var corpus = sentence
    corpus.add(
      words("he read the book because he was interested in world history"),
      references: [words("he was interested in world history because he read the book")])
    #expect(abs(corpus.value - 0.5920778868801042) < 1e-12)
  }

  @Test("BLEU is 0 where no long run is found, but for smoothing, and less for what is too short")
  func limits() {
    var none = BLEU()
    none.add(words("a b c d e"), references: [words("a x b y c")])
    #expect(none.value == 0)
    var smoothed = BLEU(isSmoothed: true)
    smoothed.add(words("a b c d e"), references: [words("a x b y c")])
    // 3/5, 1/5, 1/4 and 1/3 of the n-grams.
    #expect(abs(smoothed.value - pow(3.0 / 5 / 5 / 4 / 3, 0.25)) < 1e-12)
    var short = BLEU(order: 1)
    short.add(words("a b"), references: [words("a b c d")])
    #expect(abs(short.value - exp(-1)) < 1e-12)
    #expect(BLEU().value == 0)
  }

  @Test("the edit distance is that of all ways, and a distance")
  func edits() {
    /// By definition.
    func distance(_ a: ArraySlice<Int>, _ b: ArraySlice<Int>) -> Int {
      guard let first = a.first, let second = b.first else { return max(a.count, b.count) }
      if first == second { return distance(a.dropFirst(), b.dropFirst()) }
      return 1
        + min(
          distance(a.dropFirst(), b), distance(a, b.dropFirst()), distance(a.dropFirst(), b.dropFirst()))
    }
    for seed in 0..<60 {
      let a = (0..<seed % 6).map { ($0 * seed * 7 + seed) % 3 }
      let b = (0..<(seed / 6) % 6).map { ($0 * seed * 5 + 2 * seed) % 3 }
      #expect(editDistance(a, b) == distance(a[...], b[...]))
      #expect(editDistance(a, b) == editDistance(b, a) && editDistance(a, a) == 0)
    }
  }

  @Test("error rates count characters or words over all texts")
  func rates() {
    var characters = ErrorRate()
    characters.add(characters: "sitting", right: "kitten")
    characters.add(characters: "", right: "ab")
    #expect(characters.edits == 5 && characters.length == 8 && characters.value == 0.625)
    var words = ErrorRate()
    words.add(words: "the cat  sat", right: "the cat sat down")
    #expect(words.value == 0.25)
    #expect(ErrorRate().value.isNaN)
  }
}
