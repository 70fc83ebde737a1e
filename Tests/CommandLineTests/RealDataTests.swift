import Foundation
import Testing

@Suite("glassbox train on real data", .serialized)
struct RealDataTests {
  private static let data = ProcessInfo.processInfo.environment["GLASSBOX_DATA"] ?? ""
  private static let pictures = data + "/cifar10-jpeg/cifar10-jpeg.zip"
  private static let adult = data + "/adult/adult.data"
  private static let plays = data + "/tinyshakespeare/input.txt"
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

  // Wang and Manning (2012) have 91.2 % by the same means.
  @Test(
    "IMDB: at least 90 % right by pairs of words",
    .enabled(if: FileManager.default.fileExists(atPath: data + "/imdb/aclImdb_v1.tar.gz"), "no IMDB in \(data)"))
  func reviews() throws {
    let outcome = try Tool.run(
      ["train", "sentiment", "--output", "run"], in: folder.url, environment: ["GLASSBOX_DATA": Self.data])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let run = RunFolder(url: folder.file("run"))
    print("IMDB: accuracy \(try run.figure("accuracy"))")
    #expect(try run.figure("accuracy") >= 0.9)
    let predicted = try Tool.run(
      ["predict", "run", "--text", "What a film! I loved every minute.", "--text", "A waste of time, awful."],
      in: folder.url)
    let lines = predicted.output.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].contains("  pos  ") && lines[1].contains("  neg  "))
  }

  // By the letters' frequencies alone it is 3.3.
  @Test(
    "tiny Shakespeare: a very small GPT has a loss below 2.8 after an epoch",
    .enabled(if: FileManager.default.fileExists(atPath: plays), "no plays in \(plays)"))
  func shakespeare() throws {
    let options = ["--blocks", "1", "--width", "32", "--context", "32", "--batch-size", "64", "--epochs", "1"]
    let outcome = try Tool.run(
      ["train", "text", "--output", "run"] + options, in: folder.url, environment: ["GLASSBOX_DATA": Self.data])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try RunFolder(url: folder.file("run")).figure("loss") < 2.8)
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
