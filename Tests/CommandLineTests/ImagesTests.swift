import Foundation
import Testing

@Suite("glassbox train images", .serialized)
struct ImagesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ name: String) -> RunFolder { RunFolder(url: folder.file(name)) }

  private func train(_ options: [String]) throws -> Tool.Outcome {
    try Tool.run(["train", "images"] + options, in: folder.url)
  }

  private let quick = ["--model", "lenet", "--epochs", "6", "--batch-size", "8", "--learning-rate", "0.05"]

  @Test("a folder of class folders is learnt, a fifth of it held out, and says what it was")
  func whole() throws {
    try SmallPictures.write(folder.file("photos"), numbers: 0..<20)
    let outcome = try train(["photos", "--output", "run"] + quick)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(try run("run").figure("accuracy") == 1)
    #expect(try folder.text("run/report.html").contains("<html"))
    #expect(outcome.output.contains("data       32 samples for training, 8 for the test\n"))
    let configuration = try run("run").object("config.json")
    let settings = try #require(configuration["settings"] as? [String: Any])
    #expect(settings["task"] as? String == "images" && settings["model"] as? String == "lenet")
    #expect(settings["crop_padding"] as? Int == 4 && settings["label_smoothing"] as? Double == 0.1)
    let preparation = try #require(configuration["preparation"] as? [String: Any])
    #expect(preparation["size"] as? [String: Int] == ["height": 16, "width": 16])
    // The same bytes by other names are other data.
    try SmallPictures.write(folder.file("other"), numbers: 1..<21)
    #expect(try train(["other", "--output", "b"] + quick).status == 0)
    let hashes = try ["run", "b"].map { try #require(run($0).object("config.json")["data"] as? [String: Any]) }
    #expect(hashes[0]["sha256"] as? String != hashes[1]["sha256"] as? String)
  }

  @Test("an archive with train and val in a folder; resumed, it ends with the same bits")
  func archive() throws {
    try SmallPictures.write(folder.file("set/train"), numbers: 0..<30)
    try SmallPictures.write(folder.file("set/val"), numbers: 30..<40)
    let tar = Process()
    tar.executableURL = URL(filePath: "/usr/bin/env")
    tar.arguments = ["tar", "-czf", "set.tar.gz", "set"]
    tar.currentDirectoryURL = folder.url
    try tar.run()
    tar.waitUntilExit()
    let options = [
      "set.tar.gz", "--mixup", "0.2", "--average", "0.9", "--accumulate", "2", "--clip", "1", "--model", "lenet",
      "--epochs", "100", "--batch-size", "8", "--learning-rate", "0.05",
    ]
    #expect(try train(options + ["--output", "whole"]).status == 0)
    #expect(try run("whole").object("result.json")["test_samples"] as? Int == 20)
    let first = try Tool.run(
      ["train", "images"] + options + ["--output", "run"], in: folder.url,
      interruptWhen: { $0.contains("\nepoch 2/") }, with: SIGKILL)
    #expect(first.status == -SIGKILL)
    let second = try Tool.run(["train", "--resume", "run"], in: folder.url)
    #expect(second.status == 0, "\(second.errors)")
    #expect(try run("run").weights == run("whole").weights)
    #expect(try run("run").metrics == run("whole").metrics)
  }

  @Test("bad input is refused by name, or skipped, reported and counted")
  func badInput() throws {
    try SmallPictures.write(folder.file("photos"), numbers: 0..<10)
    let picture = SmallPictures.picture(0, 50)
    try Data(picture.prefix(picture.count / 2)).write(to: folder.file("photos/above/cut.png"))
    try Data("JFIF".utf8).write(to: folder.file("photos/below/wrong.jpg"))
    try Data("notes".utf8).write(to: folder.file("photos/below/notes.txt"))
    try SmallPictures.write(folder.file("photos"), numbers: 0..<1, classes: ["lonely"])
    try FileManager.default.createDirectory(at: folder.file("photos/nothing"), withIntermediateDirectories: true)
    let refused = try train(["photos", "--output", "run"] + quick)
    #expect(refused.errorLine().contains("above/cut.png: expected a whole PNG picture"))
    #expect(refused.errors.contains("below/wrong.jpg") && refused.errors.contains("And 1 more"))
    #expect(refused.errors.contains("--on-bad-input skip"))
    #expect(!folder.names.contains("run"))

    let skipped = try train(["photos", "--output", "run", "--on-bad-input", "skip"] + quick)
    #expect(skipped.status == 0, "\(skipped.errors)")
    let data = try #require(run("run").object("config.json")["data"] as? [String: Any])
    let report = try #require(data["report"] as? [String: Any])
    let findings = try #require(report["skipped"] as? [[String: String]])
    let problems = findings.map { "\($0["place"] ?? "?"): \($0["reason"] ?? "?")" }
    #expect(problems.count == 4)
    for part in ["cut.png: ", "wrong.jpg: ", "lonely: expected 2 or more", "nothing: expected 2 or more"] {
      #expect(problems.contains { $0.contains(part) }, "\(part)")
      #expect(skipped.output.contains(part))
    }
    #expect(report["files_left_alone"] as? Int == 1)
    let classes = try #require(run("run").object("result.json")["classes"] as? [[String: Any]])
    #expect(classes.compactMap { $0["name"] as? String } == ["above", "below"])
  }

  @Test("an empty folder, no folder, and a folder of files alone are told by name")
  func empty() throws {
    try FileManager.default.createDirectory(at: folder.file("empty"), withIntermediateDirectories: true)
    #expect(try train(["empty"]).errorLine().contains("empty/: expected folders of pictures"))
    #expect(try train(["absent"]).errorLine().contains("absent: No such file"))
    #expect(try train([]).errorLine().contains("FOLDER must be named"))
    #expect(folder.names == ["empty"])
  }

  @Test("weights of another run but the head are taken, and a share of the labels; both fits resume to the same bits")
  func transfer() throws {
    try SmallPictures.write(folder.file("photos"), numbers: 0..<20)
    #expect(try train(["photos", "--output", "first"] + quick).status == 0)
    try SmallPictures.write(folder.file("others"), numbers: 40..<80, classes: ["high", "low"])
    let options = [
      "others", "--model", "lenet", "--pretrained", "first", "--labels", "0.5", "--epochs", "60", "--batch-size", "1",
      "--output",
    ]
    let whole = try train(options + ["whole"])
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(whole.output.contains("data       32 samples for training, 16 for the test\n"))
    #expect(try run("whole").figure("accuracy") >= 0.9)
    #expect(try run("whole").metrics.count == 62)
    for moment in ["\nepoch 1/2", "\nepoch 9/60"] {
      let name = "run\(moment.count)\(moment.suffix(1))"
      let first = try Tool.run(
        ["train", "images"] + options + [name], in: folder.url, interruptWhen: { $0.contains(moment) })
      #expect(first.status == 130, "\(first.errors)")
      let second = try Tool.run(["train", "--resume", name], in: folder.url)
      #expect(second.status == 0, "\(second.errors)")
      #expect(try run(name).weights == run("whole").weights)
    }
    let wrong = try train(["others", "--model", "resnet", "--pretrained", "first"])
    #expect(wrong.errorLine().contains("of the network that it is for"))
  }

  @Test("a run that stopped early is at its end")
  func earlyStopping() throws {
    let options = ["train", "--epochs", "60", "--early-stopping", "1", "--csv", "--tensorboard", "--output", "run"]
    #expect(try Tool.run(options, in: folder.url).status == 0)
    let (epochs, weights) = (try run("run").metrics.count, try run("run").weights)
    #expect(epochs < 60)
    #expect(try folder.text("run/metrics.csv").split(separator: "\n").count == epochs + 1)
    #expect(FileManager.default.fileExists(atPath: folder.file("run/tensorboard").path()))
    #expect(try Tool.run(["train", "--resume", "run"], in: folder.url).status == 0)
    #expect(try run("run").metrics.count == epochs && run("run").weights == weights)
  }
}
