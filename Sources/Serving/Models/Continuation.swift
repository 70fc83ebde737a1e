import Applications
import Models
import NotebookDisplay
import TensorCore
import Tokenizers

/// A text to go on with.
struct Continuation: Sendable, Hashable {
  let prompt: String
  /// The most tokens.
  let count: Int
  let sampling: Sampling
  let seed: Int

  /// What a body asks: `{"prompt": "…", "count": 100, "temperature": 1, "top_k": 40, "top_p": 0.9, "seed": 7}`, of which the prompt alone must be there.
  ///
  /// - Parameter limits: The most bytes of a prompt, and the most tokens.
  init(_ body: [UInt8], limits: (prompt: Int, tokens: Int)) throws(RequestProblem) {
    let json = try OrderedJSON(body: body)
    prompt = try json.member(["prompt"]).1.text(at: "prompt")
    try RequestProblem.require(prompt: prompt, at: "prompt", limit: limits.prompt)
    let names = ["prompt", "count", "temperature", "top_k", "top_p", "seed"]
    if let other = json.members?.first(where: { !names.contains($0.name) }) {
      throw .unusable(
        "The body", expected: "no others than \(names.joined(separator: ", "))", found: "\"\(other.name)\"")
    }
    func number(
      _ name: String, _ expected: String, _ holds: (Double) -> Bool
    ) throws(RequestProblem) -> Double? {
      guard let value = json[name], !value.isNull else { return nil }
      guard let number = value.number, holds(number) else {
        throw .unusable(name, expected: expected, found: value.kind)
      }
      return number
    }
    let isWhole = { (number: Double) in Int(exactly: number) != nil }
    count =
      try number("count", "a whole number from 1 to \(limits.tokens)") {
        isWhole($0) && (1...Double(limits.tokens)).contains($0)
      }.map { Int($0) } ?? min(100, limits.tokens)
    sampling = Sampling(
      temperature: try number("temperature", "a number from 0 to 100") { (0...100).contains($0) } ?? 1,
      topK: try number("top_k", "a whole number from 1 on") { isWhole($0) && $0 >= 1 }.map { Int($0) },
      topP: try number("top_p", "a number above 0, and 1 at most") { $0 > 0 && $0 <= 1 })
    seed =
      try number("seed", "a whole number from 0 on") { isWhole($0) && $0 >= 0 }.map { Int($0) }
      // float64 holds it, and so JSON of any reader.
      ?? Int.random(in: 0..<(1 << 53))
  }
}

/// A text that is being written on the model's thread; it is given up when nobody holds this any more.
final class Story: Sendable {
  let number: Int
  private let runner: ModelRunner

  init(_ number: Int, of runner: ModelRunner) { (self.number, self.runner) = (number, runner) }

  deinit { Task { [number, runner] in await runner.end(number) } }

  /// The next piece, which may be empty; nil at the end.
  func next() async -> String? { await runner.next(number) }
}

extension TextWriter {
  /// The tokens that may come behind a text, with their probabilities: the likeliest 50.
  func nextTokens(after prompt: String) -> Prediction {
    let ids = tokenizer.ids(of: prompt, hasSpecials: false)
    let logits = Self.logits(after: ids, by: model).prefix(tokenizer.vocabularySize)
    let probabilities = Sampling().probabilities(Array(logits))
    let likeliest = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }.prefix(50)
    return Prediction(
      classNames: likeliest.map { tokenizer.text(of: [$0], skipsSpecials: false) },
      probabilities: likeliest.map { probabilities[$0] })
  }

  private static func logits<Model: LanguageModel>(after ids: [Int], by model: Model) -> [Double] {
    var memory: Model.Memory?
    let read = model.context.map { Array(ids.suffix($0)) } ?? ids
    return model.read(Tensor(read, shape: [1, read.count]), &memory)[0].scalars(as: Double.self)
  }
}
