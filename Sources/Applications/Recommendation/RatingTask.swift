import DataPipelines
import Foundation
import Models
import NeuralNetworks
import Tables
import TensorCore
import TensorIO

/// Ratings to learn from, ratings to test on, and the folds of a cross-validation.
///
/// ```swift
/// func recommend() async throws {
///   let task = RatingTask(try await MovieLens100K.load())
///   let recipe = Recipe.recommendation(.svdpp)
///   let learner = recipe.learner(for: task, network: .svdpp, seed: 1)
///   learner.callbacks.append(Progress())
///   try recipe.fit(learner)
///   let recommender = task.recommender(learner.model)
///   for film in recommender.recommendations(for: "42", count: 5) { print(film) }
///   for film in recommender.similar(to: "Star Wars", count: 5) { print(film.title) }
///   try recommender.save(to: URL(filePath: "films.safetensors"))
/// }
/// ```
public struct RatingTask: Sendable {
  public let training: RatingData
  /// nil where all ratings are learned from.
  public let test: RatingData?
  /// Each with a part of all ratings to test on; empty without cross-validation.
  public let folds: [RatingTask]
  /// By position in ``DataPipelines/RatingData/items``.
  public let titles: [String]
  /// What else is known of each user and each item, such as age and genres; empty lists where nothing is.
  public let userTraits: [[String]]
  public let itemTraits: [[String]]
  /// The lowest and the highest of all ratings.
  public let range: ClosedRange<Double>
  /// What was found, and what was left out.
  public let report: InputReport
  /// Of all ratings, with their users and items.
  public let sha256: String

  /// MovieLens 100K.
  ///
  /// - Parameters:
  ///   - folds: 5 are the publisher's own; others are made at random, by seed. 0: a part is held out to test on.
  ///   - heldOut: The share of that part.
  public init(_ movies: MovieLens100K, folds: Int = 0, heldOut: Double = 0.2, seed: UInt64 = 1) {
    self.init(
      movies.ratings, own: folds == movies.folds.count ? movies.folds : nil, folds, heldOut, seed,
      titles: movies.titles, traits: (movies.userTraits, movies.itemTraits), problems: [])
  }

  /// Reads a file of separated values with a rating a row: CSV, or tab-separated if it ends in `.tsv` or `.tab`.
  ///
  /// - Parameters:
  ///   - header: The names of all columns, for a file without a header.
  ///   - folds: How many parts are tested on in turns; 0: one part is held out.
  ///   - onBadInput: What to do about rows that can't be read, lack a value, or rate what the user has rated before.
  ///   - heldOut: The share of the ratings to test on.
  ///   - seed: Of these choices.
  /// - Throws: ``BadInputError``; ``Tables/TableError`` when the file can't be read, lacks a column or has too few ratings.
  public init(
    _ file: URL, columns: RatingColumns = RatingColumns(), header: [String]? = nil, folds: Int = 0,
    onBadInput: BadInputHandling = .refuse, heldOut: Double = 0.2, seed: UInt64 = 1
  ) throws {
    let reading = try RatingReading(file, columns, header: header)
    if onBadInput == .refuse, !reading.problems.isEmpty { throw BadInputError(problems: reading.problems) }
    if reading.ratings.count < max(folds, 5) {
      throw TableError.unusable(
        column: columns.rating, reason: "has \(reading.ratings.count) usable values, too few to learn and to test")
    }
    let data = RatingData(users: reading.users, items: reading.items, ratings: reading.ratings)
    self.init(
      data, own: nil, folds, heldOut, seed, titles: data.items.map { reading.titles[$0] ?? $0 }, traits: nil,
      problems: reading.problems)
  }

  private init(
    _ all: RatingData, own: [RatingFold]?, _ folds: Int, _ heldOut: Double, _ seed: UInt64, titles: [String],
    traits: (users: [[String]], items: [[String]])?, problems: [InputFinding]
  ) {
    func parts(_ fold: DataPipelines.Fold) -> RatingFold {
      RatingFold(train: all.subset(fold.train), test: all.subset(fold.validation))
    }
    let traits = traits ?? (all.users.map { _ in [] }, all.items.map { _ in [] })
    let range = (all.ratings.min() ?? 0)...(all.ratings.max() ?? 0)
    let sha256 = Self.hash(all)
    func task(_ training: RatingData, _ test: RatingData?, _ folds: [RatingTask] = []) -> RatingTask {
      var report = InputReport()
      (report.trainingSamples, report.testSamples, report.skipped) = (training.count, test?.count ?? 0, problems)
      return RatingTask(
        training: training, test: test, folds: folds, titles: titles, userTraits: traits.users,
        itemTraits: traits.items, range: range, report: report, sha256: sha256)
    }
    if folds == 0 {
      let part = parts(Splits.random(all.count, validation: heldOut, seed: seed))
      self = task(part.train, part.test)
    } else {
      let divisions = own ?? CrossValidation.folds(folds, of: all.count, seed: seed).map(parts)
      self = task(all, nil, divisions.map { task($0.train, $0.test) })
    }
  }

  private init(
    training: RatingData, test: RatingData?, folds: [RatingTask], titles: [String], userTraits: [[String]],
    itemTraits: [[String]], range: ClosedRange<Double>, report: InputReport, sha256: String
  ) {
    (self.training, self.test, self.folds, self.titles) = (training, test, folds, titles)
    (self.userTraits, self.itemTraits, self.range) = (userTraits, itemTraits, range)
    (self.report, self.sha256) = (report, sha256)
  }

  private static func hash(_ data: RatingData) -> String {
    let hash = SHA256()
    for index in data.ratings.indices {
      let (user, item) = (data.users[data.userNumbers[index]], data.items[data.itemNumbers[index]])
      hash.update(Array("\(user)\0\(item)\0\(data.ratings[index])\n".utf8))
    }
    return hash.finish()
  }

  /// What recommending needs beside a model.
  public var preparation: RatingPreparation {
    RatingPreparation(
      users: training.users, items: training.items, titles: titles, rated: training.byUser.map { $0.map(\.other) },
      range: range)
  }

  /// What says who may like what, with a model that was trained on these ratings. Stops unless it is a `RatingModel`.
  public func recommender(_ model: any Layer, details: [String: String] = [:]) -> Recommender {
    guard let model = model as? any RatingModel else {
      stop("RatingTask.recommender", "\(type(of: model)) is no model of ratings", fix: "pass a RatingModel")
    }
    return Recommender(model, preparation: preparation, details: details)
  }
}
