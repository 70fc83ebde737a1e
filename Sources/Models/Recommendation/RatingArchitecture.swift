import NeuralNetworks
import TensorCore
import TensorIO

/// The models of ratings, by their short names.
public enum RatingNetwork: String, Sendable, Hashable, Codable, CaseIterable {
  /// ``RatingBiases``.
  case bias
  /// ``MatrixFactorization``.
  case mf
  /// ``SVDPlusPlus``.
  case svdpp
  /// ``NeuralCollaborativeFiltering``.
  case ncf
  /// ``FactorizationMachine``, as ``RatingMachine``.
  case fm
  /// ``AutoRec``.
  case autorec
}

/// A model of ratings by its name and sizes: all that is needed to make it again, before its weights, and the ratings that it knows, are loaded.
///
/// ```swift
/// let model = RatingArchitecture(.mf, users: 10, items: 20, width: 4, range: 1...5).makeModel()
/// model(Tensor([[0, 3]])).shape  // → [1]
/// ```
public struct RatingArchitecture: Sendable, Hashable {
  public let network: RatingNetwork
  public let users: Int
  public let items: Int
  /// How many ratings the model keeps: of ``RatingNetwork/svdpp`` and ``RatingNetwork/autorec``.
  public let known: Int
  public let width: Int
  public let hidden: [Int]
  public let dropout: Double
  /// How many features there are, and the most of a user and of an item: of ``RatingNetwork/fm``.
  public let features: [Int]
  public let range: ClosedRange<Double>?

  public init(
    _ network: RatingNetwork, users: Int, items: Int, known: Int = 0, width: Int = 1, hidden: [Int] = [],
    dropout: Double = 0, features: [Int] = [0, 0, 0], range: ClosedRange<Double>? = nil
  ) {
    (self.network, self.users, self.items, self.known, self.width) = (network, users, items, known, width)
    (self.hidden, self.dropout, self.features, self.range) = (hidden, dropout, features, range)
  }

  /// The model with fresh weights, and without the ratings that it is to know.
  public func makeModel(using generator: RandomGenerator = .default) -> any RatingModel {
    switch network {
    case .bias: return RatingBiases(users: users, items: items, range: range)
    case .mf: return MatrixFactorization(users: users, items: items, width: width, range: range, using: generator)
    case .svdpp:
      return SVDPlusPlus(
        rated: KnownRatings(lists: users, ratings: known), items: items, width: width, range: range, using: generator)
    case .ncf:
      return NeuralCollaborativeFiltering(
        users: users, items: items, width: width, hidden: hidden, dropout: dropout, range: range, using: generator)
    case .fm:
      let last = [Int](repeating: features[0] - 1, count: features[1])
      return RatingMachine(
        RatingFeatures(
          users: [[Int]](repeating: last, count: users),
          items: [[Int]](repeating: [Int](repeating: 1, count: features[2]), count: items)),
        width: width, range: range, using: generator)
    case .autorec:
      return AutoRec(
        rated: KnownRatings(lists: items, ratings: known), users: users, width: width, dropout: dropout, range: range,
        using: generator)
    }
  }

  /// How many numbers the model's matrices have, from its sizes alone.
  var weightCount: Double {
    let (users, items, known, width) = (Double(users), Double(items), Double(known), Double(width))
    switch network {
    case .bias: return users + items
    case .mf: return (users + items) * (width + 1)
    case .svdpp: return (users + 2 * items) * width + 2 * known
    case .ncf: return 2 * (users + items) * width
    case .fm: return Double(features[0]) * (width + 1) + users * Double(features[1]) + items * Double(features[2])
    case .autorec: return 2 * users * width + 2 * known
    }
  }
}

extension RatingArchitecture: Codable {
  private enum Field: String, CodingKey { case network, users, items, known, width, hidden, dropout, features, range }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Field.self)
    try fields.encode(network, forKey: .network)
    try fields.encode(users, forKey: .users)
    try fields.encode(items, forKey: .items)
    try fields.encode(known, forKey: .known)
    try fields.encode(width, forKey: .width)
    try fields.encode(hidden, forKey: .hidden)
    try fields.encode(dropout, forKey: .dropout)
    try fields.encode(features, forKey: .features)
    try fields.encodeIfPresent(range.map { [$0.lowerBound, $0.upperBound] }, forKey: .range)
  }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Field.self)
    func size(_ field: Field, from least: Int = 1) throws -> Int {
      let size = try fields.decode(Int.self, forKey: field)
      return try Self.checked([size], field, from: least)[0]
    }
    let network = try fields.decode(RatingNetwork.self, forKey: .network)
    let features = try fields.decode([Int].self, forKey: .features)
    let least = network == .fm ? 1 : 0
    if features.count != 3 || (network == .fm && features[0] < 2) {
      throw Self.refused(.features, "how many there are, of a user and of an item", "\(features)")
    }
    let range = try fields.decodeIfPresent([Double].self, forKey: .range)
    if let range, range.count != 2 || !(range[0] <= range[1]) {
      throw Self.refused(.range, "a bound and one that is no lower", "\(range)")
    }
    let dropout = try fields.decode(Double.self, forKey: .dropout)
    if !(0..<1).contains(dropout) { throw Self.refused(.dropout, "a probability in 0..<1", "\(dropout)") }
    self.init(
      network, users: try size(.users), items: try size(.items), known: try size(.known, from: 0),
      width: try size(.width),
      hidden: try Self.checked(fields.decode([Int].self, forKey: .hidden), .hidden), dropout: dropout,
      features: try Self.checked(features, .features, from: least), range: range.map { $0[0]...$0[1] })
  }

  private static func checked(_ sizes: [Int], _ field: Field, from least: Int = 1) throws(FileError) -> [Int] {
    let most = 1 << 28
    if let wrong = sizes.first(where: { !(least...most).contains($0) }) {
      throw refused(field, "whole numbers in \(least)...\(most)", "\(wrong)")
    }
    return sizes
  }

  private static func refused(_ field: Field, _ expected: String, _ found: String) -> FileError {
    .contents(file: "architecture", key: field.rawValue, expected: expected, found: found)
  }
}
