import TensorCore

/// In how many texts.
public enum DocumentFrequency: Sendable, Hashable, Codable {
  case count(Int)
  /// Of all texts, in 0...1.
  case share(Double)

  func count(of texts: Int) -> Double {
    switch self {
    case .count(let count): Double(count)
    case .share(let share): share * Double(texts)
    }
  }

  var isSensible: Bool {
    switch self {
    case .count(let count): count >= 0
    case .share(let share): (0...1).contains(share)
    }
  }
}

/// Counts terms in texts: a row for each text, a column for each term that was there in learning, in the order of their characters. Words are longest
/// runs of letters, digits and underscores, as scikit-learn's pattern `\b\w\w+\b` finds them; terms are n-grams of words or of characters.
///
/// ```swift
/// let texts = ["The bee sees a bee.", "The ape sees the bee."]
/// let (fitted, counts) = try CountVectorizer().fitTransform(texts)
/// Array(fitted.vocabulary)  // → ["ape", "bee", "sees", "the"]
/// counts.dense()  // → [[0.0, 2.0, 1.0, 1.0], [1.0, 1.0, 1.0, 2.0]]
/// try fitted.transform(["A cow sees an ape"]).dense()  // → [[1.0, 0.0, 1.0, 0.0]]
/// ```
public struct CountVectorizer: Transformer {
  public typealias Input = [String]

  public var unit: TermUnit
  /// Of how many units terms are: `1...2` for words and pairs of neighbours.
  public var ngrams: ClosedRange<Int>
  public var lowercases: Bool
  /// Words of fewer characters are passed over.
  public var minimumLength: Int
  /// Words that are passed over, as they are in lower case; what stood around them are neighbours then.
  public var stopWords: [String]
  /// Terms of fewer texts are left out.
  public var minimumFrequency: DocumentFrequency
  /// Terms of more texts are left out.
  public var maximumFrequency: DocumentFrequency
  /// Only so many terms, those that come most often; of equally frequent ones, the first in order.
  public var maximumFeatures: Int?
  /// The terms to count, in this order; learned if nil.
  public var vocabulary: [String]?
  /// Whether only is told which terms are there: 1 instead of their number.
  public var isBinary: Bool

  public init(
    unit: TermUnit = .words, ngrams: ClosedRange<Int> = 1...1, lowercases: Bool = true, minimumLength: Int = 2,
    stopWords: [String] = [], minimumFrequency: DocumentFrequency = .count(1),
    maximumFrequency: DocumentFrequency = .share(1), maximumFeatures: Int? = nil, vocabulary: [String]? = nil,
    isBinary: Bool = false
  ) {
    (self.unit, self.ngrams, self.lowercases, self.minimumLength) = (unit, ngrams, lowercases, minimumLength)
    (self.stopWords, self.minimumFrequency, self.maximumFrequency) = (stopWords, minimumFrequency, maximumFrequency)
    (self.maximumFeatures, self.vocabulary, self.isBinary) = (maximumFeatures, vocabulary, isBinary)
  }

  public struct Fitted: FittedTransformer {
    public typealias Input = [String]

    /// The columns' terms.
    public let vocabulary: TermVocabulary
    let analysis: TextAnalysis
    let isBinary: Bool

    /// Counts, [texts, terms]; terms that were not learned are passed over.
    public func transform(_ texts: [String]) throws(EstimatorError) -> SparseMatrix {
      let parts = TermCounts.inParts(texts, analysis, known: vocabulary.table)
      let columns = Array(0..<Int32(vocabulary.count))
      return SparseMatrix(
        parts, columns: parts.map { _ in columns }, columnCount: vocabulary.count, isBinary: isBinary)
    }
  }

  public func fit(_ texts: [String]) throws(EstimatorError) -> Fitted { try learned(texts).fitted }

  /// What is learned of some texts, and their counts, for little more than either.
  public func fitTransform(_ texts: [String]) throws(EstimatorError) -> (fitted: Fitted, transformed: SparseMatrix) {
    let (fitted, parts, columns) = try learned(texts)
    return (
      fitted,
      SparseMatrix(parts, columns: columns, columnCount: fitted.vocabulary.count, isBinary: isBinary)
    )
  }

  /// Also the counts in parts, and the columns of each part's terms.
  private func learned(
    _ texts: [String]
  ) throws(EstimatorError) -> (fitted: Fitted, parts: [TermCounts], columns: [[Int32]]) {
    try check()
    if texts.isEmpty { throw .input("x", of: Self.name, expected: "1 text or more", found: "none") }
    let analysis = TextAnalysis(
      unit: unit, lengths: ngrams, lowercases: lowercases, minimumLength: minimumLength, stopWords: stopWords)
    if let vocabulary {
      let fitted = Fitted(vocabulary: TermVocabulary(vocabulary), analysis: analysis, isBinary: isBinary)
      let parts = TermCounts.inParts(texts, analysis, known: fitted.vocabulary.table)
      return (fitted, parts, parts.map { _ in Array(0..<Int32(vocabulary.count)) })
    }
    var parts = TermCounts.inParts(texts, analysis)
    let union = TermUnion(&parts, countsTotals: maximumFeatures != nil && !isBinary)
    let terms = try chosen(union, texts.count)
    let fitted = Fitted(
      vocabulary: TermVocabulary(union.table.picking(terms)), analysis: analysis, isBinary: isBinary)
    var columnOf = [Int32](repeating: -1, count: union.table.count)
    for (column, term) in terms.enumerated() { columnOf[term] = Int32(column) }
    return (fitted, parts, union.numbers.map { $0.map { columnOf[Int($0)] } })
  }

  /// The terms that are kept, in order.
  private func chosen(_ union: TermUnion, _ texts: Int) throws(EstimatorError) -> [Int] {
    let least = minimumFrequency.count(of: texts)
    let most = maximumFrequency.count(of: texts)
    if most < least {
      throw .hyperparameter(
        "maximumFrequency", of: Self.name, expected: "no fewer texts than minimumFrequency, which are \(least)",
        found: "\(most)")
    }
    let kept = union.table.indices.filter {
      least <= Double(union.frequencies[$0]) && Double(union.frequencies[$0]) <= most
    }
    var terms = union.table.sorted(kept)
    if let maximumFeatures, maximumFeatures < terms.count {
      let sizes = terms.map { isBinary ? Int(union.frequencies[$0]) : union.totals[$0] }
      let places = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }.prefix(maximumFeatures)
      terms = places.sorted().map { terms[$0] }
    }
    if terms.isEmpty {
      throw .input(
        "x", of: Self.name, expected: "texts with terms",
        found: union.table.count == 0
          ? "none in \(texts) texts" : "none of \(union.table.count) terms in as many texts as are asked for")
    }
    return terms
  }

  private func check() throws(EstimatorError) {
    try require(\.ngrams, "lengths from 1") { $0.lowerBound >= 1 }
    try require(\.minimumLength, "a number from 1") { $0 >= 1 }
    try require(\.minimumFrequency, "a count from 0, or a share in 0...1") { $0.isSensible }
    try require(\.maximumFrequency, "a count from 0, or a share in 0...1") { $0.isSensible }
    try require(\.maximumFeatures, "a number above 0, or nil") { $0.map { $0 > 0 } ?? true }
    try require(\.vocabulary, "1 term or more, no two equal, or nil") {
      $0.map { !$0.isEmpty && TermTable($0).count == $0.count } ?? true
    }
  }
}

/// The terms of several parts together.
struct TermUnion {
  var table: TermTable
  /// In how many texts each is.
  var frequencies: [Int32]
  /// How often each is there; empty if nobody asks.
  var totals: [Int] = []
  /// For each part, the numbers that its terms have here.
  var numbers: [[Int32]] = []

  /// The parts forget their terms.
  init(_ parts: inout [TermCounts], countsTotals: Bool) {
    table = parts[0].table
    frequencies = parts[0].frequencies
    for index in parts.indices {
      let part = parts[index]
      let totalsOfPart = countsTotals ? part.totals : []
      if index == 0 {
        numbers.append(Array(0..<Int32(part.table.count)))
        totals = totalsOfPart
        parts[index].forgetTerms()
        continue
      }
      var numbersOfPart = [Int32]()
      numbersOfPart.reserveCapacity(part.table.count)
      part.table.withBytes { bytes in
        for term in part.table.indices {
          let number = table.insert(UnsafeRawBufferPointer(rebasing: bytes[part.table.range(term)]))
          if number == frequencies.count {
            frequencies.append(0)
            if countsTotals { totals.append(0) }
          }
          frequencies[number] += part.frequencies[term]
          if countsTotals { totals[number] += totalsOfPart[term] }
          numbersOfPart.append(Int32(number))
        }
      }
      numbers.append(numbersOfPart)
      parts[index].forgetTerms()
    }
  }
}
