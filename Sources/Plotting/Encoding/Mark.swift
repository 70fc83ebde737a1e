import NotebookDisplay

/// One layer of a chart, as Vega-Lite has it: a table, how its rows are drawn, and which column stands for what.
struct Mark: Sendable, Hashable {
  /// Where its colour comes from.
  enum Ink: Sendable, Hashable {
    /// The palette's colour of a series: the table's column `series` names it.
    case series
    /// The next free colour of the palette, counted within the chart.
    case next(Int)
    /// The theme's, of axes and text.
    case text
    /// The encoding says it.
    case own
  }

  /// In a description: `line`, `heat map`.
  let kind: String
  /// Vega-Lite's `mark`.
  var style: JSON
  var table: Table
  /// Vega-Lite's `encoding`, less what the chart's axes and theme add to it.
  var encoding: JSON
  var ink: Ink
  /// The axis, `x` or `y`, at whose 0 it begins.
  var baseline: String? = nil

  /// The names in the column `series`, in the order of their coming.
  var series: [String] {
    guard ink == .series, let column = table.columns["series"] else { return [] }
    var seen: Set<JSON> = []
    return column.compactMap { value in
      guard case .string(let name) = value, seen.insert(value).inserted else { return nil }
      return name
    }
  }
}

extension JSON {
  /// The encoding of a column of numbers.
  static func quantity(_ field: String, _ more: JSON = [:]) -> JSON {
    let encoding: JSON = ["field": .string(field), "type": "quantitative"]
    return encoding.merging(more)
  }

  /// The encoding of a column of names, in the order of their coming.
  static func category(_ field: String, _ more: JSON = [:]) -> JSON {
    let encoding: JSON = ["field": .string(field), "type": "nominal", "sort": nil]
    return encoding.merging(more)
  }
}

/// Columns of equal length, by name.
struct Table: Sendable, Hashable {
  var columns: [String: [JSON]] = [:]
  let count: Int

  init(count: Int) { self.count = count }

  /// With a column of numbers for each list that is not nil.
  init(_ numbers: KeyValuePairs<String, [Double]?>, series: [String]? = nil) {
    count = numbers.lazy.compactMap { $0.value?.count }.first ?? 0
    for (name, values) in numbers { if let values { columns[name] = values.map { .number($0) } } }
    columns["series"] = series.map { $0.map { .string($0) } }
  }

  /// The rows at these positions.
  func rows(_ positions: [Int]) -> Table {
    var part = Table(count: positions.count)
    part.columns = columns.mapValues { column in positions.map { column[$0] } }
    return part
  }

  /// Vega-Lite's `data`: its rows as objects.
  var encoded: JSON {
    let rows = (0..<count).map { row in JSON.object(columns.mapValues { $0[row] }) }
    return ["values": .array(rows)]
  }
}
