import DataPipelines
import EvaluationMetrics
import NeuralNetworks
import TensorCore

/// How much worse a model gets without what a column of its inputs, or several together, tells.
public struct ColumnImportance: Sendable, Hashable, Codable {
  /// The columns that were shuffled together; one, unless groups were asked for.
  public let columns: [String]
  /// How much the metric worsened, each time: its fall, or its rise where a lower value is better.
  public let worsenings: [Double]

  public init(columns: [String], worsenings: [Double]) {
    self.columns = columns
    self.worsenings = worsenings
  }

  /// `age`, or `latitude, longitude`.
  public var name: String { columns.joined(separator: ", ") }
  public var mean: Double { worsenings.reduce(0, +) / Double(worsenings.count) }
  /// √mean (worsening − mean)², of the repetitions.
  public var standardDeviation: Double {
    let mean = mean
    return (worsenings.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(worsenings.count)).squareRoot()
  }
}

/// How much a metric worsens when the values of a column change places at random between the rows, so that they tell nothing any more (Breiman,
/// "Random forests", 2001, §10). It belongs to the model, not to the world: of two columns that say the same, each may seem to matter little.
/// Measure it on rows that the model was not trained on, and columns that say much the same as a group.
///
/// The inputs are rows [rows, columns], as those of `TabularData.dataset`. `names` are the columns' (0, 1, … unless given); `groups` are the
/// columns, by name, that are shuffled together, row by row (each one alone, unless given). The k-th shuffle is the same for every group, and
/// depends on `seed` and the number of rows alone. In evaluation mode, without gradients; the mode is as before afterwards. Stops for inputs of
/// another rank, other than one name for each column, a name that is none, and fewer than 1 repetition.
///
/// ```swift
/// let model = Linear(2, 1)
/// model.weight.value = Tensor([[3.0, 0.0]])
/// model.bias?.value = Tensor([0.0])
/// let set = TensorDataset(inputs: Tensor([[1.0, 5.0], [2.0, 1.0], [4.0, 2.0]]), targets: Tensor([[3.0], [6.0], [12.0]]))
/// let found = try permutationImportance(model, on: set, by: R2Score(), names: ["rooms", "age"], repeats: 20)
/// found.map(\.name)  // → ["rooms", "age"]
/// found[0].mean > 1 && found[1].mean == 0  // → true
/// ```
///
/// - Parameter metric: One without samples: for scores, the fall counts, and for errors (``Metric/greaterIsBetter`` is false) the rise.
/// - Returns: One for each group, in their order.
/// - Throws: What reading the data throws, and ``MetricError`` for an output that the metric can't count, such as NaN.
public func permutationImportance(
  _ model: any Layer, on data: some Dataset, by metric: any Metric<Double>, names: [String]? = nil,
  groups: [[String]]? = nil, repeats: Int = 5, seed: UInt64 = 0, batchSize: Int = 250
) throws -> [ColumnImportance] {
  let (op, all) = ("permutationImportance", try data.all())
  guard all.inputs.rank == 2 else {
    stop(op, "inputs are \(all.inputs.shape)", fix: "use a data set whose inputs are rows [columns]")
  }
  let names = names ?? (0..<all.inputs.shape[1]).map(String.init)
  if names.count != all.inputs.shape[1] || Set(names).count != names.count {
    stop(op, "the names \(names) of \(all.inputs.shape[1]) columns", fix: "give each column a name of its own")
  }
  if repeats < 1 { stop(op, "\(repeats) repetitions", fix: "use 1 or more") }
  let places = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
  let groups = groups ?? names.map { [$0] }
  if let strange = groups.joined().first(where: { places[$0] == nil }) {
    stop(op, "\(strange) is no column", fix: "use \(names.joined(separator: ", "))")
  }
  let positions = groups.map { $0.compactMap { places[$0] } }
  func value(of inputs: Tensor) throws -> Double {
    let set = TensorDataset(inputs: inputs, targets: all.targets)
    return try measure(model, on: set, by: [metric], batchSize: batchSize)[0].value
  }
  let (whole, generator) = (try value(of: all.inputs), RandomGenerator(seed: seed))
  var worsenings = groups.map { _ in [Double]() }
  for repetition in 0..<repeats {
    let order = Tensor.permutation(all.count, using: generator.derived(UInt64(repetition)))
    let shuffled = all.inputs.indexSelected(axis: 0, indices: order)
    for (group, columns) in positions.enumerated() {
      var inputs = all.inputs
      for column in columns { inputs[.all, column] = shuffled[.all, column] }
      let value = try value(of: inputs)
      worsenings[group].append(metric.greaterIsBetter ? whole - value : value - whole)
    }
  }
  return zip(groups, worsenings).map(ColumnImportance.init)
}
