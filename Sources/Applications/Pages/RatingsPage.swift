import DataPipelines
import EvaluationMetrics
import Learning
import NeuralNetworks
import NotebookDisplay
import TensorCore

extension ResultPage {
  /// The page of a learner that has learned from ratings: figures, curves, errors by rating, how good the first recommendations are, what is like
  /// well-known items, what some users are recommended. What it makes of the ratings to test on is measured now.
  ///
  /// ```swift
  /// func page(_ learner: Learner, _ task: RatingTask) throws {
  ///   let page = try ResultPage.ratings(of: learner, on: task, aims: ["RMSE": 0.935])
  ///   try page.write(to: URL(filePath: "results.html"))
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - learner: Its model is a `RatingModel`.
  ///   - task: That of the learner. Without ratings to test on, the page has neither figures nor errors.
  ///   - facts: More of them, or others in the place of those that the learner tells.
  ///   - aims: What was aimed at, by the names of the figures. Stops for a name that is none of them.
  /// - Throws: A metric for predictions that it can't count.
  public static func ratings(
    of learner: Learner, on task: RatingTask, title: String = "Results", facts: [Fact] = [],
    aims: [String: Double] = [:], input: [InputSummary] = [], notes: [String] = []
  ) throws -> ResultPage {
    let recommender = task.recommender(learner.model)
    var (figures, sections): ([Figure], [Section]) = ([], [])
    if let test = task.test {
      let predictions = try learner.predictions(on: DataLoader(test.dataset, batchSize: 8192))
      let errors = try RatingErrors(predictions)
      let (first, popular) = recommender.metrics(on: test)
      figures = errors.figures + first.figures.map { Figure($0.name, $0.value) }
      sections = [errors.section, .first(first, popular)]
    }
    sections += [.neighbours(recommender), .recommendations(recommender, task.training)].compactMap(\.self)
    let (users, items) = (Double(task.training.users.count), Double(task.training.items.count))
    return ResultPage(
      title: title,
      subtitle: "Ratings of \(items.formattedInThousands) items by \(users.formattedInThousands) users",
      figures: figures.aimed(at: aims, "ResultPage.ratings"),
      facts: .learner(learner, measured: task.test?.count ?? 0, others: facts),
      sections: [.notes(notes), .curves(learner.history)].compactMap(\.self) + sections
        + [.inputs(input)].compactMap(\.self))
  }
}

/// How far predicted ratings are from true ones.
private struct RatingErrors {
  let figures: [ResultPage.Figure]
  private let predicted: [Double]
  private let actual: [Double]

  init(_ predictions: Predictions) throws {
    var metrics: [any Metric<Double>] = [RootMeanSquaredError(), MeanAbsoluteError()]
    for index in metrics.indices {
      try metrics[index].add(predictions: predictions.outputs, targets: predictions.targets)
    }
    figures = metrics.map { ResultPage.Figure($0.name, $0.value, greaterIsBetter: false) }
    predicted = predictions.outputs.scalars(as: Double.self)
    actual = predictions.targets.scalars(as: Double.self)
  }

  /// By true rating, if these are few; and how the predictions are spread.
  var section: ResultPage.Section {
    let groups = Dictionary(grouping: actual.indices) { actual[$0] }.sorted { $0.key < $1.key }
    func mean(_ indices: [Int], _ value: (Int) -> Double) -> Double {
      indices.reduce(0) { $0 + value($1) } / Double(indices.count)
    }
    let rmse = groups.map { rating, indices in
      (x: rating, y: mean(indices) { (predicted[$0] - actual[$0]) * (predicted[$0] - actual[$0]) }.squareRoot())
    }
    let means = groups.map { rating, indices in (x: rating, y: mean(indices) { predicted[$0] }) }
    let span = (actual.min() ?? 0)...(actual.max() ?? 1)
    let quarters = Dictionary(grouping: predicted) { ($0 * 4).rounded() / 4 }
    let steps = quarters.map { (x: $0.key, y: Double($0.value.count)) }
    let plots = [
      ResultPage.Plot(
        "Error by rating", x: "true rating", y: "RMSE",
        [ResultPage.Series("RMSE", rmse, style: groups.count <= 20 ? .columns : .points)]),
      ResultPage.Plot(
        "Mean prediction by rating", x: "true rating", y: "predicted", [ResultPage.Series("", means)], xRange: span,
        yRange: span, hasDiagonal: true),
      ResultPage.Plot(
        "Predictions", x: "predicted rating", y: "ratings",
        [ResultPage.Series("", steps.sorted { $0.x < $1.x }, style: .columns)]),
    ]
    return ResultPage.Section("Errors", [.plots(plots)])
  }
}

extension TopNMetrics {
  /// By name.
  public var figures: [(name: String, value: Double)] {
    [("NDCG@\(count)", ndcg), ("recall@\(count)", recall), ("MAP@\(count)", meanAveragePrecision)]
  }
}

extension ResultPage.Section {
  /// How good the first items are, beside the most popular ones.
  fileprivate static func first(_ model: TopNMetrics, _ popular: TopNMetrics) -> Self {
    let rows = [("this model", model), ("the most popular", popular)].map { name, metrics in
      [name]
        + [metrics.ndcg, metrics.recall, metrics.precision, metrics.hitRate, metrics.meanAveragePrecision].map(\.short)
    }
    let grid = ResultPage.Grid(["the first \(model.count)", "NDCG", "recall", "precision", "hit rate", "MAP"], rows)
    let text = """
      What was rated high in the test counts as right, and all that the user had not rated before can be chosen: of \
      \(Double(model.users).formattedInThousands) users.
      """
    return Self("The first \(model.count)", [.text(text), .grid(grid)])
  }

  /// What is like the items that most have rated.
  fileprivate static func neighbours(_ recommender: Recommender) -> Self? {
    let rows = recommender.preparation.byPopularity.prefix(8).map { item in
      let title = recommender.preparation.titles[item]
      return [title, recommender.similar(to: title, count: 4).map(\.title).joined(separator: " · ")]
    }
    if rows.isEmpty { return nil }
    return Self("What is alike", [.grid(ResultPage.Grid(["item", "nearest"], rows, textColumns: [0, 1]))])
  }

  /// Of a few users, what they like and what they are recommended.
  fileprivate static func recommendations(_ recommender: Recommender, _ ratings: RatingData) -> Self? {
    let preparation = recommender.preparation
    let byUser = ratings.byUser
    // From those with the most ratings to those with the fewest.
    let known = byUser.indices.filter { !byUser[$0].isEmpty }.sorted { (byUser[$1].count, $0) < (byUser[$0].count, $1) }
    if known.isEmpty { return nil }
    let shown = Set((0..<5).map { known[$0 * (known.count - 1) / 4] })
    let rows = known.filter(shown.contains).map { user in
      let liked = byUser[user].enumerated().sorted { ($1.element.rating, $0.offset) < ($0.element.rating, $1.offset) }
      return [
        preparation.users[user], "\(byUser[user].count)",
        liked.prefix(4).map { preparation.titles[$0.element.other] }.joined(separator: " · "),
        recommender.recommendations(for: preparation.users[user], count: 4).map(\.description).joined(separator: " · "),
      ]
    }
    return Self(
      "Recommendations",
      [.grid(ResultPage.Grid(["user", "ratings", "likes", "may like"], rows, textColumns: [0, 2, 3]))])
  }
}
