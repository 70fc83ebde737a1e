import DataPipelines
import Foundation
import TensorCore
import TensorIO
import Testing

/// A folder of pictures that goes with the object; its pictures are Pillow's.
final class PictureTree: Sendable {
  let root = FileManager.default.temporaryDirectory.appending(path: "glassbox-tests-\(UUID().uuidString)")
  private static let goldens = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Goldens/pictures")

  /// Files by path, with what stands in them: a golden's name, or else a text.
  init(_ files: [String: String]) throws {
    for (path, contents) in files {
      let url = root.appending(path: path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      let golden = PictureTree.goldens.appending(path: contents)
      let isGolden = !contents.isEmpty && FileManager.default.fileExists(atPath: golden.path)
      try (isGolden ? Data(contentsOf: golden) : Data(contents.utf8)).write(to: url)
    }
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(at: root.appending(path: path), withIntermediateDirectories: true)
  }
}

private func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "nothing was thrown"
  } catch { return "\(error)" }
}

@Suite("A folder of pictures")
struct PictureFolderTests {
  private static let good = [
    "zebra/b.jpg": "colour.jpg", "zebra/a.PNG": "colour.png", "zebra/deep/er/c.jpeg": "full.jpg",
    "ape/2.png": "grey.png",
    "ape/10.png": "palette.png",
  ]

  @Test("gives its pictures sorted, with their classes")
  func order() throws {
    let tree = try PictureTree(Self.good)
    defer { withExtendedLifetime(tree) {} }
    let folder = try PictureFolder(tree.root)
    #expect(folder.classNames == ["ape", "zebra"])
    #expect(folder.files.map(\.lastPathComponent) == ["10.png", "2.png", "a.PNG", "b.jpg", "c.jpeg"])
    #expect(folder.classes == [0, 0, 1, 1, 1])
    let batch = try folder.batch(at: [3, 0])
    #expect(batch.inputs.shape == [2, 3, 19, 26] && batch.inputs.dtype == .uint8)
    #expect(batch.targets.scalars(as: Int.self) == [1, 0])
    let alone = try PictureFile.read(folder.files[3])
    #expect((try folder.example(at: 3).input .== alone).all().item(Bool.self))
    let grey = try PictureFolder(tree.root, options: PictureOptions(colors: .grey))
    #expect(try grey.batch(at: [0, 4]).inputs.shape == [2, 1, 19, 26])
  }

  @Test("leaves hidden and other files alone, and counts them")
  func others() throws {
    var files = Self.good
    for (path, text) in [
      (".DS_Store", "x"), ("zebra/.hidden.jpg", "colour.jpg"), (".git/config", "x"), ("README.md", "x"),
      ("loose.jpg", "colour.jpg"), ("ape/notes.txt", "x"),
    ] { files[path] = text }
    let tree = try PictureTree(files)
    defer { withExtendedLifetime(tree) {} }
    let report = try PictureFolder(tree.root).report
    #expect(report.hiddenFiles == 3)
    let names = report.otherFiles.map { String($0.split(separator: "/").last ?? "") }
    #expect(names.sorted() == ["README.md", "loose.jpg", "notes.txt"])
    #expect(report.classes.map(\.name) == ["ape", "zebra"] && report.classes.map(\.count) == [2, 3])
    #expect("\(report)".hasPrefix("5 pictures in 2 classes\n  ape: 2\n  zebra: 3\nleft alone 3 hidden files\n"))
  }

  @Test("with small or empty classes is refused, or goes without them")
  func small() throws {
    var files = Self.good
    files["lone/one.jpg"] = "colour.jpg"
    let tree = try PictureTree(files)
    defer { withExtendedLifetime(tree) {} }
    try tree.makeFolder("empty")
    let words = message { _ = try PictureFolder(tree.root) }
    #expect(words.contains("2 or more pictures in each class"))
    #expect(words.contains("0 in \"empty\", 1 in \"lone\""), "\(words)")
    let skipping = try PictureFolder(tree.root, smallClasses: .skip)
    #expect(skipping.classNames == ["ape", "zebra"] && skipping.count == 5)
    #expect(skipping.report.smallClasses.map(\.name) == ["empty", "lone"])
    #expect(skipping.report.smallClasses.map(\.count) == [0, 1])
    let one = try PictureFolder(tree.root, minimumPerClass: 1, smallClasses: .skip)
    #expect(one.classNames == ["ape", "lone", "zebra"] && one.classes == [0, 0, 1, 2, 2, 2])
    let none = try PictureTree(["a.jpg": "colour.jpg"])
    defer { withExtendedLifetime(none) {} }
    #expect(message { _ = try PictureFolder(none.root) }.contains("folders of pictures, one for each class"))
    #expect(message { _ = try PictureFolder(none.root.appending(path: "nowhere")) }.contains("nowhere"))
  }

  @Test("with pictures that can't be decoded throws when one is read, or goes without them and names them")
  func unreadable() throws {
    var files = Self.good
    files["ape/broken.jpg"] = "not a picture"
    files["zebra/empty.png"] = ""
    let tree = try PictureTree(files)
    defer { withExtendedLifetime(tree) {} }
    let refusing = try PictureFolder(tree.root)
    #expect(refusing.count == 7)
    let words = message { _ = try refusing.batch(at: [0, 1, 2]) }
    #expect(words.contains("ape/broken.jpg: expected a JPEG or PNG picture, found the bytes 6e 6f 74 20"), "\(words)")
    let skipping = try PictureFolder(tree.root, unreadable: .skip)
    #expect(skipping.count == 5 && skipping.classes == [0, 0, 1, 1, 1])
    #expect(skipping.report.unreadable.count == 2)
    #expect(skipping.report.unreadable[0].file.hasSuffix("ape/broken.jpg"))
    #expect("\(skipping.report)".contains("zebra/empty.png: expected a JPEG or PNG picture, found an empty file"))
    #expect(try skipping.all().count == 5)
    // The files are as they were.
    #expect(FileManager.default.fileExists(atPath: tree.root.appending(path: "ape/broken.jpg").path))
  }

  @Test("with pictures of several sizes needs one to bring them to")
  func sizes() throws {
    var files = Self.good
    files["ape/1.jpg"] = "turned-6.jpg"
    let tree = try PictureTree(files)
    defer { withExtendedLifetime(tree) {} }
    let words = message { _ = try PictureFolder(tree.root).all() }
    #expect(words.contains("expected a picture [3, 26, 19], as 1.jpg is"), "\(words)")
    #expect(words.contains("found [3, 19, 26]"), "\(words)")
    let sized = try PictureFolder(tree.root, size: Size2D(12, 14)).all()
    #expect(sized.inputs.shape == [6, 3, 12, 14] && sized.inputs.dtype == .uint8)
    #expect(try PictureFolder(tree.root, size: Size2D(50, 40)).all().inputs.shape == [6, 3, 50, 40])
  }

  @Test("is divided by class, the same way for the same seed")
  func split() throws {
    let names = (0..<20).map { "\($0 % 2 == 0 ? "a" : "b")/\($0).png" }
    let files = Dictionary(uniqueKeysWithValues: names.map { ($0, "turned-1.png") })
    let tree = try PictureTree(files)
    defer { withExtendedLifetime(tree) {} }
    let folder = try PictureFolder(tree.root)
    let parts = folder.split(fractions: [0.8, 0.2], classes: folder.classes, seed: 3)
    #expect(parts.map(\.count) == [16, 4])
    #expect(parts[1].indices.count { folder.classes[$0] == 0 } == 2)
    let again = folder.split(fractions: [0.8, 0.2], classes: folder.classes, seed: 3)
    #expect(again.map(\.indices) == parts.map(\.indices))
  }

  private static let archive = DataCache.default.folder(for: "cifar10-jpeg").appending(path: "cifar10-jpeg.zip")

  @Test(
    "of CIFAR-10 as JPEG files is unpacked, listed and decoded",
    .enabled(if: FileManager.default.fileExists(atPath: archive.path), "no \(archive.path)"))
  func cifar() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "glassbox-tests-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try ArchiveFolder.unpack(Self.archive, into: folder)
    for (part, count) in [("train", 50_000), ("test", 10_000)] {
      let pictures = try PictureFolder(folder.appending(path: part))
      #expect(pictures.count == count && pictures.classNames == CIFAR10.classNames.sorted())
      #expect(pictures.report.classes.allSatisfy { $0.count == count / 10 })
      let batch = try pictures.batch(at: Array(stride(from: 0, to: count, by: 100)))
      #expect(batch.inputs.shape == [count / 100, 3, 32, 32])
      // The data set's mean is 0.473 of white.
      #expect(abs(batch.inputs.cast(to: .float32).mean().item() / 255 - 0.473) < 0.03)
    }
  }
}
