import DataPipelines
import Foundation
import TensorCore
import TensorIO

extension PictureData {
  /// Reads all pictures once, on all cores. They stay decoded in memory if that takes no more than `memoryLimit`; else they are decoded again when
  /// they are asked for, which loaders do ahead.
  ///
  /// - Parameters:
  ///   - url: A folder, or an archive of one.
  ///   - size: What pictures are brought to: resized such that they cover it, and cropped around the centre. If nil, a square of the first picture's
  ///     shorter side, but at most 64.
  ///   - channels: 1 or 3; if nil, 1 where the first picture is grey.
  ///   - preparation: Another training's, instead of size, channels, and what would be measured.
  ///   - onBadInput: What to do about pictures that can't be decoded, classes with fewer than two pictures to learn from, and classes that are in
  ///     the test alone.
  ///   - heldOut: The share of each class to test on, where there is no folder for it.
  ///   - seed: Of that choice.
  ///   - cache: Where archives are unpacked.
  /// - Throws: ``BadInputError``; ``TensorIO/FileError`` when a folder can't be listed, or has no pictures in classes.
  public init(
    _ url: URL, size: Size2D? = nil, channels: Int? = nil, preparation: PicturePreparation? = nil,
    onBadInput: BadInputHandling = .refuse, heldOut: Double = 0.2, seed: UInt64 = 1, cache: DataCache = .writable,
    memoryLimit: Int = 1 << 30
  ) throws {
    let layout = try FolderLayout(url, cache: cache)
    // Empty classes are left out here, and told below.
    let train = try PictureFolder(layout.training, minimumPerClass: 1, smallClasses: .skip)
    let test = try layout.test.map { try PictureFolder($0, minimumPerClass: 1, smallClasses: .skip) }
    let files = train.files + (test?.files ?? [])
    let raw = try preparation ?? Self.shape(of: files, size: size, channels: channels)
    let bytes = files.count * raw.channels * raw.size.height * raw.size.width
    let reading = PictureReading(files, preparation: raw, keepsPixels: bytes <= memoryLimit)
    var found = FoundPictures(reading)
    found.add(train, in: layout.training, from: 0, isTest: false)
    if let test, let folder = layout.test { found.add(test, in: folder, from: train.count, isTest: true) }
    if onBadInput == .refuse, !found.problems.isEmpty { throw BadInputError(problems: found.problems) }
    if found.training.isEmpty || (test != nil && found.test.isEmpty) {
      throw FileError.contents(
        file: url.path(percentEncoded: false), key: nil, expected: "pictures in classes, to learn from and to test on",
        found: "none that can be used")
    }
    if test == nil {
      let fold = Splits.stratified(found.training.map(\.label), validation: heldOut, seed: seed)
      found.test = fold.validation.map { found.training[$0] }
      found.training = fold.train.map { found.training[$0] }
    }
    func pictures(_ chosen: [FoundPictures.Picture], _ preparation: PicturePreparation) -> Pictures {
      let places = Tensor(chosen.map(\.row), shape: [chosen.count])
      return Pictures(
        classes: chosen.map(\.label), files: chosen.map { files[$0.position] },
        decoded: reading.pixels?.indexSelected(axis: 0, indices: places), preparation: preparation)
    }
    let fitted =
      try preparation
      ?? PicturePreparation.fitting(pictures(found.training, raw), size: raw.size, channels: raw.channels)
    var report = InputReport()
    report.skipped = found.problems
    report.filesLeftAlone = [train, test].reduce(0) { sum, folder in
      sum + (folder.map { $0.report.hiddenFiles + $0.report.otherFiles.count } ?? 0)
    }
    self.init(
      training: pictures(found.training, fitted), test: pictures(found.test, fitted), classNames: found.classNames,
      preparation: fitted, report: report, sha256: Self.hash(files, reading.hashes, below: layout.root))
  }

  /// The size and the channels that the first picture asks for, without a scale.
  private static func shape(of files: [URL], size: Size2D?, channels: Int?) throws(FileError) -> PicturePreparation {
    var first: Tensor?
    if size == nil || channels == nil {
      for file in files {
        if let picture = try? PictureFile.read(file, options: PictureOptions(colors: .asStored)) {
          first = picture
          break
        }
      }
    }
    let side = min(first.map { min($0.shape[1], $0.shape[2]) } ?? 64, 64)
    let channels = channels ?? first?.shape[0] ?? 3
    return PicturePreparation(
      size: size ?? Size2D(side, side), channels: channels, mean: [Double](repeating: 0, count: channels),
      standardDeviation: [Double](repeating: 1, count: channels))
  }

  /// The path below the folder and the hash of every file, in their order.
  private static func hash(_ files: [URL], _ hashes: [String], below root: URL) -> String {
    let length = root.path(percentEncoded: false).count
    let hash = SHA256()
    for (file, own) in zip(files, hashes) {
      hash.update(Array("\(file.path(percentEncoded: false).dropFirst(length))\0\(own)\n".utf8))
    }
    return hash.finish()
  }
}

/// What can be used of the pictures that were read, and what is wrong with the others.
private struct FoundPictures {
  struct Picture {
    /// Among the files, and among those that were decoded.
    let position: Int
    let row: Int
    let label: Int
  }

  var training: [Picture] = []
  var test: [Picture] = []
  private(set) var classNames: [String] = []
  private(set) var problems: [InputFinding] = []
  private let reading: PictureReading
  /// The row of each file's pixels.
  private let rows: [Int]

  init(_ reading: PictureReading) {
    self.reading = reading
    var next = 0
    rows = reading.problems.map { problem in
      defer { if problem == nil { next += 1 } }
      return next
    }
  }

  /// Adds a folder's pictures, the first of which is the file at `start`. That to learn from comes first, and says which classes there are.
  mutating func add(_ folder: PictureFolder, in root: URL, from start: Int, isTest: Bool) {
    for (position, file) in folder.files.enumerated() {
      guard let error = reading.problems[start + position] else { continue }
      problems.append(InputFinding(error, in: file.path(percentEncoded: false)))
    }
    let readable = (0..<folder.count).filter { reading.problems[start + $0] == nil }
    let members = Dictionary(grouping: readable) { folder.classes[$0] }
    func path(_ name: String) -> String { root.appending(path: name).path(percentEncoded: false) }
    for (name, _) in folder.report.smallClasses where !isTest {
      problems.append(InputFinding(path(name), "expected 2 or more pictures in a class, found none."))
    }
    for (label, name) in folder.classNames.enumerated() {
      let places = members[label] ?? []
      if isTest {
        guard let known = classNames.firstIndex(of: name) else {
          problems.append(InputFinding(path(name), "expected a class of the pictures to learn from, found another."))
          continue
        }
        test += places.map { Picture(position: start + $0, row: rows[start + $0], label: known) }
      } else if places.count < 2 {
        problems.append(InputFinding(path(name), "expected 2 or more pictures in a class, found \(places.count)."))
      } else {
        training += places.map { Picture(position: start + $0, row: rows[start + $0], label: classNames.count) }
        classNames.append(name)
      }
    }
  }
}

extension DataCache {
  /// The default cache; without `GLASSBOX_DATA`, where that is a folder that nothing may be written to.
  public static var writable: DataCache {
    var environment = ProcessInfo.processInfo.environment
    let cache = DataCache(environment: environment)
    let path = cache.root.path(percentEncoded: false)
    let mode = (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? Int
    // A folder that is marked so is left alone by root as well.
    guard let mode, mode & 0o222 == 0 || access(path, W_OK) != 0 else { return cache }
    environment["GLASSBOX_DATA"] = nil
    return DataCache(environment: environment)
  }
}
