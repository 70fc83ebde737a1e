import HeapModule

/// Learns merges: again and again the pair of neighbours that comes most often, and of equally frequent ones that with the lower numbers, becomes a token
/// (Sennrich, Haddow & Birch, 2016, §3.2).
///
/// Numbers go to the special tokens, to the characters by their code points, and to the merges in their order, as Hugging Face's trainer gives them.
struct BytePairTrainer {
  /// How many tokens there are to be.
  var size: Int
  /// Merges of pairs that come less often are not made.
  var minimumCount = 0
  /// Put before all others, in their order.
  var specials: [String] = []
  /// Characters that are tokens whether they come or not.
  var alphabet: Set<Unicode.Scalar> = []

  private struct Candidate: Comparable {
    let count: Int
    let pair: Pair

    static func < (a: Candidate, b: Candidate) -> Bool {
      (a.count, b.pair.first, b.pair.second) < (b.count, a.pair.first, a.pair.second)
    }
    static func == (a: Candidate, b: Candidate) -> Bool { a.count == b.count && a.pair == b.pair }
  }

  private struct Pair: Hashable { let first: Int, second: Int }

  /// - Returns: The tokens by number, and the merges in their order.
  func train(_ counts: PieceCounts) -> (tokens: [String], merges: [(String, String)]) {
    var tokens: [String] = []
    var numbers: [ExactText: Int] = [:]
    func number(of text: String) -> Int {
      if let known = numbers[ExactText(text)] { return known }
      numbers[ExactText(text)] = tokens.count
      tokens.append(text)
      return tokens.count - 1
    }
    for special in specials { _ = number(of: special) }
    let characters = counts.pieces.reduce(into: alphabet) { $0.formUnion($1.text) }
    for character in characters.sorted() { _ = number(of: String(character)) }

    var words = counts.pieces.map { piece in piece.text.map { number(of: String($0)) } }
    var pairCounts: [Pair: Int] = [:]
    var places: [Pair: Set<Int>] = [:]
    for (place, word) in words.enumerated() {
      for (first, second) in zip(word, word.dropFirst()) {
        let pair = Pair(first: first, second: second)
        pairCounts[pair, default: 0] += counts.pieces[place].count
        places[pair, default: []].insert(place)
      }
    }
    var queue = Heap(pairCounts.compactMap { $1 > 0 ? Candidate(count: $1, pair: $0) : nil })
    var merges: [(String, String)] = []
    while tokens.count < size, let best = queue.popMax() {
      let count = pairCounts[best.pair, default: 0]
      if count != best.count {
        if count > 0 { queue.insert(Candidate(count: count, pair: best.pair)) }
        continue
      }
      if count < 1 || count < minimumCount { break }
      let (first, second) = (tokens[best.pair.first], tokens[best.pair.second])
      let merged = number(of: first + second)
      merges.append((first, second))
      var touched: Set<Pair> = []
      for place in places.removeValue(forKey: best.pair) ?? [] {
        for (pair, change) in Self.merge(best.pair, into: merged, &words[place]) {
          pairCounts[pair, default: 0] += change * counts.pieces[place].count
          if change > 0 {
            places[pair, default: []].insert(place)
            touched.insert(pair)
          }
        }
      }
      pairCounts[best.pair] = 0
      for pair in touched {
        let count = pairCounts[pair, default: 0]
        if count > 0 { queue.insert(Candidate(count: count, pair: pair)) }
      }
    }
    return (tokens, merges)
  }

  /// Merges a pair wherever it stands in a word, from left to right. Returns by how much each neighbouring pair's count changes.
  private static func merge(_ pair: Pair, into token: Int, _ word: inout [Int]) -> [(Pair, Int)] {
    var changes: [(Pair, Int)] = []
    var result: [Int] = []
    var place = 0
    while place < word.count {
      guard place + 1 < word.count, word[place] == pair.first, word[place + 1] == pair.second else {
        result.append(word[place])
        place += 1
        continue
      }
      if let before = result.last {
        changes.append((Pair(first: before, second: pair.first), -1))
        changes.append((Pair(first: before, second: token), 1))
      }
      if place + 2 < word.count {
        changes.append((Pair(first: pair.second, second: word[place + 2]), -1))
        changes.append((Pair(first: token, second: word[place + 2]), 1))
      }
      result.append(token)
      place += 2
    }
    word = result
    return changes
  }
}
