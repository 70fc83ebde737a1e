import DataPipelines
import Foundation
import TensorCore
import TensorIO
import Testing

@Suite("The UCI digits")
struct UCIDigitsTests {
  @Test("are 1,437 pictures for training and 360 for the test, of the documented shapes and ranges")
  func shapes() throws {
    let digits = try UCIDigits.load()
    for (set, count) in [(digits.train, 1437), (digits.test, 360)] {
      #expect(set.inputs.shape == [count, 1, 8, 8] && set.inputs.dtype == .float32)
      #expect(set.targets.shape == [count] && set.targets.dtype == .int64)
      #expect(set.inputs.min().item() == 0 && set.inputs.max().item() == 1)
    }
    #expect(digits.classNames == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])
  }

  @Test("are divided by digit, the same way each time, and none is in both parts or lost")
  func division() throws {
    let digits = try UCIDigits.load()
    let counts = { (set: TensorDataset) in
      set.classes.reduce(into: [Int](repeating: 0, count: 10)) { $0[$1] += 1 }
    }
    // A fifth of each digit; 178, 182, … of each in all.
    let test = counts(digits.test)
    let all = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    #expect(zip(counts(digits.train), test).map(+) == all)
    for (part, whole) in zip(test, all) { #expect(abs(Double(part) - Double(whole) * 360 / 1797) < 1) }
    let again = try UCIDigits.load()
    #expect((again.test.inputs .== digits.test.inputs).all().item(Bool.self))
    // The sum of all pixels in scikit-learn's copy of the set (load_digits().data.sum()).
    let sum = digits.train.inputs.cast(to: .float64).sum().item() + digits.test.inputs.cast(to: .float64).sum().item()
    #expect(sum * 16 == 561_718)
  }
}

@Suite("MNIST")
struct MNISTTests {
  private static let folder = DataCache.default.folder(for: "mnist").path(percentEncoded: false)
  private static let isThere = FileManager.default.fileExists(atPath: folder + "train-images-idx3-ubyte.gz")

  @Test(
    "is read from the cache, with the published shapes, counts and mean", .enabled(if: isThere, "no MNIST in \(folder)")
  )
  func load() async throws {
    let mnist = try await MNIST.load()
    for (set, count) in [(mnist.train, 60_000), (mnist.test, 10_000)] {
      #expect(set.inputs.shape == [count, 1, 28, 28] && set.inputs.dtype == .uint8)
      #expect(set.targets.shape == [count] && set.targets.dtype == .int64)
    }
    // The first labels, and the number of each digit, as the data set's page has them.
    #expect(Array(mnist.train.classes.prefix(10)) == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    #expect(Array(mnist.test.classes.prefix(10)) == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    let counts = mnist.train.classes.reduce(into: [Int](repeating: 0, count: 10)) { $0[$1] += 1 }
    #expect(counts == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    let pixels = mnist.train.inputs.cast(to: .float32) / 255
    #expect(abs(pixels.mean().item() - 0.1307) < 5e-5)
    #expect(abs(pixels.standardDeviation().item() - 0.3081) < 5e-5)
  }

  @Test("with files of another shape, or labels beyond 9, is refused by name")
  func damaged() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "glassbox-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String, _ sizes: [UInt8], _ value: UInt8) throws -> URL {
      let header: [UInt8] = [0, 0, 8, UInt8(sizes.count)] + sizes.flatMap { [UInt8(0), 0, 0, $0] }
      let count = sizes.reduce(1) { $0 * Int($1) }
      let url = folder.appending(path: name)
      try Data(header + [UInt8](repeating: value, count: count)).write(to: url)
      return url
    }
    let images = try file("images", [3, 28, 28], 255)
    let labels = try file("labels", [3], 9)
    #expect(try MNIST.read(images: images, labels: labels, count: 3).inputs.shape == [3, 1, 28, 28])
    for (images, labels, words) in [
      (images, try file("few", [2], 9), "few: expected uint8 [3], found uint8 [2]"),
      (try file("small", [3, 27, 28], 0), labels, "small: expected uint8 [3, 28, 28]"),
      (images, try file("large", [3], 10), "large: expected digits from 0 to 9, found 10"),
      (labels, labels, "found uint8 [3]"), (images, images, "labels"),
    ] {
      let error = #expect(throws: FileError.self) { try MNIST.read(images: images, labels: labels, count: 3) }
      let message = error?.description ?? ""
      #expect(message.contains(words) || words == "labels", "\(message)")
    }
  }
}
