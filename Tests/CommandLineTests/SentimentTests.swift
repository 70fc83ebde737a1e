import Foundation
import Testing

@Suite("glassbox train sentiment", .serialized)
struct SentimentTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ name: String) -> RunFolder { RunFolder(url: folder.file(name)) }

  /// A text with three words that say nothing and one that says which class it is of; "not" turns it round.
  private func text(_ number: Int) -> (text: String, isGood: Bool) {
    let fillers = ["film", "music", "actors", "light", "story"]
    let isGood = number % 2 == 0
    let isTurned = number % 4 < 2
    let word = (isGood != isTurned ? ["fine", "great"] : ["dull", "awful"])[number / 4 % 2]
    let others = (0..<3).map { fillers[(number * 7 + $0 * 3) % 5] }
    return ((others + [isTurned ? "not \(word)" : "so \(word)"]).joined(separator: " "), isGood)
  }

  private func writeTexts(_ count: Int) throws {
    for number in 0..<count {
      let (text, isGood) = text(number)
      let place = folder.url.appending(path: "texts/\(isGood ? "good" : "bad")")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: place.appending(path: "\(number).txt"))
    }
  }

  private func writeTable(_ count: Int, extra: [String] = []) throws {
    let rows = (0..<count).map { "\(text($0).text),\(text($0).isGood ? "good" : "bad")" }
    try Data((["review,verdict"] + rows + extra).joined(separator: "\n").utf8).write(to: folder.file("reviews.csv"))
  }

  private func train(
    _ options: [String], interruptWhen isTime: (String) -> Bool = { _ in false }
  ) throws -> Tool.Outcome {
    try Tool.run(
      ["train", "sentiment"] + options + ["--batch-size", "16"], in: folder.url, interruptWhen: isTime)
  }

  @Test("learns a folder's texts by pairs of words, and names texts, files and folders")
  func folders() throws {
    try writeTexts(160)
    let outcome = try train(["texts", "--epochs", "10", "--learning-rate", "0.02", "--output", "run"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(try run("run").figure("accuracy") == 1)
    #expect(try run("run").object("result.json")["test_samples"] as? Int == 32)
    let page = try folder.text("run/report.html")
    #expect(page.contains("What the model goes by") && page.contains("not dull"))
    let predicted = try Tool.run(
      ["predict", "run", "--text", "the light is not dull", "--text", "so awful", "texts/good/0.txt", "texts/bad"],
      in: folder.url)
    let lines = predicted.output.split(separator: "\n")
    #expect(predicted.status == 0 && lines.count == 83)
    #expect(lines[0].hasPrefix("the light is not dull  good  ") && lines[1].hasPrefix("so awful  bad  "))
    #expect(lines[2].hasPrefix("texts/good/0.txt  good  ") && lines[3...].allSatisfy { $0.contains("  bad  ") })
    try Data("text\nso great\n".utf8).write(to: folder.file("new.csv"))
    let table = try Tool.run(["predict", "run", "new.csv"], in: folder.url)
    #expect(table.status == 1 && table.errors.contains("new.csv: expected a .txt file, as the model was not trained"))
    let json = try Tool.run(["predict", "run", "--text", "so great", "--json", "--top", "2"], in: folder.url).output
    #expect(json.contains("\"class\":\"good\"") && json.contains("\"class\":\"bad\""))
  }

  @Test(
    "learns a table's texts by convolutions and by an LSTM; resumed, a run ends with the same bits",
    arguments: ["cnn", "lstm"])
  func networks(_ model: String) throws {
    try writeTable(240)
    let options = [
      "reviews.csv", "--text", "review", "--target", "verdict", "--model", model, "--epochs", "25", "--learning-rate",
      "0.01", "--output",
    ]
    #expect(try train(options + ["whole"]).status == 0)
    #expect(try run("whole").figure("accuracy") >= 0.9)
    let stopped = try train(options + ["run"], interruptWhen: { $0.contains("\nepoch 3/") })
    #expect(stopped.status == 130, "\(stopped.errors)")
    let other = try Tool.run(["train", "sentiment", "--resume", "run", "--test", "new.csv"], in: folder.url)
    #expect(other.errorLine().contains("was begun with --test left out, not "))
    #expect(try Tool.run(["train", "--resume", "run"], in: folder.url).status == 0)
    #expect(try run("run").weights == run("whole").weights)
    try Data("verdict,review\ngood,film light story so great\nbad,\n".utf8).write(to: folder.file("new.csv"))
    let predicted = try Tool.run(["predict", "whole", "new.csv"], in: folder.url)
    #expect(predicted.output.hasPrefix("new.csv:2  good  ") && predicted.status == 1)
    #expect(predicted.errors.contains("new.csv:3: expected a value of \"review\", found none."))
  }

  @Test("names texts that can't be used, refuses or skips them, and counts them")
  func badInput() throws {
    try writeTable(80, extra: [",good", "nobody said", "fine film,"])
    let options = ["reviews.csv", "--text", "review", "--target", "verdict", "--epochs", "1", "--output", "run"]
    let refused = try train(options).errorLine()
    for line in [82, 83, 84] { #expect(refused.contains("reviews.csv:\(line): "), "\(refused)") }
    #expect(!FileManager.default.fileExists(atPath: folder.file("run").path(percentEncoded: false)))
    let skipped = try train(options + ["--on-bad-input", "skip"])
    #expect(skipped.status == 0 && skipped.output.contains("skipped: "), "\(skipped.errors)")
    let report = try #require(
      (try run("run").object("config.json")["data"] as? [String: Any])?["report"] as? [String: Any])
    #expect((report["skipped"] as? [Any])?.count == 3)
    try writeTexts(20)
    try Data([0xFF, 0xFE]).write(to: folder.file("texts/good/broken.txt"))
    try Data().write(to: folder.file("texts/bad/empty.txt"))
    let files = try train(["texts", "--epochs", "1", "--output", "other"]).errorLine()
    #expect(files.contains("texts/good/broken.txt: expected text in UTF-8") && files.contains("texts/bad/empty.txt: "))
    #expect(try train(["texts", "--text", "review"]).errorLine().contains("--text and --target are for tables"))
    #expect(try train(["reviews.csv"]).errorLine().contains("must name columns"))
    #expect(
      try train(["reviews.csv", "--text", "review", "--target", "review"]).errorLine().contains("must name two columns")
    )
    #expect(try train(["--on-bad-input", "skip"]).errorLine().contains("of your own"))
    try Data("review,verdict\nfine,good\ngreat,good\n".utf8).write(to: folder.file("one.csv"))
    let one = try train(["one.csv", "--text", "review", "--target", "verdict", "--output", "one"]).errorLine()
    #expect(one.contains("to learn from and to test on, found 2 and 0") && !folder.names.contains("one"))
    #expect(try train(["absent"]).errorLine().contains("absent"))
  }
}
