import Applications
import ArgumentParser
import Foundation
import Learning
import Models
import TensorCore
import TensorIO

struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Go on with a text, as a trained language model has it.",
    discussion: """
      RUN is the folder of a run of 'glassbox train text' that has ended, a model's file, or a folder with GPT-2 as Hugging \
      Face publishes it (config.json, model.safetensors, tokenizer.json). The text is printed as it comes; Ctrl-C ends it.

      Examples:

        glassbox generate runs/text-gpt-20260102-030405 --prompt "ROMEO:" --temperature 0.8
        glassbox generate gpt2 --prompt "The answer is" --count 50 --top-k 40
        glassbox generate gpt2 --prompt "The answer is" --count 20 --beams 5
      """)

  @Argument(help: ArgumentHelp("A run's folder, a model's file, or GPT-2's folder.", valueName: "run"))
  var trained: String

  @Option(parsing: .unconditional, help: "The text to go on with. (default: the end of a line)")
  var prompt = "\n"

  @Option(parsing: .unconditional, help: ArgumentHelp("How many tokens at most.", valueName: "n"))
  var count = 500

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Below 1 the likely become likelier; 0 takes the likeliest.", valueName: "x"))
  var temperature = 1.0

  @Option(parsing: .unconditional, help: ArgumentHelp("Draw from so many of the likeliest tokens.", valueName: "k"))
  var topK: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Draw from the fewest tokens that have this probability together.", valueName: "p"))
  var topP: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Above 1, tokens that are there already become less likely.", valueName: "x"))
  var repetitionPenalty = 1.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Instead of drawing, search for the likeliest text by so many beams.", valueName: "n"))
  var beams: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Decides what is drawn. (default: 1)", valueName: "n"))
  var seed: UInt64?

  @Option(parsing: .unconditional, help: ArgumentHelp("How many threads to use. (default: one a core)", valueName: "n"))
  var threads: Int?

  func validate() throws {
    try require((1...1_000_000).contains(count), "--count must be in 1...1000000")
    try require(temperature >= 0 && temperature.isFinite, "--temperature must be 0 or more")
    try require(topK.map { $0 >= 1 }, "--top-k must be 1 or more")
    try require(topP.map { $0 > 0 && $0 <= 1 }, "--top-p must be more than 0, and 1 at most")
    try require(repetitionPenalty > 0 && repetitionPenalty.isFinite, "--repetition-penalty must be more than 0")
    try require(beams.map { (1...1000).contains($0) }, "--beams must be in 1...1000")
    let drawing = temperature != 1 || topK != nil || topP != nil || repetitionPenalty != 1 || seed != nil
    try require(beams == nil || !drawing, "--beams searches: leave out what says how to draw")
    try require(threads.map { (1...1024).contains($0) }, "--threads must be in 1...1024")
  }

  func run() throws {
    if let threads { Runtime.threads = threads }
    let writer = try TextWriter(at: URL(filePath: trained))
    if let problem = writer.problem(of: prompt) { throw ValidationError("--prompt: \(problem)") }
    Output.text(prompt)
    if let beams {
      Output.line(writer.best(after: prompt, count: count, beams: beams).first ?? "")
      return
    }
    Interruption.watch()
    let sampling = Sampling(
      temperature: temperature, topK: topK, topP: topP, repetitionPenalty: repetitionPenalty)
    for piece in writer.text(after: prompt, count: count, sampling: sampling, using: RandomGenerator(seed: seed ?? 1)) {
      Output.text(piece)
      if Output.failure != nil { return }
      if let signal = Interruption.requested {
        Output.line()
        throw Interrupted(signal: signal)
      }
    }
    Output.line()
  }
}

extension TextWriter {
  /// Of a run's folder, a model's file, or a folder of Hugging Face's.
  fileprivate init(at place: URL) throws {
    // A run's has none.
    struct Publication: Decodable { let modelType: String? }
    let settings = place.appending(path: "config.json")
    let isThere = FileManager.default.fileExists(atPath: settings.path(percentEncoded: false))
    if isThere, try JSONFile.read(Publication.self, from: settings).modelType != nil {
      try self.init(huggingFace: place)
    } else {
      try self.init(contentsOf: try place.finishedModelFile)
    }
  }
}
