import Foundation
import Learning
import NeuralNetworks
import TensorIO
import Testing

@Suite("Run folder")
struct TrainingRunTests {
  private let folder: TemporaryFolder
  private let checkpoint = Checkpoint(
    model: Linear(2, 2).stateDictionary(), optimizer: StateDictionary(), position: TrainingPosition())

  init() throws { folder = try TemporaryFolder() }

  @Test("a new run has its configuration and a checkpoint")
  func create() throws {
    let run = try TrainingRun.create(
      at: folder.file("deep/inside/run"), configuration: ["learningRate": 0.5], checkpoint: checkpoint)
    #expect(try folder.text("deep/inside/run/config.json") == "{\n  \"learningRate\" : 0.5\n}\n")
    #expect(try run.configuration(as: [String: Double].self) == ["learningRate": 0.5])
    #expect(try Checkpoint(contentsOf: run.latestCheckpoint).position == TrainingPosition())
  }

  @Test("an empty folder is taken; anything else is left alone")
  func existing() throws {
    _ = try TrainingRun.create(at: folder.url, configuration: [1], checkpoint: checkpoint)
    let before = folder.names
    #expect(throws: RunError.exists(path: folder.url.path(percentEncoded: false))) {
      try TrainingRun.create(at: folder.url, configuration: [2], checkpoint: checkpoint)
    }
    #expect(folder.names == before)
    #expect(try folder.text("config.json").contains("1"))
    let file = folder.file("config.json")
    #expect(throws: RunError.exists(path: file.path(percentEncoded: false))) {
      try TrainingRun.create(at: file, configuration: [2], checkpoint: checkpoint)
    }
  }

  @Test("when it can't be made, nothing is left behind")
  func impossible() throws {
    // A folder in the place of the configuration can't be had in a fresh folder; a value that JSON lacks can.
    struct Unencodable: Encodable {
      func encode(to encoder: any Encoder) throws { throw CocoaError(.coderInvalidValue) }
    }
    #expect(throws: FileError.self) {
      try TrainingRun.create(at: folder.file("run"), configuration: Unencodable(), checkpoint: checkpoint)
    }
    #expect(folder.names.isEmpty)
  }

  @Test("a folder that is no run is told from one")
  func noRun() throws {
    #expect(throws: RunError.notARun(path: folder.file("absent").path(percentEncoded: false), missing: nil)) {
      try TrainingRun.open(at: folder.file("absent"))
    }
    #expect(throws: RunError.notARun(path: folder.url.path(percentEncoded: false), missing: "config.json")) {
      try TrainingRun.open(at: folder.url)
    }
  }

  @Test("a run is open once at a time")
  func lock() throws {
    var run: TrainingRun? = try .create(at: folder.file("run"), configuration: [1], checkpoint: checkpoint)
    let path = folder.file("run").path(percentEncoded: false)
    #expect(throws: RunError.inUse(path: path)) { try TrainingRun.open(at: folder.file("run")) }
    withExtendedLifetime(run) {}
    run = nil
    _ = try TrainingRun.open(at: folder.file("run"))
  }

  @Test("an empty folder in which another process is making a run is left to it")
  func race() throws {
    let path = folder.url.path(percentEncoded: false)
    let other = Foundation.open(path, O_RDONLY | O_DIRECTORY)
    defer { close(other) }
    #expect(flock(other, LOCK_EX | LOCK_NB) == 0)
    #expect(throws: RunError.inUse(path: path)) {
      try TrainingRun.create(at: folder.url, configuration: [1], checkpoint: checkpoint)
    }
    #expect(folder.names.isEmpty && FileManager.default.fileExists(atPath: path))
  }

  @Test("a damaged configuration is told by file and field")
  func damagedConfiguration() throws {
    enum Task: String, Codable { case digits }
    struct Configuration: Codable {
      let batchSize: Int
      var task: Task?
    }
    func message(_ text: String) throws -> String {
      try Data(text.utf8).write(to: folder.file("config.json"))
      let run = try TrainingRun.open(at: folder.url)
      let error = #expect(throws: FileError.self) { try run.configuration(as: Configuration.self) }
      return "\(try #require(error))"
    }
    #expect(try message("{\"batch_size\" : 3").contains("config.json: expected JSON"))
    #expect(try message("{\"batch\" : 3}").contains("expected \"batch_size\" in it, found none"))
    #expect(try message("{\"batch_size\" : \"three\"}").contains("expected another kind of \"batch_size\""))
    #expect(try message("{\"batch_size\" : 3, \"task\" : \"chess\"}").contains("expected another \"task\""))
    #expect(try message("").contains("config.json: expected JSON"))
  }
}
