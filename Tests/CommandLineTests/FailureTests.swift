import Foundation
import Testing

@Suite("What goes wrong is told in one line", .serialized)
struct FailureTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(
    "bad options",
    arguments: [
      (["train", "--epochs", "-3"], "--epochs must be in 1...1000000"),
      (["train", "--epochs", "0"], "--epochs must be"),
      (["train", "--epochs", "many"], "'many' is invalid for '--epochs"),
      (["train", "--model", "vgg"], "'mlp', 'lenet' or 'resnet'"),
      (["train", "letters"], "Unexpected argument 'letters'"),
      (["train", "--batch-size", "0"], "--batch-size must be"),
      (["train", "--learning-rate", "-1"], "--learning-rate must be more than 0"),
      (["train", "--learning-rate", "nan"], "--learning-rate must be"),
      (["train", "--seed", "-1"], "'-1' is invalid for '--seed"),
      (["train", "--threads", "0"], "--threads must be in 1...1024"),
      (["train", "--epochs"], "Missing value for '--epochs"),
      (["train", "--optimizer", "lion"], "'adamw'"), (["fly"], "Unexpected argument 'fly'"),
    ])
  func options(_ arguments: [String], _ message: String) throws {
    let outcome = try Tool.run(arguments, in: folder.url)
    #expect(outcome.errorLine().contains(message))
    #expect(outcome.status == 64)
    #expect(outcome.output.isEmpty && folder.names.isEmpty)
  }

  @Test("a folder with something in it is not taken")
  func existing() throws {
    try FileManager.default.createDirectory(at: folder.file("run"), withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: folder.file("run/file"))
    for place in ["run", "run/file"] {
      let outcome = try Tool.run(["train", "--output", place], in: folder.url)
      #expect(outcome.errorLine().contains("is there already, and is no empty folder"))
    }
    #expect(
      try Tool.run(["train", "--output", "run/file/inside"], in: folder.url).errorLine().contains("Not a directory"))
    #expect(try RunFolder(url: folder.file("run")).contents == ["file": Data("mine".utf8)])
  }

  @Test("MNIST, when it is not there and there is no network")
  func missingData() throws {
    // Nothing listens there, whatever the network.
    let nowhere = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy"].map { ($0, "http://127.0.0.1:9") }
    let outcome = try Tool.run(
      ["train", "mnist", "--output", "run"], in: folder.url, environment: Dictionary(uniqueKeysWithValues: nowhere))
    let line = outcome.errorLine()
    #expect(line.contains("train-images-idx3-ubyte.gz") && line.contains("t10k-labels-idx1-ubyte.gz"))
    #expect(line.contains("/no-data/mnist"))
    #expect(line.count < 600)
    #expect(!folder.names.contains("run"))
  }

  @Test("a damaged archive")
  func damagedData() throws {
    try FileManager.default.createDirectory(at: folder.file("no-data/mnist"), withIntermediateDirectories: true)
    let archive = folder.file("no-data/mnist/train-images-idx3-ubyte.gz")
    try Data("damaged".utf8).write(to: archive)
    let outcome = try Tool.run(["train", "mnist", "--output", "run"], in: folder.url)
    #expect(outcome.errorLine().contains("train-images-idx3-ubyte.gz is not the file that belongs there"))
    #expect(try Data(contentsOf: archive) == Data("damaged".utf8))
    #expect(!folder.names.contains("run"))
  }

  @Test("a learning rate that leads to no number")
  func divergence() throws {
    let outcome = try Tool.run(
      ["train", "--learning-rate", "1e30", "--optimizer", "sgd", "--output", "run"], in: folder.url)
    #expect(outcome.errorLine().contains("The training diverged"))
    #expect(outcome.errors.contains("Try a smaller --learning-rate"))
  }

  @Test("a file-size limit, at the beginning and on the way")
  func sizeLimit() throws {
    // In blocks of 512 bytes: less than the first checkpoint; then more, but less than one with the optimiser's state.
    let limited = { (blocks: Int) in ["sh", "-c", "ulimit -f \(blocks); exec \"$@\"", "sh"] }
    let first = try Tool.run(["train", "--output", "run"], in: folder.url, through: limited(64))
    #expect(first.errorLine().contains("latest.safetensors: File too large"))
    #expect(folder.names.isEmpty)

    let second = try Tool.run(["train", "--output", "run"], in: folder.url, through: limited(256))
    #expect(second.errorLine().contains(".safetensors: File too large"))
    try expectToGoOn(folder.file("run"))
  }

  @Test(
    "a full disk, at the beginning and on the way",
    .enabled(if: SmallDisk.isPossible, "needs root, to mount a small disk"))
  func fullDisk() throws {
    let disk = try SmallDisk(at: folder.file("disk"), kilobytes: 40)
    let first = try Tool.run(["train", "--output", "disk/run"], in: folder.url)
    #expect(first.errorLine().contains("no space left on the disk"))
    #expect(disk.names.isEmpty)

    try disk.resize(kilobytes: 400)
    let second = try Tool.run(["train", "--output", "disk/run"], in: folder.url)
    #expect(second.errorLine().contains("no space left on the disk. Make room"))

    try disk.resize(kilobytes: 4000)
    try expectToGoOn(folder.file("disk/run"))
  }

  /// What was there before the disk was full is whole: the run goes on and ends as any other.
  private func expectToGoOn(_ run: URL) throws {
    #expect(try RunFolder(url: run).contents.keys.contains { $0.hasSuffix("partial") } == false)
    let resumed = try Tool.run(["train", "--resume", run.path(percentEncoded: false)], in: folder.url)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try Tool.run(["train", "--output", "whole"], in: folder.url).status == 0)
    #expect(try RunFolder(url: run).weights == RunFolder(url: folder.file("whole")).weights)
    #expect(try RunFolder(url: run).metrics == RunFolder(url: folder.file("whole")).metrics)
  }
}

/// A file system in memory of a given size, unmounted with the object.
private final class SmallDisk {
  private let place: URL

  /// Whether this process may mount one.
  static let isPossible: Bool = {
    guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
    return (try? SmallDisk(at: folder.file("trial"), kilobytes: 40)) != nil
  }()

  init(at place: URL, kilobytes: Int) throws {
    self.place = place
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    try Self.mount("size=\(kilobytes)k", place)
  }

  deinit {
    let process = try? Process.run(URL(filePath: "/usr/bin/env"), arguments: ["umount", "--lazy", place.path()])
    process?.waitUntilExit()
  }

  func resize(kilobytes: Int) throws { try Self.mount("remount,size=\(kilobytes)k", place) }

  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: place.path())) ?? [] }

  private static func mount(_ options: String, _ place: URL) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", place.path()]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw CocoaError(.fileWriteUnknown) }
  }
}
