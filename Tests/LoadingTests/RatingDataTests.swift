import DataPipelines
import Foundation
import TensorCore
import Testing

@Suite("Ratings")
struct RatingDataTests {
  private let data = RatingData(
    users: ["10", "9", "9", "x", "10"], items: ["b", "a", "b", "a", "a"], ratings: [1, 2, 3, 4, 5])

  @Test("have users and items in order, numbers as numbers, and lists of either")
  func numbered() {
    #expect(data.users == ["9", "10", "x"] && data.items == ["a", "b"])
    #expect(data.userNumbers == [1, 0, 0, 2, 1] && data.itemNumbers == [1, 0, 1, 0, 0])
    #expect(data.meanRating == 3 && data.rated(by: 1) == [0, 1])
    #expect(data.byUser.map { $0.map(\.other) } == [[0, 1], [1, 0], [0]])
    #expect(data.byItem.map { $0.map(\.rating) } == [[2, 4, 5], [1, 3]])
    #expect(data.dataset.all().targets.scalars(as: Double.self) == [1, 2, 3, 4, 5])
  }

  @Test("have numbers before other identifiers, whatever order they come in")
  func order() {
    // As texts, "10" < "1a" < "9", which goes round with 9 < 10.
    let names = ["10", "1a", "9", "-3", "b", "010"]
    for seed in 0..<6 {
      let users = Array(names[seed...] + names[..<seed])
      let data = RatingData(users: users, items: users, ratings: users.map { _ in 1 })
      #expect(data.users == ["-3", "9", "010", "10", "1a", "b"])
    }
  }

  @Test("of a part keep all users and items; those of others are left out")
  func parts() {
    let part = data.subset([3, 0])
    #expect(part.ratings == [4, 1] && part.users == data.users && part.byUser[0].isEmpty)
    let other = data.numbering(users: ["x", "y", "9"], items: ["b", "a", "c"], ratings: [7, 8, 9])
    #expect(other.ratings == [7] && other.userNumbers == [2] && other.itemNumbers == [1])
  }
}

/// With the files of $GLASSBOX_DATA.
@Suite("MovieLens", .enabled(if: ProcessInfo.processInfo.environment["GLASSBOX_DATA"] != nil, "needs GLASSBOX_DATA"))
struct MovieLensTests {
  @Test("100,000 ratings, in five folds, with what is known of people and films")
  func whole() async throws {
    let data = try await MovieLens100K.load()
    let ratings = data.ratings
    #expect(ratings.count == 100_000 && ratings.users.count == 943 && ratings.items.count == 1682)
    #expect(abs(ratings.meanRating - 3.52986) < 1e-9)
    #expect(data.titles[0] == "Toy Story (1995)" && ratings.items[0] == "1" && ratings.users.last == "943")
    #expect(data.folds.map(\.train.count) == Array(repeating: 80_000, count: 5))
    #expect(data.folds.map(\.test.count) == Array(repeating: 20_000, count: 5))
    // Each rating is tested on once.
    let pairs = data.folds.flatMap { zip($0.test.userNumbers, $0.test.itemNumbers).map { $0 * 2000 + $1 } }
    #expect(Set(pairs).count == 100_000)
    #expect(data.titles.contains("Misérables, Les (1995)"))
    #expect(data.userTraits[0] == ["age 18–24", "sex M", "occupation technician"])
    #expect(data.itemTraits[0] == ["Animation", "Children's", "Comedy"])
  }
}
