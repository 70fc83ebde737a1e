import Foundation
import Testing

@Suite("glassbox train text, and glassbox generate", .serialized)
struct LanguageTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try Data(String(repeating: "the cat sat on this mat.\n", count: 240).utf8).write(to: folder.file("cat.txt"))
  }

  private func run(_ name: String) -> RunFolder { RunFolder(url: folder.file(name)) }

  private static let recurrent = ["--blocks", "1", "--width", "32", "--context", "16"]
  private static let small = recurrent + ["--heads", "2"]

  private func train(_ options: [String], _ sizes: [String] = small) throws -> Tool.Outcome {
    try Tool.run(["train", "text"] + options + sizes, in: folder.url)
  }

  /// What the run says when its config.json has another entry.
  private func resumption(_ entry: String, _ other: String) throws -> String {
    let file = folder.file("run/config.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.contains(entry))
    try Data(text.replacing(entry, with: other).utf8).write(to: file)
    defer { try? Data(text.utf8).write(to: file) }
    return try Tool.run(["train", "--resume", "run"], in: folder.url).errorLine()
  }

  private func generate(_ options: [String]) throws -> Tool.Outcome {
    try Tool.run(["generate"] + options, in: folder.url)
  }

  @Test("a text that repeats is learned, and gone on with, as it was asked for")
  func learns() throws {
    let outcome = try train(["cat.txt", "--epochs", "12", "--learning-rate", "0.01", "--output", "run"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(outcome.output.contains("glassbox generate run --prompt"))
    let (loss, perplexity) = (try run("run").figure("loss"), try run("run").figure("perplexity"))
    #expect(perplexity < 1.2 && abs(perplexity - exp(loss)) < 1e-12)
    let page = try folder.text("run/report.html")
    #expect(page.contains("What it writes") && page.contains("validation loss") && page.contains("the cat sat"))

    let greedy = try generate(["run", "--prompt", "the cat", "--count", "40", "--temperature", "0"])
    #expect(greedy.status == 0 && greedy.errors.isEmpty, "\(greedy.errors)")
    #expect(greedy.output == "the cat sat on this mat.\nthe cat sat on this ma\n")
    #expect(try generate(["run", "--prompt", "the cat", "--count", "40", "--beams", "3"]).output == greedy.output)
    #expect(try generate(["run", "--prompt", "the cat", "--count", "40", "--top-k", "1"]).output == greedy.output)
    func drawn(_ seed: String) throws -> String {
      try generate([
        "run", "--prompt", "the", "--count", "60", "--temperature", "3", "--top-p", "0.99", "--repetition-penalty",
        "1.1", "--seed", seed,
      ]).output
    }
    #expect(try drawn("1") == drawn("1") && drawn("1") != drawn("2"))

    // Ctrl-C, and a reader that has had enough.
    let stopped = try Tool.run(
      ["generate", "run", "--prompt", "the", "--count", "1000000"], in: folder.url, interruptWhen: { $0.count > 60 })
    #expect(stopped.status == 130 && stopped.errors.isEmpty && stopped.output.hasSuffix("\n"))
    let piped = try Tool.run(
      ["-c", "\"$0\" generate run --prompt the --count 1000000 | head -c 50", Tool.path], of: "/bin/sh",
      in: folder.url)
    #expect(piped.status == 0 && piped.output.utf8.count == 50 && piped.errors.isEmpty, "\(piped.errors)")

    let unknown = try generate(["run", "--prompt", "the dog"])
    #expect(unknown.errorLine().contains("found \"d\""))
    #expect(try generate(["run", "--beams", "2", "--top-k", "3"]).errorLine().contains("--beams searches"))
    #expect(try generate(["run", "--beams", "2", "--seed", "3"]).errorLine().contains("--beams searches"))
    try Data("{\"model_type\": \"gp".utf8).write(to: folder.file("config.json"))
    #expect(try generate(["."]).errorLine().contains("config.json: expected JSON"))
    #expect(try generate(["run", "--top-p", "2"]).errorLine().contains("--top-p must be"))
    #expect(try generate(["absent"]).errorLine().contains("absent"))
    #expect(try Tool.run(["predict", "run", "cat.txt"], in: folder.url).errorLine().contains("glassbox generate"))
  }

  @Test("resumed, a run ends with the same bits; byte pairs are another text's tokens")
  func resumes() throws {
    let options = [
      "cat.txt", "--tokenizer", "byte-pairs", "--vocabulary", "262", "--epochs", "30", "--dropout", "0.1", "--output",
    ]
    #expect(try train(options + ["whole"]).status == 0)
    let first = try Tool.run(
      ["train", "text"] + options + ["run"] + Self.small, in: folder.url, interruptWhen: { $0.contains("\nepoch 3/") })
    #expect(first.status == 130, "\(first.errors)")
    #expect(try generate(["run"]).errorLine().contains("has not ended"))
    #expect(try train(["--resume", "run", "--dropout", "0.2"]).errorLine().contains("--dropout 0.1"))
    #expect(try train(["--resume", "run", "--vocabulary", "263"]).errorLine().contains("--vocabulary 262, not 263"))
    #expect(try train(["--resume", "run", "--heads", "3"], []).errorLine().contains("--heads 2, not 3"))
    #expect(try resumption("\"heads\" : 2", "\"heads\" : 3").contains("heads must divide the width"))
    #expect(try resumption("\"model\" : \"gpt\"", "\"model\" : \"svdpp\"").contains("lacks a network for long texts"))
    #expect(try train(["--resume", "run", "--vocabulary", "262"]).status == 0)
    #expect(try run("run").weights == run("whole").weights)
    #expect(try run("run").metrics == run("whole").metrics)
    #expect(try generate(["run", "--prompt", "日", "--count", "5"]).output.hasPrefix("日"))
  }

  @Test("an AWD-LSTM learns it too, and ends with the same bits after an interruption")
  func recurrent() throws {
    let options = [
      "cat.txt", "--model", "awd-lstm", "--epochs", "30", "--batch-size", "8", "--learning-rate", "0.02", "--output",
    ]
    #expect(try train(options + ["whole"], Self.recurrent).status == 0)
    #expect(try run("whole").figure("perplexity") < 2)
    let first = try Tool.run(
      ["train", "text"] + options + ["run"] + Self.recurrent, in: folder.url,
      interruptWhen: { $0.contains("\nepoch 2/") })
    #expect(first.status == 130, "\(first.errors)")
    #expect(try Tool.run(["train", "--resume", "run"], in: folder.url).status == 0)
    #expect(try run("run").weights == run("whole").weights)
    #expect(try generate(["run", "--prompt", "the cat", "--count", "9"]).output.hasPrefix("the cat"))
  }

  @Test("lines that are no UTF-8 are refused with their place, or skipped, reported and counted")
  func badBytes() throws {
    var bytes = try Data(contentsOf: folder.file("cat.txt"))
    bytes[30] = 0xFF
    try bytes.write(to: folder.file("bad.txt"))
    let refused = try train(["bad.txt", "--output", "run"])
    #expect(refused.errorLine().contains("bad.txt:2: expected UTF-8, found other bytes. --on-bad-input skip"))
    #expect(!folder.names.contains("run"))
    let skipped = try train(["bad.txt", "--on-bad-input", "skip", "--epochs", "1", "--output", "run"])
    #expect(skipped.status == 0, "\(skipped.errors)")
    let data = try #require(run("run").object("config.json")["data"] as? [String: Any])
    let findings = try #require((data["report"] as? [String: Any])?["skipped"] as? [[String: String]])
    #expect(findings.map { $0["place"]?.split(separator: "/").last } == ["bad.txt:2"])
    #expect((data["sha256"] as? String)?.count == 64)
  }

  @Test("what can't be trained is told by name")
  func failures() throws {
    try Data("too short".utf8).write(to: folder.file("short.txt"))
    try Data().write(to: folder.file("empty.txt"))
    #expect(try train(["short.txt"]).errorLine().contains("short.txt: expected more than 16 tokens"))
    #expect(try train(["empty.txt"]).errorLine().contains("empty.txt"))
    #expect(try train(["absent.txt"]).errorLine().contains("absent.txt"))
    #expect(try train(["cat.txt", "--set", "shakespeare"]).errorLine().contains("two texts"))
    #expect(try train(["cat.txt", "--vocabulary", "300"]).errorLine().contains("byte-pairs"))
    let heads = try Tool.run(["train", "text", "cat.txt", "--heads", "3"], in: folder.url)
    #expect(heads.errorLine().contains("--heads must divide the width, 128"))
    #expect(try train(["cat.txt", "--model", "awd-lstm"]).errorLine().contains("--heads is for --model gpt"))
    #expect(
      try train(["cat.txt", "--label-smoothing", "0.1"]).errorLine().contains("--label-smoothing is for classes"))
    #expect(try train(["--on-bad-input", "skip"]).errorLine().contains("--on-bad-input is for a FILE"))
    #expect(folder.names == ["cat.txt", "empty.txt", "short.txt"])
  }
}
