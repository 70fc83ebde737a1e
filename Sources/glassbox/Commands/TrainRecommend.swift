import Applications
import ArgumentParser
import DataPipelines
import Foundation
import Models

extension RatingNetwork: ExpressibleByArgument {}

struct TrainRecommend: TrainingCommand {
  static let task = TaskName.recommend
  static let configuration = CommandConfiguration(
    commandName: "recommend", abstract: "Ratings: who may like what.",
    discussion: """
      FILE is CSV with a header (tab-separated if it ends in .tsv or .tab), a rating a row. Without FILE it is MovieLens 100K, \
      which is downloaded at the first time to $GLASSBOX_DATA/movielens-100k (else ~/.cache/glassbox/movielens-100k).

      A fifth of the ratings is held out to test on, by seed. With --folds, each part is tested on in turns, by a model that \
      has learned from the others; the model that is saved then learns from all. Interrupted, a run goes on where it was.

      Defaults:

      \(RecipeTable.text(RatingNetwork.allCases.map { ($0.rawValue, .recommendation($0)) }))

      Examples:

        glassbox train recommend --model svdpp --folds 5
        glassbox train recommend ratings.csv --user-column reader --item-column book --rating-column stars
      """)

  @Argument(help: "The file. (default: MovieLens 100K)")
  var file: String?

  @Option(
    parsing: .unconditional,
    help: """
      bias: the mean, and how users and items differ from it. mf: matrix factorisation with biases. svdpp: SVD++, which also \
      goes by what a user has rated at all. ncf: neural collaborative filtering. fm: a factorisation machine, also over age, \
      occupation and genres. autorec: an autoencoder of each item's ratings. (default: svdpp)
      """)
  var model: RatingNetwork?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The width of the vectors. (default: 20; ncf: 16, autorec: 500)", valueName: "n"))
  var factors: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How strongly vectors and biases are drawn to 0. (default: see above)", valueName: "x"))
  var weightDecay: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Cross-validation in so many parts; 5 of MovieLens are its publisher's.", valueName: "n"))
  var folds: Int?

  @Option(help: ArgumentHelp("The column with users. (default: user)", valueName: "column"))
  var userColumn: String?

  @Option(help: ArgumentHelp("The column with items. (default: item)", valueName: "column"))
  var itemColumn: String?

  @Option(help: ArgumentHelp("The column with ratings. (default: rating)", valueName: "column"))
  var ratingColumn: String?

  @Option(help: ArgumentHelp("A column with the items' names.", valueName: "column"))
  var titleColumn: String?

  @Option(
    help: ArgumentHelp("The names of all columns, of a file without a header.", valueName: "a,b,c"),
    transform: { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } })
  var columns: [String]?

  @Option(
    help: """
      Rows that can't be read, lack a value, or rate what the user has rated before: refuse them, or skip and report them. \
      (default: refuse)
      """)
  var onBadInput: BadInputHandling?
  @OptionGroup var training: TrainingOptions

  func validate() throws {
    try require(factors.map { (1...1_000_000).contains($0) }, "--factors must be in 1...1000000")
    try require(weightDecay.map { $0 >= 0 && $0.isFinite }, "--weight-decay must be 0 or more")
    try require(folds.map(Settings.folds.contains), "--folds must be in \(Settings.folds)")
    let isResumed = training.resume != nil
    try require(factors == nil || model != .bias || isResumed, "--factors is for models with vectors, not bias")
    try require(onBadInput == nil || file != nil || isResumed, "--on-bad-input is for a FILE")
    try training.requireNoClasses()
    let hasColumns = !ratingColumns.isEmpty || titleColumn != nil || columns != nil
    try require(file != nil || isResumed || !hasColumns, "columns can be named for FILE alone")
    if let columns, !isResumed {
      let missing = asked.names.first { !columns.contains($0) }
      try require(missing == nil, "--columns must name \(missing ?? "")")
    }
  }

  private var ratingColumns: [String] { [userColumn, itemColumn, ratingColumn].compactMap(\.self) }

  private var asked: RatingColumns {
    RatingColumns(
      user: userColumn ?? "user", item: itemColumn ?? "item", rating: ratingColumn ?? "rating", title: titleColumn)
  }

  func settings() -> Settings {
    let network = model ?? .svdpp
    var recipe = training.applied(to: .recommendation(network))
    if let factors { recipe.embedding = factors }
    if let weightDecay { recipe.weightDecay = weightDecay }
    return Settings(
      Self.task, recipe, seed: training.seed ?? 1, model: NetworkName(network),
      data: Settings.DataChoice(
        source: file.map(wholePath), columns: columns, ratings: file.map { _ in asked }, folds: folds,
        onBadInput: onBadInput ?? .refuse), logs: training.logs)
  }

  func requireAgreement(_ check: Agreement) throws {
    let own = check.settings.data
    try check("FILE", file.map(wholePath), own.source)
    try check("--model", model?.rawValue, check.settings.model?.name)
    try check("--factors", factors, check.settings.recipe.embedding)
    try check("--weight-decay", weightDecay, check.settings.recipe.weightDecay)
    try check("--folds", folds, own.folds)
    try check("--user-column", userColumn, own.ratings?.user)
    try check("--item-column", itemColumn, own.ratings?.item)
    try check("--rating-column", ratingColumn, own.ratings?.rating)
    try check("--title-column", titleColumn, own.ratings?.title)
    try check("--columns", columns, own.columns)
    try check("--on-bad-input", onBadInput, own.onBadInput)
  }
}
