import DataPipelines
import Foundation
import TensorCore
import TensorIO
import Testing

/// A folder of files that goes with the object.
private final class Files: Sendable {
  let root = FileManager.default.temporaryDirectory.appending(path: "glassbox-tests-\(UUID().uuidString)")

  init(_ files: [String: [UInt8]]) throws {
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    for (name, bytes) in files { try Data(bytes).write(to: root.appending(path: name)) }
  }

  deinit { try? FileManager.default.removeItem(at: root) }
}

/// A record of the binary form: labels, a red plane, a green one, a blue one.
private func record(_ labels: [UInt8], _ colors: [UInt8]) -> [UInt8] {
  labels + colors.flatMap { [UInt8](repeating: $0, count: 1024) }
}

@Suite("CIFAR's binary files")
struct CIFARTests {
  @Test("of 10 classes are a label and three planes, five files for training")
  func ten() throws {
    var files: [String: [UInt8]] = [:]
    for file in 1...5 {
      files["data_batch_\(file).bin"] = record([UInt8(file)], [1, 2, 3]) + record([9], [UInt8(file), 0, 0])
    }
    files["test_batch.bin"] = record([0], [7, 8, 9]) + record([6], [255, 0, 0])
    let tree = try Files(files)
    let data = try withExtendedLifetime(tree) { try CIFAR10.read(folder: tree.root, count: 2) }
    #expect(data.train.inputs.shape == [10, 3, 32, 32] && data.train.inputs.dtype == .uint8)
    #expect(data.train.classes == [1, 9, 2, 9, 3, 9, 4, 9, 5, 9] && data.test.classes == [0, 6])
    #expect(data.test.inputs[0, .all, 31, 31].scalars(as: Int.self) == [7, 8, 9])
    #expect(data.classNames[6] == "frog")
    for (name, bytes, words) in [
      ("data_batch_3.bin", record([1], [0, 0, 0]), "expected 2 records of 3073 bytes, 6146 in all, found 3073 bytes"),
      ("test_batch.bin", record([10], [0, 0, 0]) + record([1], [0, 0, 0]), "expected labels below 10, found 10"),
    ] {
      let folder = try Files(files.merging([name: bytes]) { $1 })
      let error = #expect(throws: FileError.self) {
        try withExtendedLifetime(folder) { try CIFAR10.read(folder: folder.root, count: 2) }
      }
      #expect(error?.description.contains("\(name): \(words)") == true, "\(error?.description ?? "")")
    }
  }

  @Test("of 100 classes are two labels and three planes, and names")
  func hundred() throws {
    let names = { (count: Int) in Array((0..<count).map { "name\($0)\n" }.joined().utf8) }
    let files = [
      "train.bin": record([19, 99], [1, 2, 3]), "test.bin": record([4, 30], [4, 5, 6]),
      "coarse_label_names.txt": names(20) + Array("\n".utf8), "fine_label_names.txt": names(100),
    ]
    let tree = try Files(files)
    let fine = try CIFAR100.read(folder: tree.root, trainCount: 1, testCount: 1)
    #expect(fine.train.classes == [99] && fine.test.classes == [30] && fine.classNames.count == 100)
    #expect(fine.train.inputs[0, .all, 0, 0].scalars(as: Int.self) == [1, 2, 3])
    let coarse = try CIFAR100.read(folder: tree.root, labels: .coarse, trainCount: 1, testCount: 1)
    #expect(coarse.train.classes == [19] && coarse.test.classes == [4] && coarse.classNames[4] == "name4")
    defer { withExtendedLifetime(tree) {} }
    let few = try Files(files.merging(["fine_label_names.txt": names(99)]) { $1 })
    defer { withExtendedLifetime(few) {} }
    let error = #expect(throws: FileError.self) { try CIFAR100.read(folder: few.root, trainCount: 1, testCount: 1) }
    #expect(error?.description.contains("expected 100 names, one a line, found 99") == true)
  }

  @Test("and those of MNIST's form have whole hashes and addresses")
  func files() {
    let files = [CIFARFiles.cifar10, CIFARFiles.cifar100] + FashionMNISTFiles.all + KMNISTFiles.all
    #expect(Set(files.map(\.published.sha256)).count == 10)
    for file in files {
      #expect(file.mirrors.allSatisfy { $0.hasSuffix(file.name) && URL(string: $0) != nil })
      #expect(file.published.sha256.count == 64 && file.published.sha256.allSatisfy(\.isHexDigit))
    }
    #expect(FashionMNIST.classNames.count == 10 && KMNIST.classNames.count == 10)
  }
}
