import DataPipelines
import Foundation
import Tables
import TensorIO

/// Labelled texts as they are read from files, with what was left out.
public struct TextReading: Sendable {
  public let data: TextData
  public let report: InputReport

  /// Reads a folder of class folders of `.txt` files, one with `train` and perhaps `test`, `valid` or `val` in it, or an archive of either.
  ///
  /// - Parameters:
  ///   - onBadInput: What to do about files without text, classes with fewer than two texts to learn from, and classes that are in the test alone.
  ///   - heldOut: The share of each class to test on, where there is no folder for it.
  ///   - seed: Of that choice.
  ///   - cache: Where archives are unpacked.
  /// - Throws: ``BadInputError``; ``TensorIO/FileError`` when a folder can't be listed, or has no texts in classes to learn from, or none to
  ///   test on.
  public init(
    _ folder: URL, onBadInput: BadInputHandling = .refuse, heldOut: Double = 0.2, seed: UInt64 = 1,
    cache: DataCache = .writable
  ) throws {
    let layout = try FolderLayout(folder, cache: cache)
    let train = try TextFolder(layout.training, unreadable: .skip)
    let test = try layout.test.map { try TextFolder($0, unreadable: .skip) }
    var report = InputReport()
    report.filesLeftAlone = train.report.otherFiles + (test?.report.otherFiles ?? 0)
    report.skipped = (train.report.unreadable + (test?.report.unreadable ?? [])).map { InputFinding($0) }
    try self.init(
      train.texts, test?.texts, report, place: layout.root.path(percentEncoded: false), onBadInput, heldOut, seed)
  }

  /// Reads a table, CSV or tab-separated, with a column of texts and one of classes.
  ///
  /// - Parameters:
  ///   - test: A table of the same columns to test on; if nil, a part of the rows is held out.
  /// - Throws: ``BadInputError``; ``Tables/TableError`` when a file can't be read, lacks a column, or has both in one; ``TensorIO/FileError`` when there
  ///   are no texts to learn from, or none to test on.
  public init(
    table url: URL, text: String, target: String, test: URL? = nil, onBadInput: BadInputHandling = .refuse,
    heldOut: Double = 0.2, seed: UInt64 = 1
  ) throws {
    if text == target {
      throw TableError.unusable(column: text, reason: "can't hold both the texts and their classes")
    }
    var report = InputReport()
    func texts(_ url: URL) throws -> LabelledTexts {
      let format = CSVFormat(separator: CSVFormat.separator(of: url), badRows: .skip)
      let reading = try Table.read(url, format: format, kinds: [text: .text, target: .category])
      report.skipped += reading.skipped.map { InputFinding($0) }
      for row in 0..<reading.table.rowCount {
        for name in [text, target] where reading.table[name].isMissing(at: row) {
          report.skipped.append(
            InputFinding("\(reading.file):\(reading.lines[row])", "expected a value of \"\(name)\", found none."))
        }
      }
      return try LabelledTexts(reading.table, text: text, label: target)
    }
    let (train, tested) = (try texts(url), try test.map { try texts($0) })
    try self.init(train, tested, report, place: url.path(percentEncoded: false), onBadInput, heldOut, seed)
  }

  private init(
    _ train: LabelledTexts, _ test: LabelledTexts?, _ report: InputReport, place: String,
    _ onBadInput: BadInputHandling, _ heldOut: Double, _ seed: UInt64
  ) throws {
    var report = report
    var counts = [Int](repeating: 0, count: train.classNames.count)
    for label in train.classes { counts[label] += 1 }
    let names = train.classNames.indices.filter { counts[$0] > 1 }.map { train.classNames[$0] }
    for (name, count) in zip(train.classNames, counts) where count < 2 {
      report.skipped.append(
        InputFinding("\(place), \(name)", "expected 2 or more texts in a class, found \(count)."))
    }
    for name in test?.classNames ?? [] where !train.classNames.contains(name) {
      report.skipped.append(
        InputFinding("\(place), \(name)", "expected a class of the texts to learn from, found another."))
    }
    if onBadInput == .refuse, !report.skipped.isEmpty { throw BadInputError(problems: report.skipped) }
    let known = train.keeping(classes: names)
    if let test {
      data = TextData(train: known, test: test.keeping(classes: names))
    } else {
      let fold = Splits.stratified(known.classes, validation: heldOut, seed: seed)
      data = TextData(train: known.subset(fold.train), test: known.subset(fold.validation))
    }
    if data.train.count == 0 || data.test.count == 0 {
      throw FileError.contents(
        file: place, key: nil, expected: "texts in classes, to learn from and to test on",
        found: "\(data.train.count) and \(data.test.count) that can be used")
    }
    (report.trainingSamples, report.testSamples) = (data.train.count, data.test.count)
    self.report = report
  }
}

extension LabelledTexts {
  /// The texts of these classes, numbered by their order.
  fileprivate func keeping(classes names: [String]) -> LabelledTexts {
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let kept = (0..<count).filter { numbers[classNames[classes[$0]]] != nil }
    return LabelledTexts(
      kept.map { texts[$0] }, classes: kept.map { numbers[classNames[classes[$0]]] ?? 0 }, classNames: names)
  }
}
