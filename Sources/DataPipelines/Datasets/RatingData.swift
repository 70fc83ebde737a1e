import TensorCore

/// Who gave what which rating.
///
/// ```swift
/// let ratings = RatingData(users: ["ida", "max", "ida"], items: ["up", "up", "jaws"], ratings: [5, 3, 1])
/// ratings.users  // → ["ida", "max"]
/// ratings.rated(by: 0).sorted()  // → [0, 1]
/// ratings.dataset.all().inputs  // → [[0, 1], [1, 1], [0, 0]]
/// ```
public struct RatingData: Sendable, Hashable {
  /// The users' and the items' identifiers, sorted: numbers as numbers, and before other texts. A number elsewhere is a position in these.
  public let users: [String]
  public let items: [String]
  /// Of each rating.
  public let userNumbers: [Int]
  public let itemNumbers: [Int]
  public let ratings: [Double]

  private init(_ users: [String], _ items: [String], _ userNumbers: [Int], _ itemNumbers: [Int], _ ratings: [Double]) {
    (self.users, self.items) = (users, items)
    (self.userNumbers, self.itemNumbers, self.ratings) = (userNumbers, itemNumbers, ratings)
  }

  /// Each rating's user and item, and itself. Stops unless there are as many of each.
  public init(users: [String], items: [String], ratings: [Double]) {
    if users.count != ratings.count || items.count != ratings.count {
      stop(
        "RatingData", "\(ratings.count) ratings of \(items.count) items by \(users.count) users",
        fix: "pass a user and an item for each rating")
    }
    func identifiers(_ names: [String]) -> [String] {
      Set(names).sorted { first, second in
        switch (Int(first), Int(second)) {
        case (let a?, let b?): (a, first) < (b, second)
        case (.some, nil): true
        case (nil, .some): false
        case (nil, nil): first < second
        }
      }
    }
    let (userNames, itemNames) = (identifiers(users), identifiers(items))
    let (userPlaces, itemPlaces) = (Self.places(userNames), Self.places(itemNames))
    self.init(userNames, itemNames, users.map { userPlaces[$0] ?? 0 }, items.map { itemPlaces[$0] ?? 0 }, ratings)
  }

  /// Other ratings, with this data's users and items; those of others are left out.
  public func numbering(users: [String], items: [String], ratings: [Double]) -> RatingData {
    let (userPlaces, itemPlaces) = (Self.places(self.users), Self.places(self.items))
    let known = ratings.indices.compactMap { index in
      userPlaces[users[index]].flatMap { user in itemPlaces[items[index]].map { (user, $0, ratings[index]) } }
    }
    return RatingData(self.users, self.items, known.map(\.0), known.map(\.1), known.map(\.2))
  }

  private static func places(_ names: [String]) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
  }

  /// How many ratings there are.
  public var count: Int { ratings.count }

  /// NaN without ratings.
  public var meanRating: Double { ratings.isEmpty ? .nan : ratings.reduce(0, +) / Double(count) }

  /// The items that a user has rated.
  public func rated(by user: Int) -> Set<Int> {
    Set(zip(userNumbers, itemNumbers).filter { $0.0 == user }.map(\.1))
  }

  /// The ratings of each user, as items and ratings, in the data's order.
  public var byUser: [[(other: Int, rating: Double)]] { Self.lists(users.count, userNumbers, itemNumbers, ratings) }

  /// The ratings of each item, as users and ratings, in the data's order.
  public var byItem: [[(other: Int, rating: Double)]] { Self.lists(items.count, itemNumbers, userNumbers, ratings) }

  private static func lists(
    _ count: Int, _ numbers: [Int], _ others: [Int], _ ratings: [Double]
  ) -> [[(other: Int, rating: Double)]] {
    var lists = [[(other: Int, rating: Double)]](repeating: [], count: count)
    for index in ratings.indices { lists[numbers[index]].append((others[index], ratings[index])) }
    return lists
  }

  /// The ratings at these positions, in this order, with all users and items.
  public func subset(_ positions: [Int]) -> RatingData {
    RatingData(
      users, items, positions.map { userNumbers[$0] }, positions.map { itemNumbers[$0] },
      positions.map { ratings[$0] })
  }

  /// What a model learns from: inputs int64 [count, 2], a user and an item; targets the ratings, float32 [count].
  public var dataset: TensorDataset {
    TensorDataset(
      inputs: Tensor(zip(userNumbers, itemNumbers).flatMap { [$0, $1] }, shape: [count, 2]),
      targets: Tensor(ratings, shape: [count], dtype: .float32))
  }
}

/// Ratings to learn from, and to test on, with the same users and items.
public struct RatingFold: Sendable, Hashable {
  public let train: RatingData
  public let test: RatingData

  public init(train: RatingData, test: RatingData) { (self.train, self.test) = (train, test) }
}
