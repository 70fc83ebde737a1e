import NotebookDisplay
import TensorCore

/// What a classifier makes of one input: every class with its probability, the likeliest first.
///
/// A notebook shows the first five as bars.
///
/// ```swift
/// let prediction = Prediction(classNames: ["cat", "dog", "owl"], probabilities: [0.25, 0.625, 0.125])
/// prediction.className  // → dog
/// prediction.top(2).map(\.name)  // → ["dog", "cat"]
/// prediction["owl"] ?? 0  // → 0.125
/// prediction  // → dog 62.5 %, cat 25.0 %, owl 12.5 %
/// ```
public struct Prediction: Sendable, Hashable {
  /// A class and the probability that the classifier gives it.
  public struct Candidate: Sendable, Hashable {
    public let name: String
    /// Its position among the classifier's classes.
    public let index: Int
    /// From 0 to 1; all classes' together are 1.
    public let probability: Double
  }

  /// All classes, the likeliest first; of equally likely ones, that of the lower index.
  public let candidates: [Candidate]

  /// Stops unless there is a class, and a probability for each.
  public init(classNames: [String], probabilities: [Double]) {
    guard classNames.count == probabilities.count, !classNames.isEmpty else {
      stop(
        "Prediction", "\(probabilities.count) probabilities for \(classNames.count) classes",
        fix: "pass one for each of one or more")
    }
    candidates = zip(classNames, probabilities).enumerated().map { index, pair in
      Candidate(name: pair.0, index: index, probability: pair.1)
    }.sorted { ($1.probability, $0.index) < ($0.probability, $1.index) }
  }

  /// One of each row of a classifier's logits, [inputs, classes].
  static func all(_ logits: Tensor, classNames: [String]) -> [Prediction] {
    let (rows, count) = (logits.shape[0], classNames.count)
    let probabilities = logits.softmax(axis: 1).scalars(as: Double.self)
    return (0..<rows).map { row in
      Prediction(classNames: classNames, probabilities: Array(probabilities[row * count..<(row + 1) * count]))
    }
  }

  /// The likeliest class.
  public var className: String { candidates[0].name }
  /// That of the likeliest class.
  public var probability: Double { candidates[0].probability }

  /// The `count` likeliest classes, or all if there are fewer.
  public func top(_ count: Int) -> [Candidate] { Array(candidates.prefix(max(0, count))) }

  /// The probability of a class; nil if there is none of that name.
  public subscript(name: String) -> Double? { candidates.first { $0.name == name }?.probability }
}

extension Prediction: CustomStringConvertible, NotebookDisplayable {
  /// The five likeliest classes, with their probabilities.
  public var description: String {
    let first = top(5).map { "\($0.name) \($0.percentage)" }.joined(separator: ", ")
    return candidates.count > 5 ? first + ", …" : first
  }

  public var notebookDisplay: MimeBundle {
    let rows = top(5).map { candidate in
      let width = candidate.probability.isFinite ? (candidate.probability * 100).formatted(decimals: 1) : "0"
      let bar = "<div style=\"background: #4c78a8; height: 0.8em; width: \(width)%\"></div>"
      return "<tr><td style=\"text-align: left\">\(candidate.name.escapedForHTML)</td>"
        + "<td style=\"width: 12em\">\(bar)</td><td>\(candidate.percentage)</td></tr>"
    }
    let rest = candidates.count > 5 ? "<div style=\"opacity: 0.7\">and \(candidates.count - 5) more</div>" : ""
    return MimeBundle(text: description, ["text/html": .text("<table>\(rows.joined())</table>\(rest)")])
  }
}

extension Prediction.Candidate {
  fileprivate var percentage: String { "\((probability * 100).formatted(decimals: 1)) %" }
}
