import Foundation
import Testing

@Suite("glassbox train --resume", .serialized)
struct ResumeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ name: String) -> RunFolder { RunFolder(url: folder.file(name)) }

  @Test("a run stopped by signals ends with the bits and metrics of one that was not")
  func exact() throws {
    // Slow epochs, so that the signals come in the middle of one, and so many that they come before the end on a busy machine. Where
    // exactly is up to the machine; the trainer's own tests stop at chosen batches.
    let options = ["train", "--model", "lenet", "--epochs", "8", "--batch-size", "1"]
    let whole = try Tool.run(options + ["--output", "whole"], in: folder.url)
    #expect(whole.status == 0, "\(whole.errors)")

    let first = try Tool.run(
      options + ["--threads", "1", "--output", "a run"], in: folder.url,
      interruptWhen: { $0.contains("\nepoch 1/") }, with: SIGINT)
    #expect(first.status == 130 && first.errors.isEmpty, "\(first.errors)")
    #expect(first.output.contains("\nStopped after "), "\(first.output)")
    #expect(first.output.hasSuffix("\n  glassbox train --resume 'a run'\n"))

    let second = try Tool.run(
      ["train", "--resume", "a run", "--threads", "2"], in: folder.url,
      interruptWhen: { $0.contains("\nresumed ") }, with: SIGTERM)
    #expect(second.status == 143, "\(second.errors)")
    #expect(
      second.output.contains("\nresumed    after ") && second.output.contains("\nStopped after "), "\(second.output)")

    let third = try Tool.run(["train", "--resume", "a run/", "--epochs", "8"], in: folder.url)
    #expect(third.status == 0, "\(third.errors)")
    #expect(try run("a run").weights == run("whole").weights)
    #expect(try run("a run").metrics == run("whole").metrics)

    let again = try Tool.run(["train", "--resume", "a run"], in: folder.url)
    #expect(again.status == 0 && !again.output.contains("\nepoch "))
    #expect(try run("a run").weights == run("whole").weights)
  }

  @Test("a run that is killed goes on from its last epoch")
  func killed() throws {
    // So many epochs that the signal comes before the end on a busy machine.
    let options = ["train", "--epochs", "16", "--batch-size", "4", "--output"]
    let run = try Tool.run(
      options + ["run", "--threads", "1"], in: folder.url,
      interruptWhen: { $0.contains("\nepoch 2/") }, with: SIGKILL)
    #expect(run.status == -SIGKILL)
    #expect(try Tool.run(["train", "--resume", "run"], in: folder.url).status == 0)
    #expect(try Tool.run(options + ["whole"], in: folder.url).status == 0)
    #expect(try self.run("run").weights == self.run("whole").weights)
    #expect(try self.run("run").metrics == self.run("whole").metrics)
  }

  @Test("options that contradict the run are refused, and the run stays as it is")
  func conflicts() throws {
    #expect(try Tool.run(["train", "--epochs", "1", "--output", "run"], in: folder.url).status == 0)
    let before = try run("run").contents
    let cases: [(String, String, String)] = [
      ("--seed", "2", "was begun with --seed 1, not 2"), ("--model", "lenet", "was begun with --model mlp, not lenet"),
      ("--epochs", "9", "was begun with --epochs 1, not 9"),
      ("--learning-rate", "0.5", "--learning-rate 0.003, not 0.5"),
      ("--optimizer", "sgd", "was begun with --optimizer adamw, not sgd"),
      ("--batch-size", "8", "--batch-size 32, not 8"),
      ("--output", "other", "--output can't be given with it"),
    ]
    for (option, value, message) in cases {
      let outcome = try Tool.run(["train", "--resume", "run", option, value], in: folder.url)
      #expect(outcome.errorLine().contains(message))
    }
    #expect(
      try Tool.run(["train", "mnist", "--resume", "run"], in: folder.url).errorLine().contains(
        "begun with the task digits"))
    #expect(try Tool.run(["train", "--resume", "absent"], in: folder.url).errorLine().contains("is no training run"))
    #expect(try Tool.run(["train", "--resume", "."], in: folder.url).errorLine().contains("is no training run"))
    #expect(try run("run").contents == before)
  }

  @Test("damaged files are told by name, and nothing is touched")
  func damaged() throws {
    #expect(try Tool.run(["train", "--epochs", "2", "--output", "run"], in: folder.url).status == 0)
    let whole = try run("run").contents
    func message(_ name: String, _ damage: (Data) -> Data?) throws -> String {
      for (file, bytes) in whole { try bytes.write(to: folder.file("run/\(file)")) }
      let damaged = try damage(#require(whole[name]))
      if let damaged {
        try damaged.write(to: folder.file("run/\(name)"))
      } else {
        unlink(folder.file("run/\(name)").path())
      }
      let before = try run("run").contents
      let line = try Tool.run(["train", "--resume", "run"], in: folder.url).errorLine()
      #expect(try run("run").contents == before)
      return line
    }
    #expect(try message("latest.safetensors") { $0.prefix($0.count / 2) }.contains("latest.safetensors"))
    #expect(try message("latest.safetensors") { $0.prefix(0) }.contains("latest.safetensors"))
    #expect(try message("latest.safetensors") { $0.dropLast() + [$0[$0.count - 1] ^ 1] }.contains("SHA-256"))
    #expect(try message("latest.safetensors") { _ in nil }.contains("latest.safetensors: No such file"))
    #expect(try message("config.json") { $0.prefix(100) }.contains("config.json: expected JSON"))
    #expect(
      try message("config.json") {
        Data(String(decoding: $0, as: UTF8.self).replacing("\"mlp\"", with: "\"vgg\"").utf8)
      }
      .contains("config.json: expected another \"settings.model\""))
    #expect(
      try message("config.json") { Data(String(decoding: $0, as: UTF8.self).replacing(" : 32,", with: " : 0,").utf8) }
        .contains("settings that can't be"))

    // The checkpoint knows the epochs: their log is made anew.
    for (file, bytes) in whole { try bytes.write(to: folder.file("run/\(file)")) }
    try Data("{\n".utf8).write(to: folder.file("run/metrics.jsonl"))
    #expect(try Tool.run(["train", "--resume", "run"], in: folder.url).status == 0)
    #expect(try run("run").contents["metrics.jsonl"] == whole["metrics.jsonl"])
  }
}
