import Applications
import DataPipelines
import Foundation
import Learning
import TensorCore
import Testing

@Suite("A page of texts")
struct TextsPageTests {
  @Test(
    "shows the most confidently wrong texts first, the long ones shortened, with nothing that a browser takes for its own"
  )
  func mistakes() throws {
    let long = (0..<200).map { "word\($0)" }.joined(separator: "\n")
    let texts = LabelledTexts(
      [long, "<b>dull</b> &\nslow", "dull", "fine"], classes: [0, 1, 0, 1], classNames: ["neg", "pos"])
    let outputs = Tensor([[0.0, 1.0], [3.0, 0.0], [2.0, 0.0], [0.0, 1.0]])
    let page = ResultPage.texts(title: "Reviews", outputs: outputs, texts: texts, aims: ["accuracy": 0.9])
    #expect(page.figures.first { $0.name == "accuracy" }?.value == 0.5)
    #expect(page.figures.first { $0.name == "accuracy" }?.isReached == false)
    let parsed = try ParsedPage(page)
    let rows = try parsed.elements("//section[h2='Most wrong']//tbody/tr").map { row in
      try row.nodes(forXPath: "td").map { $0.stringValue ?? "" }
    }
    #expect(rows.count == 2 && rows[0] == ["<b>dull</b> & slow", "pos", "neg", "95.26 %"])
    #expect(rows[1].dropFirst() == ["neg", "pos", "73.11 %"])
    #expect(rows[1][0].hasPrefix("word0 word1 ") && rows[1][0].hasSuffix(" word199"))
    #expect(rows[1][0].contains(" … ") && rows[1][0].count < 410)
  }

  @Test("tells the words that a learner of n-grams goes by, and measures it on the texts to test on")
  func learner() throws {
    func texts(_ range: Range<Int>) -> LabelledTexts {
      LabelledTexts(
        range.map { "the \($0 % 2 == 0 ? "fine" : "dull") film \($0 % 5)" }, classes: range.map { $0 % 2 == 0 ? 1 : 0 },
        classNames: ["neg", "pos"])
    }
    var recipe = Recipe.text(.ngrams)
    (recipe.epochs, recipe.batchSize, recipe.learningRate) = (4, 8, 0.02)
    let task = try TextTask(
      TextData(train: texts(0..<80), test: texts(80..<100)), network: .ngrams, recipe: recipe)
    let learner = recipe.learner(for: task, seed: 1)
    try recipe.fit(learner)
    let page = try ResultPage.texts(of: learner, for: task, title: "Films", aims: ["accuracy": 1])
    #expect(page.figures.first { $0.name == "accuracy" }?.isReached == true)
    // Nothing is wrong, and so nothing of that is shown.
    #expect(page.sections.map(\.title) == ["Training", "Classes", "Probabilities", "What the model goes by"])
    let words = try ParsedPage(page).elements("//section[h2='What the model goes by']//table").map { table in
      try table.nodes(forXPath: ".//th").map { $0.stringValue ?? "" }
    }
    #expect(words.count == 2)
    #expect(
      words[0].prefix(3).allSatisfy { $0.contains("dull") } && words[1].prefix(3).allSatisfy { $0.contains("fine") })
  }
}
