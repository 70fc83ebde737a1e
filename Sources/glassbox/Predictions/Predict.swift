import Applications
import ArgumentParser
import Foundation
import TensorIO

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what pictures show, what texts are, or predict a column of rows, with a trained network.",
    discussion: """
      RUN is the folder of a run that has ended, or a model's file. Pictures: JPEG and PNG files, and folders of them; a \
      line for each, its path, the likeliest class and the probability. Texts: --text, .txt files, folders of them, and CSV \
      files with the column that training had. Rows: CSV files; CSV with what is predicted. \
      Input that can't be used is named on standard error, a line each, all other is predicted, and the exit status is 1 then.

      Examples:

        glassbox predict runs/images-resnet-20260102-030405 photo.jpg holiday/ --top 3
        glassbox predict income.safetensors people.csv --output predictions.csv
        glassbox predict sentiment.safetensors --text "What a film!" reviews/
      """)

  @Argument(help: ArgumentHelp("A run's folder, or a model's file.", valueName: "run"))
  var trained: String

  @Argument(help: "Pictures or texts and folders of them, or CSV files.")
  var inputs: [String] = []

  @Option(parsing: .unconditionalSingleValue, help: ArgumentHelp("A text; may come several times.", valueName: "text"))
  var text: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many classes to tell of each picture or text, with theirs. (default: 1)", valueName: "k"))
  var top: Int?

  @Flag(help: "A JSON object a line for each picture, text or row.")
  var json = false

  @Option(
    help: ArgumentHelp("Write there, whole or not at all, instead of to standard output.", valueName: "file"))
  var output: String?

  func validate() throws {
    try require(top.map { $0 >= 1 }, "--top must be 1 or more")
    try require(!inputs.isEmpty || !text.isEmpty, "name at least one picture, text or CSV file")
  }

  func run() throws {
    let place = try URL(filePath: trained).finishedModelFile
    let lines = PredictionLines(output: output.map { URL(filePath: $0, directoryHint: .notDirectory) })
    if let predictor = try EstimatorCatalogue.read(place) {
      try require(text.isEmpty, "--text is for a model of texts, this is for tables")
      try RowPredictions(predictor, json).write(inputs, lines)
      return try lines.finish()
    }
    let task = try ModelFile(contentsOf: place).task
    try require(text.isEmpty || task == .textClassification, "--text is for a model of texts, this is for \(task)")
    switch task {
    case .pictureClassification:
      try PicturePredictions(try PictureClassifier(contentsOf: place), top ?? 1, json).write(inputs, lines)
    case .tableClassification, .tableRegression:
      try require(top == nil, "--top is for pictures and texts: of a row, every class is told")
      try RowPredictions(try TablePredictor(contentsOf: place), json).write(inputs, lines)
    case .textClassification:
      TextPredictions(try TextClassifier(contentsOf: place), top ?? 1, json).write(texts: text, inputs, lines)
    case .recommendation: throw ValidationError("\(trained) is a model of ratings: use glassbox recommend")
    case .languageModel: throw ValidationError("\(trained) goes on with texts: use glassbox generate")
    }
    try lines.finish()
  }
}
