import Applications
import ArgumentParser
import DataPipelines
import Foundation

extension TableTask.Kind: ExpressibleByArgument {}

struct TrainTable: TrainingCommand {
  static let task = TaskName.table
  static let configuration = CommandConfiguration(
    commandName: "table", abstract: "Rows of a table: classes or numbers.",
    discussion: """
      FILE is CSV with a header (tab-separated if it ends in .tsv), or one of UCI's: X.data, with its rows to test on in \
      X.test beside it, and its columns' names in X.names or given by --columns. Adult (adult.data), census income, needs no \
      names. Without rows to test on, a fifth is held out, by seed. Missing numbers are filled, categories have learned \
      vectors, and what is unknown is counted.

      Defaults:

      \(RecipeTable.text([("table", .table)]))

      Example:

        glassbox train table adult.data --target income
      """)

  @Argument(help: "The file; may be left out with --resume.")
  var file: String?

  @Option(help: ArgumentHelp("The column to predict.", valueName: "column"))
  var target: String?

  @Option(
    help: ArgumentHelp("The names of all columns, of a file without a header.", valueName: "a,b,c"),
    transform: { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } })
  var columns: [String]?

  @Option(help: ArgumentHelp("A file with rows to test on.", valueName: "file"))
  var test: String?

  @Option(help: "What the target is. (default: classes for names and up to ten whole numbers)")
  var kind: TableTask.Kind?

  @Option(
    help: ArgumentHelp("The widths of the network's layers. (default: 200,100)", valueName: "n,n"),
    transform: { text in
      try text.split(separator: ",", omittingEmptySubsequences: false).map {
        guard let width = Int($0), (1...1_000_000).contains(width) else {
          throw ValidationError("--hidden must be widths such as 200,100")
        }
        return width
      }
    })
  var hidden: [Int]?

  @Option(help: "Rows that can't be read, or have no target: refuse them, or skip and report them.")
  var onBadInput: BadInputHandling?
  @OptionGroup var training: TrainingOptions

  func validate() throws {
    try require(file != nil || training.resume != nil, "FILE must be named, or --resume a run")
    try require(target != nil || training.resume != nil, "--target must name the column to predict")
  }

  func settings() -> Settings {
    var recipe = training.applied(to: .table)
    if let hidden { recipe.hidden = hidden }
    return Settings(
      Self.task, recipe, seed: training.seed ?? 1,
      data: Settings.DataChoice(
        source: file.map(wholePath), test: test.map(wholePath), target: target, columns: columns, kind: kind,
        onBadInput: onBadInput ?? .refuse), logs: training.logs)
  }

  func requireAgreement(_ check: Agreement) throws {
    let own = check.settings.data
    try check("FILE", file.map(wholePath), own.source)
    try check("--target", target, own.target)
    try check("--columns", columns, own.columns)
    try check("--test", test.map(wholePath), own.test)
    try check("--kind", kind, own.kind)
    try check("--hidden", hidden, check.settings.recipe.hidden)
    try check("--on-bad-input", onBadInput, own.onBadInput)
  }
}
