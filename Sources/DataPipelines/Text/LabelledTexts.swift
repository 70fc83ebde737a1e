import Tables
import TensorCore

/// Texts, each with a class.
///
/// ```swift
/// let texts = LabelledTexts(["good film", "bad film", "no idea"], classes: [1, 0, 0], classNames: ["bad", "good"])
/// texts.count  // → 3
/// texts.subset([0]).texts  // → ["good film"]
/// ```
public struct LabelledTexts: Sendable {
  public let texts: [String]
  /// By position in ``classNames``.
  public let classes: [Int]
  public let classNames: [String]

  /// Stops unless there is a class for each text, and a name for each class.
  public init(_ texts: [String], classes: [Int], classNames: [String]) {
    guard texts.count == classes.count, classes.allSatisfy(classNames.indices.contains) else {
      stop(
        "LabelledTexts", "\(classes.count) classes for \(texts.count) texts, with \(classNames.count) names",
        fix: "pass one class for each text, and a name for each class")
    }
    (self.texts, self.classes, self.classNames) = (texts, classes, classNames)
  }

  /// A table's column of texts, with another as their classes; rows that lack one of both are left out. The classes' names are sorted.
  ///
  /// - Throws: `TableError` when a column is not there.
  ///
  /// ```swift
  /// let table = try Table.read(csv: "review,stars\ngood,5\nbad,1\n", kinds: ["stars": .category]).table
  /// try LabelledTexts(table, text: "review", label: "stars").classNames  // → ["1", "5"]
  /// ```
  public init(_ table: Table, text: String, label: String) throws(TableError) {
    for name in [text, label] where table.column(name) == nil {
      throw .missingColumn(name, present: table.names)
    }
    let pairs = zip(table[text].texts, table[label].texts).compactMap { text, label in
      text.flatMap { text in label.map { (text, $0) } }
    }
    let names = Set(pairs.map(\.1)).sorted()
    let positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    self.init(pairs.map(\.0), classes: pairs.map { positions[$0.1] ?? 0 }, classNames: names)
  }

  public var count: Int { texts.count }

  /// The texts at these positions, in this order.
  public func subset(_ positions: [Int]) -> LabelledTexts {
    LabelledTexts(positions.map { texts[$0] }, classes: positions.map { classes[$0] }, classNames: classNames)
  }

  /// What a model learns from: each text's tokens, by a function of your choice, on all threads.
  ///
  /// - Parameter padding: The token that fills sequences up.
  public func tokenized(padding: Int, by tokens: @escaping @Sendable (String) -> [Int]) -> TokenDataset {
    TokenDataset(ParallelMap.map(texts, tokens), classes: classes, padding: padding)
  }
}

/// Labelled texts, divided for training and for the final test.
public struct TextData: Sendable {
  public let train: LabelledTexts
  public let test: LabelledTexts

  public init(train: LabelledTexts, test: LabelledTexts) { (self.train, self.test) = (train, test) }
}
