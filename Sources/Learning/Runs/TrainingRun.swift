import Foundation
import TensorIO

/// A folder that holds one training: what was asked for, what came out, and what is needed to go on.
///
/// - `config.json`: the configuration, written once.
/// - `metrics.jsonl`: one JSON object a line, one line an epoch.
/// - `latest.safetensors`, `best.safetensors`: checkpoints, see ``Checkpoint``.
/// - `result.json`: the outcome, once the training is done.
///
/// As long as the object lives, no other process can open the folder as a run.
public final class TrainingRun: Sendable {
  public let folder: URL
  private let lock: RunLock

  /// Makes the folder, or takes an empty one, and writes `config.json` and the first checkpoint.
  ///
  /// - Throws: ``RunError`` when something is there, or another process is making a run there; ``FileError``. What was
  ///   there before is as it was, and nothing new is left behind.
  public static func create(
    at folder: URL, configuration: some Encodable, checkpoint: Checkpoint
  ) throws -> TrainingRun {
    let path = folder.path(percentEncoded: false)
    let isNew = try makeFolder(path)
    let run = try TrainingRun(folder)
    // Once more, now that nobody else can be at it.
    try requireVacancy(at: folder)
    let configurationFile = folder.appending(path: "config.json")
    do {
      // First the checkpoint: a full disk shows now, and not after the first epoch.
      try checkpoint.write(to: run.latestCheckpoint)
      try JSONFile.write(configuration, to: configurationFile)
      return run
    } catch {
      unlink(run.latestCheckpoint.path(percentEncoded: false))
      unlink(configurationFile.path(percentEncoded: false))
      if isNew { rmdir(path) }
      throw error
    }
  }

  /// Throws ``RunError/exists(path:)`` unless nothing, or an empty folder, is there.
  public static func requireVacancy(at folder: URL) throws(RunError) {
    let path = folder.path(percentEncoded: false)
    var status = stat()
    if stat(path, &status) != 0 { return }
    if let contents = try? FileManager.default.contentsOfDirectory(atPath: path), contents.isEmpty { return }
    throw .exists(path: path)
  }

  /// Opens the folder of a run that was begun before.
  ///
  /// - Throws: ``RunError`` when it is none, or is in use.
  public static func open(at folder: URL) throws -> TrainingRun {
    let path = folder.path(percentEncoded: false)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      throw RunError.notARun(path: path, missing: nil)
    }
    guard FileManager.default.fileExists(atPath: folder.appending(path: "config.json").path(percentEncoded: false))
    else {
      throw RunError.notARun(path: path, missing: "config.json")
    }
    return try TrainingRun(folder)
  }

  private init(_ folder: URL) throws {
    self.folder = folder
    lock = try RunLock(folder.path(percentEncoded: false))
  }

  public var latestCheckpoint: URL { folder.appending(path: "latest.safetensors") }
  public var bestCheckpoint: URL { folder.appending(path: "best.safetensors") }
  public var metrics: JSONLinesLog { JSONLinesLog(file: folder.appending(path: "metrics.jsonl")) }

  /// What `config.json` says.
  ///
  /// - Throws: ``FileError`` when it can't be read, or is not what this version writes.
  public func configuration<Configuration: Decodable>(as type: Configuration.Type) throws(FileError) -> Configuration {
    try JSONFile.read(type, from: folder.appending(path: "config.json"))
  }

  /// Writes `result.json`.
  public func write(result: some Encodable) throws(FileError) {
    try JSONFile.write(result, to: folder.appending(path: "result.json"))
  }

  /// What `result.json` says; nil before it was written.
  ///
  /// - Throws: ``FileError`` when it can't be read, or is not what this version writes.
  public func result<Result: Decodable>(as type: Result.Type) throws(FileError) -> Result? {
    let file = folder.appending(path: "result.json")
    if !FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) { return nil }
    return try JSONFile.read(type, from: file)
  }

  /// Takes a learner to the last checkpoint: its next fits go on from there.
  ///
  /// - Parameter epochs: How many the run has.
  /// - Throws: ``FileError`` when a file is damaged, or the checkpoint's position is none of the run's; ``StateDictionaryError`` when it is one of
  ///   another model.
  public func restore(_ learner: Learner, epochs: Int) throws {
    let checkpoint = try Checkpoint(contentsOf: latestCheckpoint)
    let position = checkpoint.position
    guard position.isPossible(epochs: epochs, batchCount: learner.data.training.batchCount) else {
      throw FileError.contents(
        file: latestCheckpoint.path(percentEncoded: false), key: "position",
        expected: "a place in \(epochs) epochs of \(learner.data.training.batchCount) batches",
        found: "step \(position.step), epoch \(position.epoch), batch \(position.batch)")
    }
    try learner.restore(checkpoint)
  }

  /// Whether the folder is new; throws when it is there and not empty.
  private static func makeFolder(_ path: String) throws -> Bool {
    try makeParents(of: path)
    if mkdir(path, 0o777) == 0 { return true }
    guard errno == EEXIST else { throw FileError.system(operation: "make the folder", path: path, code: errno) }
    try requireVacancy(at: URL(filePath: path))
    return false
  }

  private static func makeParents(of path: String) throws(FileError) {
    guard let slash = path.dropLast(path.hasSuffix("/") ? 1 : 0).lastIndex(of: "/"), slash > path.startIndex else {
      return
    }
    let parent = String(path[..<slash])
    if mkdir(parent, 0o777) == 0 || errno == EEXIST { return }
    guard errno == ENOENT else { throw .system(operation: "make the folder", path: parent, code: errno) }
    try makeParents(of: parent)
    if mkdir(parent, 0o777) != 0, errno != EEXIST {
      throw .system(operation: "make the folder", path: parent, code: errno)
    }
  }
}

extension TrainingPosition {
  fileprivate func isPossible(epochs: Int, batchCount: Int) -> Bool {
    (0...epochs).contains(epoch) && (0...batchCount).contains(batch) && history.count == epoch
      && step <= epoch * batchCount + batch && (epoch < epochs || batch == 0)
  }
}

/// Holds a folder for one process: the system lets go of it when the process ends, however that comes about.
private final class RunLock: Sendable {
  private let descriptor: Int32

  init(_ path: String) throws {
    descriptor = Foundation.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { throw FileError.system(operation: "open", path: path, code: errno) }
    // Some network file systems know no locks; there the folder goes unguarded.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      throw RunError.inUse(path: path)
    }
  }

  deinit { close(descriptor) }
}

/// Why a folder can't serve as a run.
public enum RunError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Something stands where a new run was to be made.
  case exists(path: String)
  /// A folder that is no run: it is not there, or the file `missing` is not in it.
  case notARun(path: String, missing: String?)
  /// Another process works on the run.
  case inUse(path: String)

  public var description: String {
    switch self {
    case .exists(let path): "\(path) is there already, and is no empty folder; nothing in it was touched."
    case .notARun(let path, nil): "\(path) is no training run: there is no such folder."
    case .notARun(let path, let missing?): "\(path) is no training run: \(missing) is not in it."
    case .inUse(let path): "\(path) is in use by another training."
    }
  }
}
