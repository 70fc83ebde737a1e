import Foundation
import Testing

@Suite("glassbox predict", .serialized)
struct PredictTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("pictures and folders: a line each, and what can't be used is named and counted")
  func pictures() throws {
    try SmallPictures.write(folder.file("photos"), numbers: 0..<20)
    let options = ["photos", "--model", "lenet", "--epochs", "6", "--batch-size", "8", "--learning-rate", "0.05"]
    #expect(try Tool.run(["train", "images"] + options + ["--output", "run"], in: folder.url).status == 0)
    try SmallPictures.write(folder.file("new"), numbers: 90..<93)
    try FileManager.default.createDirectory(at: folder.file("empty"), withIntermediateDirectories: true)

    let all = try Tool.run(["predict", "run", "new", "photos/below/1.png"], in: folder.url)
    #expect(all.status == 0 && all.errors.isEmpty, "\(all.errors)")
    let words = all.output.split(separator: "\n").map { $0.components(separatedBy: "  ") }
    #expect(words.map { $0[0] }.first == "new/above/90.png" && words.count == 7)
    #expect(words.allSatisfy { $0.count == 3 && $0[0].contains("/\($0[1])/") && (Double($0[2]) ?? 0) > 0.5 })

    try Data("nothing".utf8).write(to: folder.file("bad.jpg"))
    let some = try Tool.run(
      ["predict", "run/model.safetensors", "bad.jpg", "empty", "absent.png", "new", "--top", "2", "--json"],
      in: folder.url)
    #expect(some.status == 1)
    let errors = some.errors.split(separator: "\n")
    #expect(errors.count == 4 && errors[3] == "glassbox: 3 inputs could not be used.")
    for name in ["bad.jpg", "empty", "absent.png"] { #expect(errors.contains { $0.contains(name) }) }
    let objects = try some.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(objects.count == 6 && (objects[0]["candidates"] as? [Any])?.count == 2)
  }

  @Test("rows that are too short are left out; a run that has not ended, and what is no run, are told")
  func rows() throws {
    let rows = (0..<60).map { "\($0),\($0 % 2 == 0 ? "even" : "odd")" }
    try Data((["number,kind"] + rows).joined(separator: "\n").utf8).write(to: folder.file("data.csv"))
    let train = ["train", "table", "data.csv", "--target", "kind", "--epochs", "1", "--output", "run"]
    #expect(try Tool.run(train, in: folder.url).status == 0)
    try Data("number,kind\n1,odd\n2\n3,odd\n".utf8).write(to: folder.file("new.csv"))
    let outcome = try Tool.run(["predict", "run", "new.csv", "--json"], in: folder.url)
    #expect(outcome.status == 1 && outcome.output.split(separator: "\n").count == 2)
    #expect(outcome.errors.contains("new.csv:3: expected 2 fields, found 1."))
    let top = try Tool.run(["predict", "run", "new.csv", "--top", "2"], in: folder.url)
    #expect(top.errorLine().contains("--top is for pictures and texts"))
    try FileManager.default.removeItem(at: folder.file("run/model.safetensors"))
    #expect(try Tool.run(["predict", "run", "new.csv"], in: folder.url).errorLine().contains("has not ended"))
    #expect(try Tool.run(["predict", "absent", "new.csv"], in: folder.url).errorLine().contains("absent"))
    #expect(try Tool.run(["predict", "run"], in: folder.url).status == 64)
  }
}
