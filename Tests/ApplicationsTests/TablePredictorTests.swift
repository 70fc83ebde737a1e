import Applications
import DataPipelines
import Foundation
import Models
import NeuralNetworks
import NotebookDisplay
import Optimizers
import Tables
import TensorCore
import TensorIO
import Testing

@Suite("A predictor for tables")
struct TablePredictorTests {
  private let folder: TemporaryFolder
  private var file: URL { folder.file("model.safetensors") }

  init() throws { folder = try TemporaryFolder() }

  /// 60 rows in which the price follows the size and the town; a size, a town and a day are missing.
  private var table: Table {
    get throws {
      let rows = (0..<60).map { row -> String in
        let (size, town) = (20 + row * 37 % 80, ["Bern", "Chur", "007"][row % 3])
        let price = size * 10 + row % 3 * 100
        let day = "2024-0\(1 + row % 9)-15"
        return
          "\(row == 4 ? "" : "\(size)"),\(row == 5 ? "" : town),\(row == 6 ? "" : day),\(price > 700 ? "dear" : "cheap"),\(price)"
      }
      let csv = "size,town,day,verdict,price\n" + rows.joined(separator: "\n") + "\n"
      return try Table.read(csv: csv, kinds: ["town": .category]).table
    }
  }

  private func trained(target: String, ignoring other: String) throws -> TablePredictor {
    var plan = PreparationPlan(target: target)
    plan.ignored = [other]
    plan.scalings["size"] = .quantiles
    plan.targetScaling = .standard
    let preparation = try TablePreparation(plan, fitting: try table)
    let outputs = max(1, preparation.classNames.count)
    let model = TabularNetwork(
      numbers: preparation.numberNames.count, categories: preparation.categorySizes, outputs: outputs, hidden: [8],
      dropout: 0.1, using: RandomGenerator(seed: 1))
    let data = try preparation.data(of: try table).dataset
    let optimizer = Adam(model.parameters, learningRate: 0.05)
    for _ in 0..<20 {
      let batch = data.all()
      optimizer.zeroGradients()
      let (y, target) = (model(batch.inputs), batch.targets)
      let loss = preparation.classNames.isEmpty ? mseLoss(y, target) : crossEntropy(y, target)
      loss.backward()
      optimizer.step()
    }
    return TablePredictor(model, preparation: preparation, details: ["rows": "60"])
  }

  @Test(
    "reads rows with a header or without, with the target or without, in quotes, and behind a row that can't be read")
  func files() throws {
    var predictor = try trained(target: "verdict", ignoring: "price")
    predictor.details["columns"] = "size,town,day,verdict,price"
    for (name, text, count) in [
      ("header.csv", "town,size,day\nBern,30,2024-01-15\n", 1),
      ("all.csv", "30,\"Bern\",2024-01-15,dear,9\n40,Chur,2024-02-15,cheap,5\n", 2),
      ("without.tsv", "30\t\"007\"\t2024-01-15\t9\n", 1),
      ("bad.csv", "\"30\"x,Bern,2024-01-15,dear,9\n40,\"Chur\",2024-02-15,cheap,5\n", 1),
    ] {
      try Data(text.utf8).write(to: folder.file(name))
      let reading = try predictor.rows(of: folder.file(name))
      #expect(reading.table.rowCount == count, "\(name)")
      #expect(["Bern", "007", "Chur"].contains(reading.table["town"].text(at: 0) ?? ""), "\(name)")
      #expect(try predictor.predict(reading.table).table.rowCount == count, "\(name)")
    }
  }

  private func same(_ a: Table, _ b: Table) -> Bool {
    a.names == b.names && a.columns.allSatisfy { $0.texts == b[$0.name].texts }
  }

  @Test("gives classes with their probabilities, the same to the bit after saving and loading")
  func classes() throws {
    let predictor = try trained(target: "verdict", ignoring: "price")
    let before = try predictor.predict(try table)
    try predictor.save(to: file)
    let loaded = try TablePredictor(contentsOf: file)
    let after = try loaded.predict(try table)
    #expect(same(after.table, before.table) && after.report == before.report)
    #expect(loaded.details == ["rows": "60"] && loaded.preparation == predictor.preparation)
    #expect(before.table.names == ["verdict", "P(verdict = cheap)", "P(verdict = dear)"])
    let right = zip(before.table["verdict"].texts, try table["verdict"].texts).count { $0 == $1 }
    #expect(right > 50)
    let (cheap, dear) = (before.table.columns[1].numbers, before.table.columns[2].numbers)
    for row in 0..<60 {
      #expect(abs(cheap[row] + dear[row] - 1) < 1e-12)
      #expect((before.table["verdict"].texts[row] == "dear") == (dear[row] > cheap[row]))
    }
    #expect(before.report.filled == ["size": 1, "town": 1, "day": 1])
  }

  @Test("gives numbers on the target's scale")
  func numbers() throws {
    let predictor = try trained(target: "price", ignoring: "verdict")
    let before = try predictor.predict(try table)
    try predictor.save(to: file)
    #expect(same(try TablePredictor(contentsOf: file).predict(try table).table, before.table))
    #expect(before.table.names == ["price"])
    let prices = try table["price"].numbers
    let mean = prices.reduce(0, +) / 60
    let errors = zip(before.table["price"].numbers, prices).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    #expect(errors < 0.5 * prices.reduce(0) { $0 + ($1 - mean) * ($1 - mean) })
    #expect(try ModelFile(contentsOf: file).task == .tableRegression)
  }

  @Test("predicts the rows of a file, without the target, in other columns' company, and counts what is unknown")
  func csv() throws {
    let predictor = try trained(target: "verdict", ignoring: "price")
    let csv = folder.file("new.csv")
    try Data("day,note,town,size\n2024-03-15,x,Rome,50\n2024-03-15,y,007,50\n2024-03-15,z,Rome,\n".utf8).write(to: csv)
    let predictions = try predictor.predict(csv: csv)
    #expect(predictions.table.rowCount == 3)
    #expect(predictions.report.unknown == ["town": ["Rome": 2]] && predictions.report.filled == ["size": 1])
    #expect(predictions.description.hasSuffix("town: 2 unknown (\"Rome\")"))
    guard case .text(let html)? = MimeBundle(showing: predictions)["text/html"] else {
      Issue.record("no HTML")
      return
    }
    #expect(html.contains("<table>") && html.contains("2 unknown"))
    let none = try predictor.predict(try table.first(0))
    #expect(none.table.rowCount == 0 && none.table.columns.count == 3)
  }

  @Test("names every column that is missing")
  func missing() throws {
    let predictor = try trained(target: "verdict", ignoring: "price")
    let error = #expect(throws: TableError.self) { try predictor.predict(try table.selecting(["size", "price"])) }
    #expect(error == .missingColumns(["day", "town"], present: ["size", "price"]))
    #expect("\(try #require(error))" == "There are no columns \"day\", \"town\"; there are \"size\", \"price\".")
    let csv = folder.file("new.csv")
    try Data("town,size\nBern,5\n".utf8).write(to: csv)
    #expect(throws: TableError.missingColumn("day", present: ["town", "size"])) { try predictor.predict(csv: csv) }
    try Data("town,size,day\nBern,large,2024-03-15\n".utf8).write(to: csv)
    let bad = #expect(throws: TableError.self) { try predictor.predict(csv: csv) }
    #expect("\(try #require(bad))".contains("expected a number in the column \"size\", found \"large\""))
  }

  @Test("refuses a network for other columns, and pictures")
  func otherNetwork() throws {
    let predictor = try trained(target: "verdict", ignoring: "price")
    let network = TabularNetwork(
      numbers: predictor.preparation.numberNames.count, categories: [3], outputs: 2, hidden: [8])
    try ModelFile(network, preparation: .table(predictor.preparation)).write(to: file)
    let error = try #require(throws: FileError.self) { try TablePredictor(contentsOf: file) }
    #expect("\(error)".contains("\"preparation\"") && "\(error)".contains("[3]"))
    #expect(throws: FileError.self) { try PictureClassifier(contentsOf: file) }
  }
}
