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
  /// How long runs may be at most.
  public static let orders = 1...100

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
  ///   - order: The longest runs; brought into ``orders``.
  ///   - size: The most numbers, with that of the padding.
  ///   - minimumCount: In how many texts an n-gram is at least.
  public init(of texts: some Sequence<[Int]>, order: Int = 2, size: Int = .max, minimumCount: Int = 1) {
    self.order = min(max(order, Self.orders.lowerBound), Self.orders.upperBound)
    var steps: [Step: Int] = [:]
    var counts: [Int] = [0]
    for text in texts {
      var seen: Set<Int> = []
      for start in text.indices {
        var run = 0
        for token in text[start...].prefix(self.order) {
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
      for token in text[start...].prefix(order) {
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
    func refusal(_ column: Column, _ reason: String) -> DecodingError {
      .dataCorruptedError(forKey: column, in: columns, debugDescription: reason)
    }
    guard Self.orders.contains(order) else {
      throw refusal(.order, "n-grams have 1 to \(Self.orders.upperBound) tokens")
    }
    guard [prefixes.count, tokens.count, numbers.count].allSatisfy({ $0 == runs.count }) else {
      throw refusal(.runs, "the columns of n-grams have different lengths")
    }
    guard count == runs.count + 1, numbers.allSatisfy((1..<count).contains), Set(numbers).count == numbers.count else {
      throw refusal(.numbers, "the numbers of n-grams are not those from 1 on, once each")
    }
    var lengths = [0: 0]
    for (place, run) in runs.enumerated() {
      // A run comes behind its beginning, and so none begins with itself.
      guard let length = lengths[prefixes[place]], length < order, run > prefixes[place],
        lengths.updateValue(length + 1, forKey: run) == nil,
        steps.updateValue(run, forKey: Step(prefix: prefixes[place], token: tokens[place])) == nil
      else { throw refusal(.runs, "the run in row \(place) is there twice, too long, or begins with none before it") }
      self.numbers[run] = numbers[place]
    }
  }
}
