import Learning
import Tables
import TensorCore

/// How much worse a predictor does where a column's values are shuffled among the rows: the fall of the share of right classes, or of R².
func columnImportances(_ predictor: any RowPredictor, on rows: Table, repeats: Int = 3) throws -> [ColumnImportance] {
  let whole = try quality(predictor, rows)
  let generator = RandomGenerator(seed: 0)
  return try rows.columns.filter { predictor.inputKinds[$0.name] != nil }.map { column in
    let falls = try (0..<repeats).map { _ in
      let order = Tensor.permutation(rows.rowCount, using: generator).scalars(as: Int.self)
      let shuffled = Table([column]).rows(at: order)[column.name]
      return whole - (try quality(predictor, rows.setting(shuffled)))
    }
    return ColumnImportance(columns: [column.name], worsenings: falls)
  }
}

private func quality(_ predictor: any RowPredictor, _ rows: Table) throws -> Double {
  let truth = rows[predictor.targetColumn]
  let predicted = try predictor.predict(rows).table[predictor.targetColumn]
  if predicted.kind != .number {
    return Double(zip(predicted.texts, truth.texts).count { $0 == $1 }) / Double(max(1, rows.rowCount))
  }
  let mean = truth.numbers.reduce(0, +) / Double(max(1, rows.rowCount))
  let errors = zip(predicted.numbers, truth.numbers).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  let spread = truth.numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return spread > 0 ? 1 - errors / spread : 0
}
