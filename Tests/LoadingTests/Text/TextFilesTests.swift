import DataPipelines
import Foundation
import TensorIO
import Testing

@Suite("Texts in files")
struct TextFilesTests {
  private let root = FileManager.default.temporaryDirectory.appending(path: "glassbox-tests-\(UUID().uuidString)")

  private func write(_ path: String, _ bytes: [UInt8]) throws {
    let file = root.appending(path: path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  private func write(_ path: String, _ text: String) throws { try write(path, Array(text.utf8)) }

  @Test("are found by class, in the order of their names; what is no text is named, or left out and told")
  func folder() throws {
    defer { try? FileManager.default.removeItem(at: root) }
    try write("pos/b.txt", "great")
    try write("pos/deep/a.txt", "good")
    try write("neg/1.txt", "schlécht")
    try write("neg/.hidden.txt", "no")
    try write("notes.md", "no")
    let folder = try TextFolder(root)
    #expect(folder.texts.classNames == ["neg", "pos"] && folder.texts.classes == [0, 1, 1])
    #expect(folder.texts.texts == ["schlécht", "great", "good"] && folder.report.otherFiles == 2)
    try write("neg/2.txt", [0xFF, 0xFE, 0x41])
    try write("neg/3.txt", " \n")
    let error = #expect(throws: FileError.self) { try TextFolder(root) }
    #expect("\(try #require(error))".contains("neg/2.txt: expected text in UTF-8, found none"))
    let rest = try TextFolder(root, unreadable: .skip)
    #expect(rest.texts.count == 3 && rest.report.unreadable.count == 2)
    #expect(throws: FileError.self) { try TextFolder(root.appending(path: "pos/deep")) }
    #expect(throws: FileError.self) { try TextFolder(root.appending(path: "absent")) }
  }

  @Test("in an archive are read without unpacking it")
  func archive() throws {
    defer { try? FileManager.default.removeItem(at: root) }
    try write("set/pos/1.txt", "good")
    try write("set/neg/1.txt", "bad")
    // With a dot, paths begin with "./".
    for members in [["pos", "neg"], ["."]] {
      try run(["tar", "-czf", "set.tar.gz", "-C", "set"] + members)
      let folder = try TextFolder(root.appending(path: "set.tar.gz"))
      #expect(folder.texts.texts == ["bad", "good"] && folder.texts.classNames == ["neg", "pos"])
      #expect(folder.report.otherFiles == 0)
    }
  }

  @Test("are no more than the limits, and neither devices nor pipes")
  func limits() throws {
    defer { try? FileManager.default.removeItem(at: root) }
    try write("set/pos/1.txt", "good")
    try write("set/neg/1.txt", "bad")
    let set = root.appending(path: "set")
    try run(["tar", "-cf", "set.tar", "-C", "set", "."])
    for (source, files) in [(set, 4), (root.appending(path: "set.tar"), 5)] {
      #expect(try TextFolder(source, byteLimit: 7, fileLimit: files).texts.count == 2)
      let many = #expect(throws: FileError.self) { try TextFolder(source, fileLimit: files - 1) }
      #expect("\(try #require(many))".contains("expected at most \(files - 1) files and folders, found more"))
      let long = #expect(throws: FileError.self) { try TextFolder(source, byteLimit: 6) }
      #expect("\(try #require(long))".contains("expected at most "))
    }
    // To read either would wait, or go on, for ever.
    try run(["mkfifo", "set/pos/2.txt"])
    let pipe = #expect(throws: FileError.self) { try TextFolder(set) }
    #expect("\(try #require(pipe))".contains("pos/2.txt: expected a file, found a folder, a device or a pipe"))
    try run(["rm", "set/pos/2.txt"])
    try run(["ln", "-s", "/dev/zero", "set/pos/2.txt"])
    #expect(throws: FileError.self) { try TextFolder(set) }
  }

  private func run(_ words: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.currentDirectoryURL = root
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }
}

/// With the files of $GLASSBOX_DATA.
@Suite(
  "Published texts", .enabled(if: ProcessInfo.processInfo.environment["GLASSBOX_DATA"] != nil, "needs GLASSBOX_DATA"))
struct PublishedTextTests {
  @Test("IMDB: 50,000 reviews in two classes")
  func imdb() async throws {
    let data = try await IMDB.load()
    #expect(data.train.count == 25_000 && data.test.count == 25_000)
    #expect(data.train.classNames == ["neg", "pos"])
    for part in [data.train, data.test] { #expect(part.classes.count { $0 == 1 } == 12_500) }
    #expect(data.train.texts.first?.hasPrefix("Story of a man who has unnatural feelings for a pig.") == true)
  }

  @Test("SST-2: sentences with two classes")
  func sst2() async throws {
    let data = try await SST2.load()
    #expect(data.train.count == 67_349 && data.test.count == 872)
    #expect(data.test.texts.first == "it 's a charming and often affecting journey ." && data.test.classes.first == 1)
    #expect(data.train.texts.first == "hide new secretions from the parental units" && data.train.classes.first == 0)
  }

  @Test("Shakespeare: a million characters, 65 different ones")
  func shakespeare() async throws {
    let text = try await TinyShakespeare.load()
    #expect(text.train.unicodeScalars.count == 1_003_854 && text.validation.unicodeScalars.count == 111_540)
    #expect(Set((text.train + text.validation).unicodeScalars).count == 65)
    #expect(text.train.hasPrefix("First Citizen:\nBefore we proceed any further, hear me speak."))
  }
}
