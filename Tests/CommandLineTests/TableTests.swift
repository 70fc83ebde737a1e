import Foundation
import Testing

@Suite("glassbox train table", .serialized)
struct TableTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ name: String) -> RunFolder { RunFolder(url: folder.file(name)) }

  private func write(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: folder.file(name)) }

  private func train(_ options: [String]) throws -> Tool.Outcome {
    try Tool.run(["train", "table"] + options + ["--batch-size", "16", "--hidden", "16,8"], in: folder.url)
  }

  /// Whether a number is above 50, and a colour that says the same half of the time.
  private func rows(_ range: Range<Int>) -> [String] {
    range.map { number in
      let value = number * 37 % 100
      let color = ["red", "blue", "green"][number % 3]
      return "\(value),\(color),\(value > 50 ? "yes" : "no")"
    }
  }

  @Test("classes of a CSV file with a header; the predictor is in the run")
  func classes() throws {
    try write("data.csv", (["value,color,answer"] + rows(0..<200)).joined(separator: "\n"))
    let outcome = try train(["data.csv", "--target", "answer", "--epochs", "20", "--output", "run"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(try run("run").figure("accuracy") >= 0.9 && run("run").figure("ROC AUC") >= 0.97)
    #expect(try run("run").object("result.json")["test_samples"] as? Int == 40)
    try write("new.csv", "color,value\nred,90\nviolet,3\n")
    let predicted = try Tool.run(["predict", "run", "new.csv"], in: folder.url)
    #expect(predicted.status == 0)
    #expect(predicted.errors.contains("\"violet\""))
    let lines = predicted.output.split(separator: "\n")
    #expect(lines.first == "answer,P(answer = no),P(answer = yes)")
    #expect(lines.count == 3 && lines[1].hasPrefix("yes,") && lines[2].hasPrefix("no,"))
  }

  @Test("numbers: figures are in the target's unit; resumed, a run ends with the same bits")
  func numbers() throws {
    let lines = (0..<300).map { number in "\(Double(number % 50) / 10),\(1000 + 20 * (number % 50))" }
    try write("data.csv", (["x,price"] + lines).joined(separator: "\n"))
    let options = ["data.csv", "--target", "price", "--epochs", "200", "--output"]
    #expect(try train(options + ["whole"]).status == 0)
    #expect(try run("whole").figure("R²") > 0.9)
    // The deviation of all is 289.
    #expect(try run("whole").figure("RMSE") > 1 && run("whole").figure("RMSE") < 90)
    let first = try Tool.run(
      ["train", "table"] + options + ["run", "--batch-size", "16", "--hidden", "16,8"], in: folder.url,
      interruptWhen: { $0.contains("\nepoch 3/") })
    #expect(first.status == 130, "\(first.errors)")
    #expect(try Tool.run(["train", "--resume", "run"], in: folder.url).status == 0)
    #expect(try run("run").weights == run("whole").weights)
    #expect(try run("run").metrics == run("whole").metrics)
  }

  @Test("UCI's files: names of C4.5, comments, the test beside; rows without a header are predicted too")
  func uci() throws {
    try write("age.names", "yes, no. | classes\n\nvalue: continuous.\ncolor: red, blue, green.\n")
    try write("age.data", rows(0..<200).joined(separator: "\n") + "\n")
    try write("age.test", "|a comment\n" + rows(200..<240).joined(separator: "\n"))
    let outcome = try train(["age.data", "--target", "answer", "--epochs", "20", "--output", "run"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try run("run").figure("accuracy") >= 0.9)
    #expect(outcome.output.contains("data       200 samples for training, 40 for the test\n"))
    let predicted = try Tool.run(["predict", "run", "age.test", "--output", "p.csv"], in: folder.url)
    #expect(predicted.status == 0 && predicted.output.isEmpty, "\(predicted.errors)")
    #expect(try folder.text("p.csv").split(separator: "\n").count == 41)
  }

  @Test("bad rows are refused with their lines, or skipped, reported and counted")
  func badRows() throws {
    var lines = ["value,color,answer"] + rows(0..<60)
    lines[4] = "7,red"
    lines[9] = "8,red,"
    try write("data.csv", lines.joined(separator: "\n"))
    try Data(Array((lines.prefix(3) + ["3,r", ""]).joined(separator: "\n").utf8) + [0xC3, 0x28, 10]).write(
      to: folder.file("encoding.csv"))
    let refused = try train(["data.csv", "--target", "answer", "--output", "run"])
    #expect(refused.errorLine().contains("data.csv:5: expected 3 fields, found 2"))
    #expect(refused.errors.contains("data.csv:10: expected a value of \"answer\", found none"))
    #expect(try train(["encoding.csv", "--target", "answer"]).errorLine().contains("encoding.csv"))
    #expect(!folder.names.contains("run"))
    try write("test.csv", "value,color,answer\n60,red,yes\n70,blue,perhaps\n20,violet,no\n")
    let options = ["data.csv", "--target", "answer", "--test", "test.csv", "--output", "run", "--on-bad-input", "skip"]
    let skipped = try train(options)
    #expect(skipped.status == 0, "\(skipped.errors)")
    let data = try #require(run("run").object("config.json")["data"] as? [String: Any])
    let report = try #require(data["report"] as? [String: Any])
    let findings = try #require(report["skipped"] as? [[String: String]])
    #expect(findings.map { $0["place"]?.split(separator: "/").last } == ["data.csv:5", "data.csv:10", "test.csv:3"])
    #expect(report["unknown_categories"] as? [String: [String: Int]] == ["color": ["violet": 1]])
    #expect(data["training_samples"] as? Int == 58 && data["test_samples"] as? Int == 2)
  }

  @Test("a table that can't be learned from is told by name")
  func failures() throws {
    try write("data.csv", (["value,color,answer"] + rows(0..<60)).joined(separator: "\n"))
    try write("empty.csv", "")
    #expect(try train(["data.csv", "--target", "price"]).errorLine().contains("There is no column \"price\""))
    #expect(try train(["data.csv"]).errorLine().contains("--target must name"))
    #expect(try train(["empty.csv", "--target", "a"]).errorLine().contains("empty.csv"))
    #expect(try train(["absent.csv", "--target", "a"]).errorLine().contains("absent.csv"))
    #expect(folder.names == ["data.csv", "empty.csv"])
  }
}
