import DataPipelines
import EvaluationMetrics
import Learning
import NeuralNetworks
import TensorCore
import Testing

@Suite("The importance of a column")
struct PermutationImportanceTests {
  private let names = ["a", "b", "c", "d"]

  /// The model and the rows that scikit-learn had.
  private func example() throws -> (model: Linear, data: TensorDataset) {
    func golden(_ name: String) throws -> Tensor { try InterpretationGoldens.tensor("importance.\(name)") }
    let model = Linear(4, 1)
    model.cast(to: .float64)
    model.weight.value = try golden("weights").reshaped([1, 4])
    model.bias?.value = Tensor.zeros([1], dtype: .float64)
    return (model, TensorDataset(inputs: try golden("x"), targets: try golden("y")))
  }

  @Test("has scikit-learn's mean and deviation, for scores and for errors")
  func goldenValues() throws {
    let (model, data) = try example()
    let repeats = 1000
    for metric in [R2Score(), MeanSquaredError()] as [any Metric<Double>] {
      let found = try permutationImportance(model, on: data, by: metric, names: names, repeats: repeats)
      let golden = "importance.\(metric.name)"
      let means = try InterpretationGoldens.tensor("\(golden).means").scalars(as: Double.self)
      let deviations = try InterpretationGoldens.tensor("\(golden).deviations").scalars(as: Double.self)
      #expect(found.map(\.name) == names)
      for (column, (mean, deviation)) in zip(found, zip(means, deviations)) {
        #expect(
          abs(column.mean - mean) <= 4 * deviation / Double(repeats).squareRoot(), "\(metric.name) \(column.name)")
        #expect(abs(column.standardDeviation - deviation) <= 0.1 * deviation, "\(metric.name) \(column.name)")
      }
      #expect(found[2].worsenings == [Double](repeating: 0, count: repeats), "a column that does not count")
      #expect(found[0].mean > found[1].mean && found[1].mean > found[3].mean && found[3].mean > 0)
    }
  }

  // Over all permutations, a linear model's MSE rises in the mean by 2·wᵀCw + 2·wᵀc: with the weights w of the shuffled columns, their
  // covariances C, and their covariances c with the errors y − ŷ.
  @Test("of columns that are shuffled together is the closed form of a linear model")
  func closedForm() throws {
    let (model, data) = try example()
    let centred = data.inputs - data.inputs.mean(axis: 0)
    let errors = data.targets - model(data.inputs).detached()
    let n = Double(data.count)
    let (covariances, withErrors) = (centred.transposed().matmul(centred) / n, centred.transposed().matmul(errors) / n)
    let groups = [["a", "b"], ["d"], ["b", "c", "d"]]
    let found = try permutationImportance(
      model, on: data, by: MeanSquaredError(), names: names, groups: groups, repeats: 2000, seed: 3)
    #expect(found.map(\.name) == ["a, b", "d", "b, c, d"])
    for (group, importance) in zip(groups, found) {
      let chosen = Tensor(names.map { group.contains($0) ? 1.0 : 0.0 }, dtype: .float64)
      let w = model.weight.value.detached()[0] * chosen
      let expected = (2 * w.matmul(covariances).matmul(w) + 2 * w.matmul(withErrors)[0]).item()
      let error = importance.standardDeviation / 2000.0.squareRoot()
      #expect(abs(importance.mean - expected) < 4 * error, "\(importance.name): \(importance.mean), \(expected)")
    }
  }

  @Test(
    "of two rows is that of the exchange or nothing, and the same again with the same seed, whatever the batches are")
  func twoRows() throws {
    let model = Linear(2, 1)
    model.weight.value = Tensor([[1.0, 10.0]])
    model.bias?.value = Tensor([0.0])
    let data = TensorDataset(inputs: Tensor([[1.0, 0.0], [2.0, 0.5]]), targets: Tensor([[1.0], [7.0]]))
    func worsenings(seed: UInt64, batchSize: Int = 250) throws -> [[Double]] {
      try permutationImportance(
        model, on: data.mappingInputs { $0 }, by: MeanAbsoluteError(), repeats: 12, seed: seed, batchSize: batchSize
      ).map(\.worsenings)
    }
    let first = try worsenings(seed: 1)
    #expect(Set(first[0]) == [0, 1] && Set(first[1]) == [0, 5])
    #expect(first[0] == first[1].map { $0 / 5 }, "a shuffle is the same for every column")
    #expect(try worsenings(seed: 1, batchSize: 1) == first)
    #expect(try worsenings(seed: 2) != first)
  }

  @Test("stops for a column that is none")
  func strange() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let data = TensorDataset(inputs: Tensor.zeros([3, 2]), targets: Tensor.zeros([3, 2]))
      _ = try permutationImportance(
        Flatten(), on: data, by: R2Score(), names: ["age", "rooms"], groups: [["age", "room"]])
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("permutationImportance: room is no column"), "\(message)")
    #expect(message.contains("age, rooms"), "\(message)")
  }
}
