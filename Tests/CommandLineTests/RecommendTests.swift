import Foundation
import Testing

@Suite("glassbox train recommend", .serialized)
struct RecommendTests {
  private static let data = ProcessInfo.processInfo.environment["GLASSBOX_DATA"] ?? ""
  private static let movies = data + "/movielens-100k/ml-100k.zip"
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ name: String) -> RunFolder { RunFolder(url: folder.file(name)) }

  private func write(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: folder.file(name)) }

  /// Two kinds of readers, who each like one of two kinds of books.
  private func rows(readers: Int = 20, books: Int = 12) -> [String] {
    (0..<readers).flatMap { reader in
      (0..<books).filter { (reader * 7 + $0 * 5) % 4 != 0 }.map { book in
        "r\(reader),\(book),\(reader % 2 == book % 2 ? 5 : 1),Book \(book)"
      }
    }
  }

  private let columns = [
    "--user-column", "reader", "--item-column", "book", "--rating-column", "stars", "--title-column", "title",
  ]
  private let small = ["--model", "mf", "--batch-size", "16", "--epochs", "30", "--learning-rate", "0.02"]

  private func train(_ options: [String]) throws -> Tool.Outcome {
    try Tool.run(["train", "recommend"] + options + columns + small, in: folder.url)
  }

  private func write() throws {
    try write("stars.csv", (["reader,book,stars,title"] + rows()).joined(separator: "\n"))
  }

  @Test("ratings of a CSV file: recommendations without what was read, by popularity for strangers, and what is alike")
  func recommending() throws {
    try write()
    let outcome = try train(["stars.csv", "--output", "run"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(try run("run").figure("RMSE") < 1 && run("run").figure("NDCG@10") > 0)
    #expect(outcome.output.contains("glassbox recommend run --user ID"))
    let known = try Tool.run(["recommend", "run", "--user", "r2", "--count", "2", "--json"], in: folder.url)
    #expect(known.status == 0 && known.errors.isEmpty, "\(known.errors)")
    let objects = try known.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(objects.count == 2 && objects.allSatisfy { $0["rating"] is NSNumber })
    let read = rows().filter { $0.hasPrefix("r2,") }.map { $0.split(separator: ",")[1] }
    let first = try #require(objects.first?["item"] as? String)
    // What was held out to test on may be recommended.
    #expect(Int(first).map { $0 % 2 == 0 } == true && read.count == 9)
    let stranger = try Tool.run(["recommend", "run", "--user", "zoe", "--count", "3"], in: folder.url)
    #expect(stranger.status == 0 && stranger.output.split(separator: "\n").count == 3)
    #expect(stranger.errors.contains("did not know user zoe"))
    let model = "run/model.safetensors"
    let alike = try Tool.run(["recommend", model, "--like", "book 3", "--count", "1"], in: folder.url)
    #expect(alike.status == 0 && alike.output.contains("Book "))
    #expect(try Tool.run(["recommend", "run", "--like", "Absent"], in: folder.url).errorLine().contains("no item"))
    #expect(try Tool.run(["recommend", "run"], in: folder.url).errorLine().contains("--user or --like"))
    #expect(try Tool.run(["predict", "run", "stars.csv"], in: folder.url).errorLine().contains("glassbox recommend"))
  }

  @Test("folds: an interrupted cross-validation goes on where it was, and ends with the same bits")
  func folds() throws {
    try write()
    // Long enough to be met in the middle.
    let options = ["train", "recommend", "stars.csv", "--model", "mf", "--batch-size", "4", "--epochs", "60"]
    #expect(try Tool.run(options + columns + ["--folds", "3", "--output", "whole"], in: folder.url).status == 0)
    let first = try Tool.run(
      options + columns + ["--folds", "3", "--output", "run"], in: folder.url,
      interruptWhen: { $0.contains("\nfold 2 of 3\n") })
    #expect(first.status == 130, "\(first.errors)")
    #expect(try Tool.run(["train", "--resume", "run/folds/1"], in: folder.url).errorLine().contains("fold"))
    let again = ["train", "recommend", "--resume", "run"]
    #expect(try Tool.run(again + ["--folds", "4"], in: folder.url).errorLine().contains("--folds 3, not 4"))
    #expect(
      try Tool.run(again + ["--columns", "a,b"], in: folder.url).errorLine().contains("--columns left out, not"))
    let file = folder.file("run/config.json")
    let settings = try folder.text("run/config.json")
    for folds in ["1", "-1"] {
      try Data(settings.replacing("\"folds\" : 3", with: "\"folds\" : \(folds)").utf8).write(to: file)
      let line = try Tool.run(["train", "--resume", "run"], in: folder.url).errorLine()
      #expect(line.contains("folds must be in 2...1000"))
    }
    try Data(settings.utf8).write(to: file)
    let second = try Tool.run(["train", "--resume", "run"], in: folder.url)
    #expect(second.status == 0 && second.output.contains("fold 1 of 3\n  RMSE "), "\(second.errors)")
    for place in ["", "/folds/1", "/folds/2", "/folds/3"] {
      #expect(try run("run\(place)").weights == run("whole\(place)").weights)
    }
    let mean = try (1...3).map { try run("run/folds/\($0)").figure("RMSE") }.reduce(0, +) / 3
    #expect(try abs(run("run").figure("RMSE") - mean) < 1e-12)
    #expect(try folder.text("run/report.html").contains("Cross-validation"))
  }

  @Test("bad rows are refused with their lines, or skipped, reported and counted")
  func badRows() throws {
    var lines = ["reader,book,stars,title"] + rows()
    lines[3] = "r0,1,many,Book 1"
    lines[8] = "r1,2"
    lines.append(lines[20])
    try write("stars.csv", lines.joined(separator: "\n"))
    let refused = try train(["stars.csv", "--output", "run"]).errorLine()
    #expect(refused.contains("stars.csv:4: expected") && refused.contains("stars.csv:9: expected 4 fields, found 2"))
    #expect(refused.contains("before, on line 21"))
    #expect(!folder.names.contains("run"))
    #expect(try train(["stars.csv", "--output", "run", "--on-bad-input", "skip"]).status == 0)
    let data = try #require(run("run").object("config.json")["data"] as? [String: Any])
    let report = try #require(data["report"] as? [String: Any])
    #expect((report["skipped"] as? [Any])?.count == 3)
    #expect(try train(["absent.csv"]).errorLine().contains("absent.csv"))
    let line = try Tool.run(["train", "recommend", "stars.csv"], in: folder.url).errorLine()
    #expect(line.contains("There are no columns \"item\", \"rating\", \"user\""))
    for (options, words) in [
      (["--on-bad-input", "skip"], "--on-bad-input is for a FILE"),
      (["stars.csv", "--model", "bias", "--factors", "3"], "--factors is for models with vectors"),
      (["stars.csv", "--label-smoothing", "0.1"], "--label-smoothing is for classes"),
    ] { #expect(try Tool.run(["train", "recommend"] + options, in: folder.url).errorLine().contains(words)) }
  }

  // Surprise's SVD has 0.934 over random folds.
  @Test(
    "MovieLens 100K: matrix factorisation's RMSE is at most 0.935, held out at random",
    .enabled(if: FileManager.default.fileExists(atPath: movies), "no MovieLens in \(movies)"))
  func movieLens() throws {
    let outcome = try Tool.run(
      ["train", "recommend", "--model", "mf", "--epochs", "10", "--output", "run"], in: folder.url,
      environment: ["GLASSBOX_DATA": Self.data])
    #expect(outcome.status == 0, "\(outcome.errors)")
    print("MovieLens 100K: RMSE \(try run("run").figure("RMSE"))")
    #expect(try run("run").figure("RMSE") <= 0.935)
    let alike = try Tool.run(["recommend", "run", "--like", "Star Wars", "--count", "3"], in: folder.url)
    #expect(alike.output.contains("Empire Strikes Back, The (1980)"), "\(alike.output)")
  }
}
