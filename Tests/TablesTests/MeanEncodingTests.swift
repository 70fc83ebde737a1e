import Foundation
import Tables
import TensorCore
import TensorIO
import Testing

@Suite("A category as the target's mean")
struct MeanEncodingTests {
  private func golden(_ name: String) throws -> Tensor {
    try #require(TablePreparationTests.goldens.get()[name], "\(name)")
  }

  private func levels(_ part: String) throws -> [String?] {
    try golden("categories.\(part)").scalars(as: Int.self).map { $0 < 0 ? nil : "level \($0)" }
  }

  private func plan(_ target: String, smoothing: Double) -> PreparationPlan {
    var plan = PreparationPlan(target: target)
    plan.categoryEncodings["c"] = .mean(smoothing: smoothing)
    plan.scaling = .none
    return plan
  }

  @Test(
    "is scikit-learn's, of numbers and of classes, for known, missing and unknown levels",
    arguments: ["number", "two", "three"], [0, 1, 7.5])
  func goldenValues(_ kind: String, _ smoothing: Double) throws {
    let y = try golden("means.\(kind)").scalars(as: Double.self)
    let target = kind == "number" ? Column("y", numbers: y) : Column("y", categories: y.map { "class \(Int($0))" })
    let train = Table([Column("c", categories: try levels("train")), target])
    let preparation = try TablePreparation(plan("y", smoothing: smoothing), fitting: train)
    let shares = kind == "two" ? ["c mean of class 1"] : (0..<3).map { "c mean of class \($0)" }
    #expect(preparation.numberNames == (kind == "number" ? ["c mean"] : shares))
    #expect(preparation.categories.isEmpty)
    let all = Table([Column("c", categories: try levels("train") + levels("new"))])
    let made = try preparation.inputs(of: all)
    let expected = try golden("means.\(kind).\(smoothing)")
    #expect(made.numbers.shape == expected.shape && made.categories.shape == [80, 0])
    #expect((made.numbers.cast(to: .float64) - expected).abs().max().item() < 1e-6)
    #expect(made.report.unknown["c"] != nil && made.report.filled["c"] != nil)
  }

  private let table = Table([
    Column("x", numbers: [1, .nan, 3, 4, 5, 6]), Column("c", categories: ["a", "a", "b", nil, "a", "b"]),
    Column("d", categories: ["u", "v", "u", "v", "u", "v"]),
    Column("y", categories: ["no", "yes", "yes", "no", "no", "yes"]),
  ])

  @Test("stands beside other columns' indices, is scaled as numbers are, and is the same after it was saved and loaded")
  func beside() throws {
    var plan = plan("y", smoothing: 1)
    plan.scaling = .standard
    let preparation = try TablePreparation(plan, fitting: table)
    #expect(preparation.numberNames == ["x", "x is missing", "c mean of yes"])
    #expect(preparation.categoryNames == ["d"])
    let inputs = try preparation.data(of: table).inputs
    #expect(inputs.numbers.shape == [6, 3] && inputs.packed.shape == [6, 4])
    let column = inputs.numbers[.all, 2]
    #expect(abs(column.mean().item()) < 1e-6 && abs(column.square().mean().item() - 1) < 1e-6)
    let loaded = try JSONDecoder().decode(TablePreparation.self, from: JSONEncoder().encode(preparation))
    #expect(loaded == preparation && loaded.means == preparation.means)
    #expect((try loaded.inputs(of: table).packed .== inputs.packed).all().item(Bool.self))
  }

  @Test("leaves rare levels to the unknown, who have their mean, and rows without a target out of it")
  func rare() throws {
    var plan = plan("y", smoothing: 0)
    plan.minimumCount = 2
    plan.skipsUnusableTargets = true
    let train = Table([
      Column("c", categories: ["a", "a", "a", "b", "e", "e"]), Column("y", numbers: [1, 3, .nan, 10, 4, 6]),
    ])
    let preparation = try TablePreparation(plan, fitting: train)
    let new = Table([Column("c", categories: ["a", "b", "e", "z"])])
    #expect(try preparation.inputs(of: new).numbers.scalars(as: Double.self) == [2, 10, 5, 10])
    plan.minimumCount = 1
    #expect(
      try TablePreparation(plan, fitting: train).inputs(of: new).numbers.scalars(as: Float.self) == [2, 10, 5, 4.8])
  }

  @Test("leaves each row out of its own mean when it is cross-fitted, as a preparation of the others does")
  func crossFitted() throws {
    for (target, smoothing) in [("y", 0.0), ("y", 2), ("x", 1.5)] {
      var plan = plan(target, smoothing: smoothing)
      plan.categoryEncoding = .mean(smoothing: smoothing)
      plan.skipsUnusableTargets = true
      let preparation = try TablePreparation(plan, fitting: table)
      let found = try preparation.crossFittedData(of: table, folds: target == "x" ? 5 : 6)
      let plain = try preparation.data(of: table)
      #expect((found.targets .== plain.targets).all().item(Bool.self) && found.inputs.report == plain.inputs.report)
      let rows = (0..<6).filter { target == "y" || $0 != 1 }
      for (place, row) in rows.enumerated() {
        var others = plan
        others.fills["x"] = .constant(preparation.numbers.first?.fill ?? 0)
        let fitted = try TablePreparation(others, fitting: table.rows(at: rows.filter { $0 != row }))
        let expected = try fitted.inputs(of: table.rows(at: [row])).numbers[0]
        let means = [
          expected.count - fitted.means.count..<expected.count,
          found.inputs.numbers.shape[1] - fitted.means.count..<found.inputs.numbers.shape[1],
        ]
        #expect(
          (expected[means[0]] - found.inputs.numbers[place][means[1]]).abs().max().item() < 1e-6, "\(target) \(row)")
      }
    }
  }

  @Test("does not tell a row's target where every level is rare, when it is cross-fitted")
  func leakage() throws {
    let y = Tensor.normal([200], dtype: .float64, using: RandomGenerator(seed: 3)).scalars(as: Double.self)
    let train = Table([Column("c", categories: y.indices.map { "\($0)" }), Column("y", numbers: y)])
    let preparation = try TablePreparation(plan("y", smoothing: 1), fitting: train)
    func correlation(_ data: TabularData) -> Double {
      let (a, b) = (data.inputs.numbers.flattened(), data.targets.flattened())
      let (p, q) = (a - a.mean(), b - b.mean())
      return ((p * q).sum() / (p.square().sum() * q.square().sum()).sqrt()).item()
    }
    #expect(correlation(try preparation.data(of: train)) > 0.999)
    #expect(correlation(try preparation.crossFittedData(of: train)) < 0.1)
    let twice = [
      try preparation.crossFittedData(of: train, seed: 4), try preparation.crossFittedData(of: train, seed: 4),
    ]
    #expect((twice[0].inputs.numbers .== twice[1].inputs.numbers).all().item(Bool.self))
  }

  @Test("is refused without a target, and for a column that is absent")
  func refused() throws {
    var plan = plan("y", smoothing: 1)
    plan.target = nil
    let reason = "is to be encoded by a target's mean, and the plan has no target"
    #expect(throws: TableError.unusable(column: "c", reason: reason)) { try TablePreparation(plan, fitting: table) }
    #expect(throws: TableError.missingColumn("c", present: ["x"])) {
      try TablePreparation(plan, fitting: table.selecting(["x"]))
    }
  }
}
