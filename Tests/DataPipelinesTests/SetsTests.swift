import DataPipelines
import Foundation
import TensorIO
import Testing

@Suite("The data sets' files")
struct SetsTests {
  @Test("hold the 1,797 digits inside the program")
  func digits() throws {
    let lines = String(decoding: try DigitsArchive.csv(), as: UTF8.self).split(separator: "\n")
    let rows = lines.map { $0.split(separator: ",").compactMap { Int($0) } }
    #expect(rows.count == 1797)
    #expect(rows.allSatisfy { $0.count == 65 && $0.prefix(64).allSatisfy((0...16).contains) })
    // The number of each digit, as scikit-learn's documentation of load_digits has it (about 180 of each class).
    let counts = rows.reduce(into: [Int](repeating: 0, count: 10)) { $0[$1[64]] += 1 }
    #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
  }

  @Test("name three mirrors and a whole hash for each file of MNIST")
  func mnist() {
    #expect(Set(MNISTFiles.all.map(\.name)).count == 4)
    for file in MNISTFiles.all {
      #expect(file.mirrors.count == 3)
      #expect(file.mirrors.allSatisfy { $0.hasSuffix(file.name) && URL(string: $0) != nil })
      for hash in [file.published.sha256, file.contents?.sha256 ?? ""] {
        #expect(hash.count == 64 && hash.allSatisfy(\.isHexDigit))
      }
    }
  }

  static let mnistFolder = DataCache.default.folder(for: "mnist").path(percentEncoded: false)

  @Test(
    "accept the MNIST files in the data cache",
    .enabled(
      if: MNISTFiles.all.allSatisfy { FileManager.default.fileExists(atPath: mnistFolder + $0.name) },
      "no MNIST in \(mnistFolder)"))
  func mnistInCache() async throws {
    // No mirror is asked, so this fails rather than download.
    for file in MNISTFiles.all {
      let known = RemoteFile(name: file.name, mirrors: [], published: file.published, contents: file.contents)
      _ = try await DataCache.default.fetch([known], for: "mnist")
    }
  }
}
