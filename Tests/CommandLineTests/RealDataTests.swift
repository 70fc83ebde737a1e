import Foundation
import Testing

@Suite("glassbox train on real data", .serialized)
struct RealDataTests {
  private static let data = ProcessInfo.processInfo.environment["GLASSBOX_DATA"] ?? ""
  private static let pictures = data + "/cifar10-jpeg/cifar10-jpeg.zip"
  private static let adult = data + "/adult/adult.data"
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // The published figures are about 85.5 % and 0.91.
  @Test(
    "Adult: at least 85.5 % right, and an area under the curve of at least 0.91",
    .enabled(if: FileManager.default.fileExists(atPath: adult), "no Adult in \(adult)"))
  func census() throws {
    let outcome = try Tool.run(
      ["train", "table", Self.adult, "--target", "income", "--output", "run"], in: folder.url)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let run = RunFolder(url: folder.file("run"))
    print("Adult: accuracy \(try run.figure("accuracy")), area \(try run.figure("ROC AUC"))")
    #expect(try run.figure("accuracy") >= 0.855 && run.figure("ROC AUC") >= 0.91)
  }

  @Test(
    "CIFAR-10 as JPEG files: an epoch of a twentieth is well above chance",
    .enabled(if: FileManager.default.fileExists(atPath: pictures), "no pictures in \(pictures)"))
  func cifar() throws {
    let outcome = try Tool.run(
      [
        "train", "images", Self.pictures, "--labels", "0.05", "--epochs", "2", "--learning-rate", "0.1", "--batch-size",
        "32", "--model", "lenet", "--output", "run",
      ], in: folder.url)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try RunFolder(url: folder.file("run")).figure("accuracy") > 0.2)
  }
}
