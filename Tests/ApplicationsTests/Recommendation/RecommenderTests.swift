import Applications
import DataPipelines
import Foundation
import Learning
import Models
import NeuralNetworks
import TensorCore
import TensorIO
import Testing

@Suite("Recommending")
struct RecommenderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Two kinds of users, who each like one of two kinds of items: 5 stars, and 1 for the other kind.
  private func write(_ name: String = "ratings.csv", users: Int = 24, items: Int = 16, more: String = "") throws -> URL
  {
    var text = "user,item,rating,name\n"
    for user in 0..<users {
      for item in 0..<items where (user * 7 + item * 5) % 4 != 0 {
        text += "u\(user),\(item),\(user % 2 == item % 2 ? 5 : 1),Item \(item)\n"
      }
    }
    let file = folder.file(name)
    try Data((text + more).utf8).write(to: file)
    return file
  }

  private func columns() -> RatingColumns { RatingColumns(title: "name") }

  private func trained(_ network: RatingNetwork, _ task: RatingTask) throws -> Learner {
    var recipe = Recipe.recommendation(network)
    (recipe.epochs, recipe.batchSize, recipe.learningRate) = (60, 32, 0.01)
    if network == .autorec { recipe.embedding = 16 }
    let learner = recipe.learner(for: task, network: network, seed: 1)
    try recipe.fit(learner)
    return learner
  }

  @Test(
    "every model but the biases learns who likes what, recommends what was not seen, and comes back from its file",
    arguments: RatingNetwork.allCases)
  func learns(_ network: RatingNetwork) throws {
    let task = try RatingTask(try write(), columns: columns())
    #expect(task.range == 1...5 && task.titles[2] == "Item 2" && task.report.testSamples == 58)
    let learner = try trained(network, task)
    let model = try #require(learner.model as? any RatingModel)
    let recommender = task.recommender(model, details: ["seed": "1"])
    let file = folder.file("model.safetensors")
    try recommender.save(to: file)
    let read = try Recommender(contentsOf: file)
    #expect(read.preparation == recommender.preparation && read.details == ["seed": "1"])
    for user in ["u0", "u5"] {
      let items = read.recommendations(for: user, count: 3)
      #expect(items == recommender.recommendations(for: user, count: 3))
      let number = try #require(task.training.users.firstIndex(of: user))
      let seen = task.training.rated(by: number).map { task.training.items[$0] }
      #expect(items.count == 3 && items.allSatisfy { !seen.contains($0.item) })
      #expect(items.allSatisfy { (1...5).contains($0.rating ?? 0) })
    }
    if network == .bias { return }
    // The deviation of all is 2.
    #expect(try learner.validate()["RMSE"] ?? .infinity < 1.4)
    let best = try #require(read.recommendations(for: "u0", count: 1).first?.item)
    #expect(try #require(Int(best)) % 2 == 0)
    let near = read.similar(to: "item 3", count: 3).map(\.title)
    #expect(near.allSatisfy { Int($0.dropFirst(5)).map { $0 % 2 == 1 } ?? false }, "\(near)")
    let (metrics, popular) = recommender.metrics(on: try #require(task.test), count: 3)
    #expect(metrics.ndcg > popular.ndcg)
  }

  @Test("someone unknown is told what most have rated; names of items may be parts of titles")
  func popularity() throws {
    let more = (0..<3).map { "new\($0),99,5,Rare and popular\n" }.joined()
    let task = try RatingTask(try write(users: 2, items: 8, more: more), columns: columns(), folds: 2)
    let preparation = task.preparation
    let recommender = Recommender(
      MatrixFactorization(users: preparation.users.count, items: preparation.items.count), preparation: preparation)
    #expect(!recommender.knows("nobody") && recommender.knows("u1"))
    let popular = recommender.recommendations(for: "nobody", count: 2)
    #expect(popular.map(\.item).first == "99" && popular.allSatisfy { $0.rating == nil })
    #expect(preparation.item(named: "rare") == preparation.items.firstIndex(of: "99"))
    #expect(preparation.item(named: "7") != nil && preparation.item(named: "absent") == nil)
    #expect(recommender.similar(to: "absent").isEmpty)
  }

  @Test("folds test each rating once, by models that have learned from the others")
  func folds() throws {
    let task = try RatingTask(try write(), columns: columns(), folds: 3)
    #expect(task.test == nil && task.folds.count == 3 && task.training.count == 288)
    let tested = task.folds.flatMap { fold in
      fold.test.map { test in zip(test.userNumbers, test.itemNumbers).map { $0 * 100 + $1 } } ?? []
    }
    #expect(Set(tested).count == 288 && tested.count == 288)
    #expect(task.folds.allSatisfy { $0.training.count + ($0.test?.count ?? 0) == 288 && $0.sha256 == task.sha256 })
  }

  @Test("bad rows are refused with their lines, or left out and told")
  func badRows() throws {
    let more = "u1,3,four,Item 3\nu1,4\nu1,,5,Item 5\nu0,1,2,Item 1\n,3,4,Item 3\nu1,9,,Item 9\n"
    let file = try write(more: more)
    let error = #expect(throws: BadInputError.self) { try RatingTask(file, columns: columns()) }
    let lines = try #require(error).problems.map { $0.place.split(separator: ":").last ?? "" }
    #expect(lines.sorted() == ["290", "291", "292", "293", "294", "295"])
    let reasons = Dictionary(uniqueKeysWithValues: zip(lines, try #require(error).problems.map(\.reason)))
    #expect(reasons["290"]?.contains("\"rating\"") == true && reasons["290"]?.contains("four") == true)
    #expect(reasons["291"] == "expected 4 fields, found 2.")
    #expect(reasons["292"] == "expected a value of \"item\", found none.")
    #expect(reasons["293"] == "\"u0\" has rated \"1\" before, on line 2: expected one rating of each.")
    #expect(reasons["294"] == "expected a value of \"user\", found none.")
    #expect(reasons["295"] == "expected a value of \"rating\", found none.")
    let task = try RatingTask(file, columns: columns(), onBadInput: .skip)
    #expect(task.report.skipped.count == 6 && task.training.count + (task.test?.count ?? 0) == 288)
    #expect(throws: (any Error).self) { try RatingTask(file, columns: RatingColumns(user: "reader")) }
  }

  @Test("a file whose users do not fit its model is refused")
  func damaged() throws {
    let preparation = RatingPreparation(users: ["a"], items: ["1"], titles: ["1"], rated: [[0]], range: 1...5)
    let file = folder.file("model.safetensors")
    try ModelFile(MatrixFactorization(users: 2, items: 1), preparation: .ratings(preparation)).write(to: file)
    let error = #expect(throws: FileError.self) { try Recommender(contentsOf: file) }
    #expect("\(try #require(error))".contains("a model of 1 users and 1 items, found one of 2 and 1"))
    let wrong = RatingPreparation(users: ["a"], items: ["1"], titles: ["1"], rated: [[3]], range: 1...5)
    try ModelFile(MatrixFactorization(users: 1, items: 1), preparation: .ratings(wrong)).write(to: file)
    #expect(throws: FileError.self) { try Recommender(contentsOf: file) }
    func refusal(_ model: any Layer) throws -> String {
      try ModelFile(model, preparation: .ratings(preparation)).write(to: file)
      return "\(try #require(throws: FileError.self) { try Recommender(contentsOf: file) })"
    }
    for (user, item) in [(1, 7), (-1, 2)] {
      let machine = RatingMachine(RatingFeatures(users: [[1]], items: [[2]]), width: 2)
      machine.userFeatures.value = Tensor([user], shape: [1, 1])
      machine.itemFeatures.value = Tensor([item], shape: [1, 1])
      #expect(try refusal(machine).contains("found the feature \(user < 0 ? user : item) of 3"))
    }
    #expect(try refusal(MLP(sizes: [1, 3])).contains("\"architecture\": expected a model of ratings, found MLP"))
  }

  @Test("the page of results has errors by rating, the first ten, what is alike, and recommendations")
  func page() throws {
    let task = try RatingTask(try write(), columns: columns())
    let page = try ResultPage.ratings(of: try trained(.mf, task), on: task, aims: ["RMSE": 2])
    #expect(page.figures.map(\.name) == ["RMSE", "MAE", "NDCG@10", "recall@10", "MAP@10"])
    #expect(page.figures[0].isReached == true)
    #expect(page.sections.map(\.title) == ["Training", "Errors", "The first 10", "What is alike", "Recommendations"])
  }
}
