import Applications
import EvaluationMetrics
import Foundation
import TensorCore
import TensorIO
import Testing

/// Every kind of block, with a text in every place that a text can have.
private func everything(_ text: String) throws -> ResultPage {
  var matrix = ConfusionMatrix(classes: 2)
  try matrix.add(predictions: Tensor([0, 1, 1, 0]), targets: Tensor([0, 1, 1, 1]))
  let picture = Tensor([[[0, 255], [128, 7]]], dtype: .uint8)
  let blocks: [ResultPage.Block] = [
    .text(text), .grid(ResultPage.Grid([text, "n"], [[text, "1"]])),
    .plots([
      ResultPage.Plot(
        text, x: text, y: text,
        [
          ResultPage.Series(text, [(0, 1), (1, .nan), (2, 3)], note: text),
          ResultPage.Series(text, [(1, 2)], style: .points),
        ])
    ]),
    .bars([ResultPage.Bar(text, 2, spread: 0.5), ResultPage.Bar("less", -1)]),
    .confusion(ResultPage.Confusion(matrix, names: [text, "dog"])),
    .pictures([ResultPage.Picture(picture, text, text, heat: Tensor([[0.0, 1.0], [2.0, 0.0]]))]),
  ]
  return ResultPage(
    title: text, subtitle: text, figures: [ResultPage.Figure(text, 0.5, aim: 0.75)],
    facts: [ResultPage.Fact(text, text)],
    sections: [ResultPage.Section(text, blocks + [.folded(text, [.text(text)])])])
}

@Suite("A page of results")
struct ResultPageTests {
  @Test(
    "is well-formed, and shows any text as it stands",
    arguments: [
      "plain", "</td><script>alert(1)</script>", "\" onload=\"x", "a & b &amp; c", "]]> <!-- -->", "Käse 猫 🐈",
      "'single'",
    ])
  func escapes(text: String) throws {
    let page = try ParsedPage(everything(text))
    #expect(try page.texts("//h1") == [text])
    #expect(try page.texts("//dt") == [text])
    #expect(try page.texts("//dd") == [text])
    #expect(try page.texts("//h2") == [text])
    #expect(try page.texts("//table[@class='grid']/tbody//td") == [text, "1"])
    #expect(try page.texts("//figcaption/span[not(@class)]") == [text])
    #expect(try page.texts("//summary") == [text])
    #expect(try page.elements("//script").isEmpty)
    #expect(try page.attributes("onload").isEmpty)
  }

  @Test("replaces characters that no HTML may hold")
  func controls() throws {
    let page = try ParsedPage(everything("a\u{0}b\u{1B}c\u{FFFE}"))
    #expect(try page.texts("//dd") == ["a\u{FFFD}b\u{FFFD}c\u{FFFD}"])
  }

  @Test("loads nothing: no address, no script, no style from elsewhere")
  func offline() throws {
    let page = try ParsedPage(everything("text"))
    for piece in ["://", "url(", "@import", "<script", "<link", "<iframe", "javascript:", "href="] {
      #expect(!page.html.contains(piece), "\(piece)")
    }
    let sources = try page.attributes("src")
    #expect(sources.count == 2)
    #expect(sources.allSatisfy { $0.hasPrefix("data:image/png;base64,") })
  }

  @Test("holds its pictures as PNG files")
  func pictures() throws {
    let pictures = try ParsedPage(everything("text")).pictures().map { try PictureFile.decode($0) }
    #expect(pictures[0][0].scalars(as: Int.self) == [0, 255, 128, 7])
    // The heat is a picture in colours; where it is 0, the grey shows.
    #expect(pictures[1].shape == [3, 2, 2])
    let colors = pictures[1].scalars(as: Int.self)
    #expect(colors[0] == colors[4] && colors[4] == colors[8])
    #expect(colors[2] > colors[10])
  }

  @Test("shows figures with what was aimed at")
  func figures() throws {
    let figures = [
      ResultPage.Figure("accuracy", 0.99423, as: .percent, aim: 0.994),
      ResultPage.Figure("RMSE", 0.48, aim: 0.45, greaterIsBetter: false),
      ResultPage.Figure("wrong", 12345, as: .count), ResultPage.Figure("tiny", 0.000025),
      ResultPage.Figure("lost", .nan),
    ]
    let page = try ParsedPage(ResultPage(title: "Figures", figures: figures))
    #expect(try page.texts("//div[@class='value']") == ["99.42 %", "0.4800", "12,345", "2.5e-5", "nan"])
    #expect(try page.texts("//div[@class='aim reached']") == ["✓ aimed at 99.40 % or more"])
    #expect(try page.texts("//div[@class='aim missed']") == ["✗ aimed at 0.4500 or less"])
  }

  @Test(
    "draws what is empty, alone, equal or infinite",
    arguments: [[], [(1, 1)], [(1, 0), (2, 0)], [(1, .infinity)], [(1, 1e300), (2, -1e-300)]])
  func oddPlots(points: [(x: Double, y: Double)]) throws {
    let series = [ResultPage.Series.Style.line, .points, .columns].map { ResultPage.Series("s", points, style: $0) }
    let page = try ParsedPage(
      ResultPage(title: "Odd", sections: [.init("Odd", [.plots([.init("p", x: "x", series)])])]))
    for data in try page.attributes("d") { #expect(!data.contains("nan") && !data.contains("inf")) }
  }

  @Test("is written whole or not at all")
  func writing() throws {
    let folder = try TemporaryFolder()
    let place = folder.file("results.html")
    try ResultPage(title: "first").write(to: place)
    try ResultPage(title: "second").write(to: place)
    #expect(try String(contentsOf: place, encoding: .utf8) == ResultPage(title: "second").html)
    #expect(throws: FileError.self) { try ResultPage(title: "x").write(to: folder.file("none/results.html")) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["results.html"])
  }
}
