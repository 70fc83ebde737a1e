import Applications
import ArgumentParser
import DataPipelines
import Foundation

extension LanguageTokens: ExpressibleByArgument {}
extension LongTextSet: ExpressibleByArgument {}
extension LanguageNetwork: ExpressibleByArgument {}

struct TrainText: TrainingCommand {
  static let task = TaskName.text
  static let configuration = CommandConfiguration(
    commandName: "text", abstract: "A long text, to go on with.",
    discussion: """
      FILE is any text in UTF-8; its last tenth is for the validation. Without it, it is tiny Shakespeare, a million \
      characters, which are downloaded at the first time to $GLASSBOX_DATA/tinyshakespeare (else \
      ~/.cache/glassbox/tinyshakespeare). The test's loss is the mean of −ln p of every token of that tenth, in windows of \
      the context, and the perplexity is e to it. 'glassbox generate' writes with what was trained.

      Defaults:

      \(RecipeTable.text(LanguageNetwork.allCases.map { ($0.rawValue, .language($0)) }))

      Examples:

        glassbox train text
        glassbox train text novel.txt --tokenizer byte-pairs --vocabulary 2000 --context 128 --dropout 0.1
        glassbox generate runs/text-gpt-20260102-030405 --prompt "ROMEO:"
      """)

  @Argument(help: "The file; tiny Shakespeare if it is left out.")
  var file: String?

  @Option(
    parsing: .unconditional,
    help: "A text that has a name, instead of FILE. wikitext2: two million words of Wikipedia. (default: shakespeare)")
  var set: LongTextSet?

  @Option(
    parsing: .unconditional,
    help: """
      gpt: a transformer of 4 layers, 128 wide, with 4 heads, that looks back 64 tokens. awd-lstm: 2 layers of LSTM, 256 wide, \
      with dropout on all that can be dropped. (default: gpt)
      """)
  var model: LanguageNetwork?

  @Option(
    parsing: .unconditional, help: "characters: each is a token. byte-pairs: frequent pieces. (default: characters)")
  var tokenizer: LanguageTokens?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many byte pairs, 256 at least. (default: 1024)", valueName: "n"))
  var vocabulary: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Layers. (default: see --model)", valueName: "n"))
  var blocks: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The length of a token's vector; the heads divide it. (default: see --model)", valueName: "n"))
  var width: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Heads of attention of a GPT. (default: 4)", valueName: "n"))
  var heads: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("How many tokens a window has. (default: 64)", valueName: "n"))
  var context: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of elements that are dropped; of an awd-lstm, what its dropouts are multiplied by. (default: 0, 0.2)",
      valueName: "x"))
  var dropout: Double?

  @Option(help: "Lines that are no UTF-8: refuse them, or skip and report them.")
  var onBadInput: BadInputHandling?
  @OptionGroup var training: TrainingOptions

  func validate() throws {
    try require(set == nil || file == nil, "FILE and --set are two texts: give one of them")
    try require(vocabulary.map { (256...1_000_000).contains($0) }, "--vocabulary must be in 256...1000000")
    // What a run was begun with is compared with it.
    let isResumed = training.resume != nil
    try require(
      vocabulary == nil || tokenizer == .bytePairs || isResumed, "--vocabulary is for --tokenizer byte-pairs")
    for (name, value) in [("blocks", blocks), ("width", width), ("heads", heads), ("context", context)] {
      try require(value.map { (1...100_000).contains($0) }, "--\(name) must be in 1...100000")
    }
    let recipe = recipe
    try require(heads == nil || network == .gpt || isResumed, "--heads is for --model gpt")
    try require(
      network == .awdLSTM || recipe.width % recipe.heads == 0 || isResumed,
      "--heads must divide the width, \(recipe.width)")
    try require(dropout.map { (0..<1).contains($0) }, "--dropout must be in 0..<1")
    try require(onBadInput == nil || file != nil || isResumed, "--on-bad-input is for a FILE")
    try training.requireNoClasses()
  }

  private var network: LanguageNetwork { model ?? .gpt }

  private var recipe: Recipe {
    var recipe = training.applied(to: .language(network))
    recipe.vocabulary = vocabulary ?? recipe.vocabulary
    recipe.blocks = blocks ?? recipe.blocks
    recipe.width = width ?? recipe.width
    recipe.heads = heads ?? recipe.heads
    recipe.maximumLength = context ?? recipe.maximumLength
    recipe.dropout = dropout ?? recipe.dropout
    return recipe
  }

  func settings() -> Settings {
    Settings(
      Self.task, recipe, seed: training.seed ?? 1, model: NetworkName(network),
      data: Settings.DataChoice(
        source: file.map(wholePath), onBadInput: onBadInput ?? .refuse,
        textSet: file == nil ? set ?? .shakespeare : nil,
        tokens: tokenizer ?? .characters), logs: training.logs)
  }

  func requireAgreement(_ check: Agreement) throws {
    let (own, recipe) = (check.settings.data, check.settings.recipe)
    try check("FILE", file.map(wholePath), own.source)
    try check("--set", set, own.textSet)
    try check("--model", model?.rawValue, check.settings.model?.name)
    try check("--tokenizer", tokenizer, own.tokens)
    try check("--vocabulary", vocabulary, recipe.vocabulary)
    try check("--blocks", blocks, recipe.blocks)
    try check("--width", width, recipe.width)
    try check("--heads", heads, recipe.heads)
    try check("--context", context, recipe.maximumLength)
    try check("--dropout", dropout, recipe.dropout)
    try check("--on-bad-input", onBadInput, own.onBadInput)
  }
}
