import Tables
import TensorCore

extension TabularData {
  /// The rows as a data set: an input is a row's numbers and then its categories' indices (``Tables/TabularInputs/packed``), float32
  /// [numbers + categories].
  ///
  /// ```swift
  /// let table = try Table.read(csv: "age,sex,income\n39,f,low\n20,m,high\n").table
  /// let preparation = try TablePreparation(PreparationPlan(target: "income"), fitting: table)
  /// let set = try preparation.data(of: table).dataset
  /// set.count  // → 2
  /// set.all().inputs.shape  // → [2, 2]
  /// set.classes  // → [1, 0]
  /// ```
  public var dataset: TensorDataset { TensorDataset(inputs: inputs.packed, targets: targets) }
}
