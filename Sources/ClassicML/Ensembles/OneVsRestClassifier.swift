import TensorCore

/// A classifier of two classes for several: a copy for each class, which tells it from all others; the one that is the surest counts (Rifkin & Klautau, "In
/// defense of one-vs-all classification", 2004). Its decisions are the copies' decisions, or their probabilities less ½.
///
/// ```swift
/// let x = Tensor((0..<30).map { [Double($0)] }, dtype: .float64)
/// let y = Tensor((0..<30).map { $0 < 4 ? 0 : $0 < 10 ? 1 : 2 })
/// let fitted = try OneVsRestClassifier(DummyClassifier()).fit(x, y)
/// try fitted.predict(x[0..<2])  // → [2, 2]
/// ```
public struct OneVsRestClassifier<Base: Classifier>: Classifier {
  public typealias Input = Base.Input

  public var base: Base

  public init(_ base: Base) { self.base = base }

  public static func rowCount(of x: Input) -> Int { Base.rowCount(of: x) }
  public static func rows(_ indices: [Int], of x: Input) -> Input { Base.rows(indices, of: x) }

  public struct Fitted: DecisiveClassifier {
    public typealias Input = Base.Input

    public let classes: [Int]
    /// The copy of each class; of two classes, that of the second alone. Its own classes are 0, the others, and 1.
    public let members: [Base.Fitted]

    public func decisionFunction(_ x: Input) throws(EstimatorError) -> Tensor {
      let columns = try inParallel(members.count) { number throws(EstimatorError) in
        let scores = try members[number].scores(x)[0]
        let threshold = members[number] is any DecisiveClassifier<Input> ? 0 : 0.5
        return Tensor(scores.map { $0 - threshold }, shape: [scores.count], dtype: .float64)
      }
      return columns.count == 1 ? columns[0] : Tensor.stacked(columns, axis: 1)
    }

    public func predict(_ x: Input) throws(EstimatorError) -> Tensor {
      let decisions = try decisionFunction(x)
      if decisions.rank == 2 { return likeliest(decisions) }
      return likeliest(Tensor.stacked([-decisions, decisions], axis: 1))
    }

    private enum CodingKeys: String, CodingKey { case classes, members }

    init(classes: [Int], members: [Base.Fitted]) { (self.classes, self.members) = (classes, members) }

    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      classes = try container.decode([Int].self, forKey: .classes)
      members = try container.decode([Base.Fitted].self, forKey: .members)
      if classes.count < 2 || members.count != (classes.count == 2 ? 1 : classes.count) {
        throw DecodingError.dataCorruptedError(
          forKey: .members, in: container, debugDescription: "\(members.count) for \(classes.count) classes")
      }
    }
  }

  public func fit(_ x: Input, _ y: Tensor) throws(EstimatorError) -> Fitted {
    let labels = try Labels(y, rows: Self.rowCount(of: x), for: Self.name, minimum: 2)
    let positives = labels.classes.count == 2 ? [1] : Array(labels.classes.indices)
    let members = try inParallel(positives.count) { number throws(EstimatorError) in
      let truth = labels.indices.map { $0 == positives[number] ? 1 : 0 }
      return try base.fit(x, Tensor(truth, shape: [truth.count]))
    }
    return Fitted(classes: labels.classes, members: members)
  }
}
