import Foundation
import Testing

@Suite("glassbox train", .serialized)
struct TrainTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ name: String) -> RunFolder { RunFolder(url: folder.file(name)) }

  @Test("the digits are learnt to 97.5 %, twice in a row and with 1 and 2 threads to the same bits")
  func digits() throws {
    var weights: Set<String> = []
    var metrics: Set<[String]> = []
    for (name, threads) in [("a", "1"), ("b", "2"), ("c", "1")] {
      let outcome = try Tool.run(["train", "digits", "--threads", threads, "--output", name], in: folder.url)
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      #expect(try run(name).figure("accuracy") >= 0.975)
      #expect(outcome.output.contains("weights    \(try run(name).weights)\n"))
      weights.insert(try run(name).weights)
      metrics.insert(try run(name).metrics)
    }
    #expect(weights.count == 1)
    #expect(metrics.count == 1)
  }

  @Test("in a pipe there are plain lines: one an epoch, then the tables")
  func plain() throws {
    let outcome = try Tool.run(["train", "--epochs", "3", "--threads", "1"], in: folder.url)
    #expect(outcome.status == 0)
    #expect(!outcome.output.contains("\r") && !outcome.output.contains("\u{1B}"))
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.filter { $0.hasPrefix("epoch ") }.count == 3)
    #expect(lines.contains { $0.hasPrefix("test accuracy ") && $0.hasSuffix(" of 360)") })
    #expect(lines.contains("class  precision  recall      F1  support"))
    #expect(lines.contains("true \\ predicted   0   1   2   3   4   5   6   7   8   9"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path() + "/runs")
    #expect(names.count == 1 && names[0].hasPrefix("digits-mlp-"))
  }

  @Test("the run's folder says all that is needed to repeat it")
  func files() throws {
    let outcome = try Tool.run(
      [
        "train", "digits", "--model", "lenet", "--epochs", "2", "--batch-size", "100", "--learning-rate", "0.01",
        "--optimizer",
        "sgd", "--seed", "18446744073709551615", "--threads", "1", "--output", "run",
      ], in: folder.url,
      environment: ["GLASSBOX_PYTHON": "/absent/python"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      try Set(run("run").contents.keys)
        == [
          "config.json", "metrics.jsonl", "result.json", "latest.safetensors", "best.safetensors",
          "model.safetensors", "report.html", "curves.json", "confusion.json",
        ])
    let configuration = try run("run").object("config.json")
    let settings = try #require(configuration["settings"] as? [String: Any])
    #expect(settings["task"] as? String == "digits")
    #expect(settings["model"] as? String == "lenet")
    #expect(settings["epochs"] as? Int == 2)
    #expect(settings["batch_size"] as? Int == 100)
    #expect(settings["learning_rate"] as? Double == 0.01)
    #expect(settings["optimizer"] as? String == "sgd")
    #expect(settings["momentum"] as? Double == 0.9)
    #expect(settings["seed"] as? UInt64 == .max)
    let environment = try #require(configuration["environment"] as? [String: Any])
    #expect(environment["threads"] as? Int == 1)
    #expect((environment["matrix_library"] as? String)?.hasPrefix("oneDNN ") == true)
    #expect(["avx512", "avx2", "portable"].contains(environment["instruction_set"] as? String))
    let data = try #require(configuration["data"] as? [String: Any])
    #expect((data["sha256"] as? String)?.count == 64)
    #expect(try run("run").metrics.count == 2)
  }

  @Test("a finished run has charts: of its curves, and of what it confused")
  func charts() throws {
    func train(_ name: String, python: String) throws -> String {
      let outcome = try Tool.run(
        ["train", "--epochs", "3", "--threads", "1", "--output", name], in: folder.url,
        environment: ["GLASSBOX_PYTHON": python])
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      return outcome.output
    }
    #expect(try train("plain", python: "/absent/python").contains("\ncharts     curves.json, confusion.json\n"))
    let curves = try #require(try run("plain").object("curves.json")["concat"] as? [[String: Any]])
    let lines = try #require(curves.first?["layer"] as? [[String: Any]])
    let rows = lines.compactMap { (($0["data"] as? [String: Any])?["values"] as? [[String: Any]]) }
    #expect(rows.map(\.count) == [3, 3] && rows.map { $0[0]["series"] as? String } == ["training", "validation"])
    let confusion = try #require(try run("plain").object("confusion.json")["layer"] as? [[String: Any]])
    let counts = try #require((confusion[0]["data"] as? [String: Any])?["values"] as? [[String: Any]])
    #expect(counts.compactMap { $0["count"] as? Int }.reduce(0, +) == 360)

    // A stand-in for a Python with vl-convert.
    let script = folder.file("python").path(percentEncoded: false)
    try "#!/bin/sh\necho '<svg/>'\n".write(toFile: script, atomically: true, encoding: .utf8)
    chmod(script, 0o755)
    #expect(
      try train("drawn", python: script).contains(
        "\ncharts     curves.json, confusion.json, curves.svg, confusion.svg\n"))
    #expect(try run("drawn").contents["curves.svg"] == Data("<svg/>\n".utf8))
  }

  @Test("a chart that can't be drawn is told after the report, which names those that were")
  func refusedChart() throws {
    // A stand-in for a Python with vl-convert that draws the first picture and refuses the second.
    let script = folder.file("python").path(percentEncoded: false)
    try "#!/bin/sh\nif [ -e drawn ]; then echo bad mark; exit 4; fi\ntouch drawn\necho '<svg/>'\n".write(
      toFile: script, atomically: true, encoding: .utf8)
    chmod(script, 0o755)
    let outcome = try Tool.run(
      ["train", "--epochs", "1", "--threads", "1", "--output", "run"], in: folder.url,
      environment: ["GLASSBOX_PYTHON": script])
    #expect(outcome.errorLine().hasSuffix("run/confusion.svg: vl-convert can't draw this chart: bad mark\n"))
    #expect(outcome.output.contains("\ncharts     curves.json, confusion.json, curves.svg\nsaved in   run, "))
    #expect(try run("run").contents["curves.svg"] == Data("<svg/>\n".utf8))
    #expect(try run("run").contents["confusion.svg"] == nil)
  }

  @Test("on a terminal one line is written over, and is never wider than the terminal")
  func terminal() throws {
    // script gives the program a terminal.
    let outcome = try Tool.run(
      ["train", "--epochs", "5", "--batch-size", "4", "--threads", "1"], in: folder.url,
      environment: ["TERM": "xterm"],
      through: ["sh", "-c", "script -qec \"stty cols 64; $*\" /dev/null", "sh"])
    #expect(outcome.status == 0)
    let frames = outcome.output.components(separatedBy: "\r").filter { $0.hasPrefix("epoch ") }
    #expect(frames.count >= 2)
    for frame in frames { #expect(frame.prefix { $0 != "\u{1B}" }.count <= 63) }
    #expect(frames.last?.contains("100%") == true)
    // A line's end comes only behind the last one.
    #expect(outcome.output.components(separatedBy: "epoch 5/5").last?.contains("trained") == true)
  }

  @Test("--help and --version go to the standard output, with status 0")
  func help() throws {
    let help = try Tool.run(["train", "mnist", "--help"], in: folder.url)
    #expect(help.status == 0 && help.errors.isEmpty)
    for option in [
      "--model", "--epochs", "--batch-size", "--learning-rate", "--optimizer", "--seed", "--threads", "--output",
      "--resume", "--early-stopping", "--clip", "--accumulate", "--average", "--label-smoothing", "--mixup", "--cutmix",
    ] {
      #expect(help.output.contains("  \(option) <"))
    }
    #expect(help.output.contains("resnet: 8 epochs of batches of 128, adamw with learning rates up to 0.01"))
    let parent = try Tool.run(["train", "--help"], in: folder.url)
    #expect(parent.status == 0 && parent.errors.isEmpty)
    for command in ["digits (default)", "mnist", "images", "table"] {
      #expect(parent.output.contains("\n  \(command) "))
    }
    let version = try Tool.run(["--version"], in: folder.url)
    #expect(version.status == 0 && version.output.hasPrefix("glassbox 0."))
  }
}
