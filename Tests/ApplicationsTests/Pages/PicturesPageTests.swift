import Applications
import DataPipelines
import EvaluationMetrics
import Foundation
import Learning
import Models
import NeuralNetworks
import TensorCore
import TensorIO
import Testing

@Suite("A page of pictures")
struct PicturesPageTests {
  @Test("says of a learner what measuring it says, and shows its mistakes, the worst first")
  func learner() throws {
    let digits = try UCIDigits.load()
    let model = LeNet(pictureSize: 8, classes: 10, using: RandomGenerator(seed: 1))
    let preparation: [any BatchTransform] = [Normalize(mean: [0.3], standardDeviation: [0.38])]
    let data = DataLoaders(digits.train, validation: digits.test, batchSize: 64, seed: 1, preparation: preparation)
    let learner = Learner(model, data, metrics: [Accuracy()])
    try learner.fitOneCycle(epochs: 1, learningRate: 0.01)
    let page = try ResultPage.pictures(
      of: learner, on: digits.test, classNames: digits.classNames, preparation: preparation,
      gradCAM: model.chain.first { $0 is Conv2d }, title: "Digits", facts: [ResultPage.Fact("seed", "1")],
      aims: ["accuracy": 0.5], mistakes: 7, label: { "digit-\($0).png" }, notes: ["Resumed after epoch 0."])

    let values = try #require(learner.history.last?.validation)
    #expect(page.figures.first { $0.name == "accuracy" }?.value == values["accuracy"])
    let loss = page.figures.first { $0.name == "loss" }?.value ?? .nan
    #expect(abs(loss - (values["loss"] ?? .nan)) < 1e-5)
    #expect(page.facts.contains(ResultPage.Fact("seed", "1")))
    #expect(page.facts.contains { $0.name == "model" && $0.value.contains("LeNet") })

    let parsed = try ParsedPage(page)
    #expect(try parsed.texts("//h2") == ["Notes", "Training", "Classes", "Wrong answers", "Probabilities"])
    // The matrix: what is on its diagonal was right.
    let cells = try parsed.texts("//table[@class='confusion']/tbody/tr/td").map { Int($0) ?? 0 }
    #expect(cells.count == 100)
    #expect(cells.reduce(0, +) == 360)
    #expect(Double((0..<10).reduce(0) { $0 + cells[$1 * 11] }) / 360 == values["accuracy"])
    // A picture and its heat for each; the first is the sample with the highest loss of those that are wrong.
    let pictures = try parsed.pictures().map { try PictureFile.decode($0) }
    #expect(pictures.count == 14)
    let prepared = digits.test.all().transformed(by: preparation, seed: 0)
    let set = TensorDataset(inputs: prepared.inputs, targets: prepared.targets)
    let worst = try #require(topLosses(model, on: set, count: 360).first { $0.target != $0.prediction })
    let pixels = (digits.test[worst.index].input * 255 + 0.5).cast(to: .uint8)
    #expect(pictures[0][0].scalars(as: Int.self) == pixels.scalars(as: Int.self))
    #expect(try parsed.texts("//div[@class='pictures']//b").first == "is \(worst.target)")
    let detail = try parsed.texts("//div[@class='pictures']//span").first ?? ""
    #expect(detail.hasPrefix("predicted \(worst.prediction), ") && detail.hasSuffix(" %, digit-\(worst.index).png"))
  }

  @Test("escapes the names of classes and files, and lists what was left out")
  func hostile() throws {
    var matrix = ConfusionMatrix(classes: 4)
    try matrix.add(predictions: Tensor([0, 1, 1, 2]), targets: Tensor([0, 1, 0, 3]))
    let name = "<img src=x onerror=alert(1)>"
    let report = ResultPage.InputSummary(
      "Pictures", counts: [ResultPage.Fact("left out", "1")],
      findings: [.init("/data/\(name)/a&b.jpg", "expected <JPEG>")])
    let page = try ParsedPage(
      ResultPage.pictures(
        title: name, confusion: matrix, classNames: [name, "b", "c", "d"],
        mistakes: [ResultPage.Picture(Tensor.zeros([3, 4, 4]), "is \(name)")], input: [report]))
    #expect(try page.elements("//img").count == 1)
    #expect(try page.texts("//div[@class='pictures']//b") == ["is \(name)"])
    let cells = try page.texts("//table[@class='grid']//td")
    #expect(cells.contains(name))
    #expect(cells.contains("/data/\(name)/a&b.jpg"))
    #expect(cells.contains("expected <JPEG>"))
  }

  @Test("tells of a folder which pictures and classes were left out")
  func folder() throws {
    let folder = try TemporaryFolder()
    for (name, count) in [("cat", 2), ("dog", 2), ("owl", 1)] {
      let place = folder.file(name)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for index in 0..<count {
        try FileManager.default.copyItem(
          at: picture("grey.png"), to: place.appending(path: "\(index).png"))
      }
    }
    try Data("no picture".utf8).write(to: folder.file("cat/broken.jpg"))
    let pictures = try PictureFolder(folder.url, smallClasses: .skip, unreadable: .skip)
    let report = ResultPage.InputSummary(pictures.report)
    #expect(report.counts.first == ResultPage.Fact("pictures", "4 in 2 classes"))
    #expect(report.findings.map(\.place) == [folder.file("cat/broken.jpg").path, "class owl"])
    #expect(report.findings[0].reason.hasPrefix("expected"))
  }
}
