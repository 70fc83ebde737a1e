import Applications
import ArgumentParser
import DataPipelines
import Foundation
import Tables

extension TextNetwork: ExpressibleByArgument {}

struct TrainSentiment: TrainingCommand {
  static let task = TaskName.sentiment
  static let configuration = CommandConfiguration(
    commandName: "sentiment", abstract: "Texts in classes: whether a film review is positive, or classes of your own.",
    discussion: """
      SOURCE is imdb (50,000 film reviews), sst2 (sentences of reviews) or ag-news (news of four kinds), downloaded at the \
      first time to $GLASSBOX_DATA (else ~/.cache/glassbox); or a folder with a folder of .txt files for each class, perhaps \
      in 'train' and 'test', or an archive of it; or a table, CSV with a header (tab-separated if it ends in .tsv), with the \
      columns --text and --target. Without texts to test on, a fifth of each class is held out, by seed.

      Defaults:

      \(RecipeTable.text(TextNetwork.allCases.map { ($0.rawValue, .text($0)) }))

      Examples:

        glassbox train sentiment
        glassbox train sentiment --model lstm
        glassbox train sentiment mails.csv --text body --target folder --on-bad-input skip
      """)

  @Argument(help: "imdb, sst2, ag-news, or a folder, archive or table. (default: imdb)")
  var source: String?

  @Option(
    parsing: .unconditional,
    help: """
      ngrams: which words and pairs of words a text has, with weights that begin at naive Bayes'. cnn: convolutions over \
      words. lstm: a bidirectional LSTM over words. (default: ngrams)
      """)
  var model: TextNetwork?

  @Option(help: ArgumentHelp("A table's column of texts.", valueName: "column"))
  var text: String?

  @Option(help: ArgumentHelp("A table's column of classes.", valueName: "column"))
  var target: String?

  @Option(help: ArgumentHelp("A table with rows to test on.", valueName: "file"))
  var test: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The longest runs of words that ngrams counts; 1 for words alone. (default: 2)", valueName: "n"))
  var order: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The most words, or runs of words, that count. (default: see above)", valueName: "n"))
  var vocabulary: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many words of a text are read, of cnn and lstm. (default: see above)", valueName: "n"))
  var length: Int?

  @Option(help: "Files without text, rows that lack one or their class: refuse them, or skip and report them.")
  var onBadInput: BadInputHandling?
  @OptionGroup var training: TrainingOptions

  private var isTable: Bool {
    source.map { CSVFormat.fileEndings.contains(URL(filePath: $0).pathExtension.lowercased()) } ?? false
  }

  private var isPublished: Bool { PublishedTexts(rawValue: source ?? "imdb") != nil }
  private var isResumed: Bool { training.resume != nil }

  func validate() throws {
    let columns = [text, target].compactMap(\.self).count
    try require(
      columns == (isTable ? 2 : 0) || isResumed,
      isTable ? "--text and --target must name columns of the table" : "--text and --target are for tables")
    try require(text == nil || text != target, "--text and --target must name two columns")
    try require(test == nil || isTable || isResumed, "--test is for tables")
    try require(vocabulary.map { (2...1_000_000).contains($0) }, "--vocabulary must be in 2...1000000")
    try require(length.map { (1...1_000_000).contains($0) }, "--length must be in 1...1000000")
    try require(order.map { (1...9).contains($0) }, "--order must be in 1...9")
    let isBag = (model ?? .ngrams) == .ngrams
    try require(order == nil || isBag || isResumed, "--order is for --model ngrams")
    try require(length == nil || !isBag || isResumed, "--length is for --model cnn and lstm")
    try require(
      onBadInput == nil || !isPublished || isResumed, "--on-bad-input is for folders, archives and tables of your own")
  }

  func settings() -> Settings {
    let network = model ?? .ngrams
    var recipe = training.applied(to: .text(network))
    if let order { recipe.ngramOrder = order }
    if let vocabulary { recipe.vocabulary = vocabulary }
    if let length { recipe.maximumLength = length }
    return Settings(
      Self.task, recipe, seed: training.seed ?? 1, model: NetworkName(network),
      data: Settings.DataChoice(
        source: place, test: test.map(wholePath), text: text, target: target, onBadInput: onBadInput ?? .refuse),
      logs: training.logs)
  }

  private var place: String { source.map { PublishedTexts(rawValue: $0)?.rawValue ?? wholePath($0) } ?? "imdb" }

  func requireAgreement(_ check: Agreement) throws {
    let (own, recipe) = (check.settings.data, check.settings.recipe)
    try check("SOURCE", source.map { _ in place }, own.source)
    try check("--model", model?.rawValue, check.settings.model?.name)
    try check("--text", text, own.text)
    try check("--target", target, own.target)
    try check("--test", test.map(wholePath), own.test)
    try check("--order", order, recipe.ngramOrder)
    try check("--vocabulary", vocabulary, recipe.vocabulary)
    try check("--length", length, recipe.maximumLength)
    try check("--on-bad-input", onBadInput, own.onBadInput)
  }
}
