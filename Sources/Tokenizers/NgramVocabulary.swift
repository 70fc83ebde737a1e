/// Numbers for single tokens and for runs of neighbours, up to a length: what a bag of n-grams is made of.
///
/// 0 stands for padding. The others go by how many texts have them, the most frequent first.
///
/// ```swift
/// let vocabulary = NgramVocabulary(of: [[7, 8, 9], [7, 8]], order: 2)
/// vocabulary.count  // → 6
/// vocabulary.ids(of: [7, 8, 7])  // → [1, 2, 3]
/// vocabulary.ngrams[2]  // → [7, 8]
/// ```
public struct NgramVocabulary: Sendable, Hashable {
  /// The longest runs.
  public let order: Int
  /// One more than how many n-grams there are.
  public private(set) var count: Int
  /// Each run of n by the number of its first n − 1, as found in texts, and its last token.
  private var steps: [Step: Int] = [:]
  /// The number of each run that counts, by that as found.
  private var numbers: [Int: Int] = [:]

  private struct Step: Hashable {
    /// 0 for none.
    let prefix: Int
    let token: Int
  }

  /// - Parameters:
  ///   - size: The most numbers, with that of the padding.
  ///   - minimumCount: In how many texts an n-gram is at least.
  public init(of texts: some Sequence<[Int]>, order: Int = 2, size: Int = .max, minimumCount: Int = 1) {
    self.order = max(order, 1)
    var steps: [Step: Int] = [:]
    var counts: [Int] = [0]
    for text in texts {
      var seen: Set<Int> = []
      for start in text.indices {
        var run = 0
        for token in text[start..<min(start + self.order, text.count)] {
          let step = Step(prefix: run, token: token)
          if let known = steps[step] {
            run = known
          } else {
            run = counts.count
            steps[step] = run
            counts.append(0)
          }
          if seen.insert(run).inserted { counts[run] += 1 }
        }
      }
    }
    let kept = (1..<max(counts.count, 1)).filter { counts[$0] >= minimumCount }
      .sorted { (counts[$1], $0) < (counts[$0], $1) }
      .prefix(max(size - 1, 0))
    numbers = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0 + 1) })
    count = kept.count + 1
    // Runs that lead to none that counts are forgotten; a run comes in no more texts than its beginning.
    let needed = Set(kept)
    self.steps = steps.filter { needed.contains($0.value) }
  }

  /// The tokens of each n-gram, by its number; those of the padding are none.
  public var ngrams: [[Int]] {
    var runs: [Int: [Int]] = [0: []]
    // A run's number is higher than that of its beginning.
    for (step, run) in steps.sorted(by: { $0.value < $1.value }) {
      runs[run] = (runs[step.prefix] ?? []) + [step.token]
    }
    var result = [[Int]](repeating: [], count: count)
    for (run, number) in numbers { result[number] = runs[run] ?? [] }
    return result
  }

  /// The n-grams of a text, each once, ascending; those that are not there are left out.
  public func ids(of text: [Int]) -> [Int] {
    var found: Set<Int> = []
    for start in text.indices {
      var run = 0
      for token in text[start..<min(start + order, text.count)] {
        guard let next = steps[Step(prefix: run, token: token)] else { break }
        run = next
        if let number = numbers[run] { found.insert(number) }
      }
    }
    return found.sorted()
  }
}

// Columns instead of a list of objects: there are hundreds of thousands.
extension NgramVocabulary: Codable {
  private enum Column: String, CodingKey { case order, count, runs, prefixes, tokens, numbers }

  public func encode(to encoder: any Encoder) throws {
    var columns = encoder.container(keyedBy: Column.self)
    let rows = steps.sorted { $0.value < $1.value }
    try columns.encode(order, forKey: .order)
    try columns.encode(count, forKey: .count)
    try columns.encode(rows.map(\.value), forKey: .runs)
    try columns.encode(rows.map(\.key.prefix), forKey: .prefixes)
    try columns.encode(rows.map(\.key.token), forKey: .tokens)
    try columns.encode(rows.map { numbers[$0.value] ?? 0 }, forKey: .numbers)
  }

  public init(from decoder: any Decoder) throws {
    let columns = try decoder.container(keyedBy: Column.self)
    func column(_ name: Column) throws -> [Int] { try columns.decode([Int].self, forKey: name) }
    order = try columns.decode(Int.self, forKey: .order)
    count = try columns.decode(Int.self, forKey: .count)
    let (runs, prefixes, tokens, numbers) = (
      try column(.runs), try column(.prefixes), try column(.tokens), try column(.numbers)
    )
    guard Set(runs).count == runs.count,
      [prefixes.count, tokens.count, numbers.count].allSatisfy({ $0 == runs.count }),
      numbers.allSatisfy((0..<max(count, 1)).contains)
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .runs, in: columns, debugDescription: "the columns of n-grams do not go together")
    }
    for place in runs.indices {
      steps[Step(prefix: prefixes[place], token: tokens[place])] = runs[place]
      if numbers[place] > 0 { self.numbers[runs[place]] = numbers[place] }
    }
  }
}
