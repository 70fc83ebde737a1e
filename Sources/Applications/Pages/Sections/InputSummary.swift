import DataPipelines
import NotebookDisplay
import Tables

extension ResultPage {
  /// What was read, what of it was left out, and why.
  ///
  /// ```swift
  /// let reading = try Table.read(csv: "a,b\n1,2\n3\n", file: "rows.csv", format: CSVFormat(badRows: .skip))
  /// let summary = ResultPage.InputSummary(reading)
  /// summary.findings.map(\.place)  // → ["rows.csv:3"]
  /// summary.findings[0].reason  // → expected 2 fields, found 1.
  /// ```
  public struct InputSummary: Sendable, Hashable {
    /// What was read.
    public var title: String
    /// How much of it: `rows read`, `rows left out`.
    public var counts: [Fact]
    public var findings: [InputFinding]

    public init(_ title: String, counts: [Fact] = [], findings: [InputFinding] = []) {
      (self.title, self.counts, self.findings) = (title, counts, findings)
    }
  }
}

extension ResultPage.InputSummary {
  /// Of all that a task has read.
  public init(_ report: InputReport, title: String = "Input") {
    self.init(
      title,
      counts: Self.count("samples to learn from", report.trainingSamples) + Self.count("to test on", report.testSamples)
        + Self.count("skipped", report.skipped.count) + Self.count("files left alone", report.filesLeftAlone)
        + Self.count("missing values filled", report.filled.values.reduce(0, +)),
      findings: report.skipped)
  }

  /// Of a folder of pictures.
  public init(_ report: PictureFolder.Report, title: String = "Pictures") {
    let pictures = report.classes.reduce(0) { $0 + $1.count }
    self.init(
      title,
      counts: [
        ResultPage.Fact("pictures", "\(Double(pictures).formattedInThousands) in \(report.classes.count) classes")
      ]
        + Self.count("left out: not readable", report.unreadable.count)
        + Self.count("left out: classes too small", report.smallClasses.count)
        + Self.count("left alone: hidden files", report.hiddenFiles)
        + Self.count("left alone: other files", report.otherFiles.count),
      findings: report.unreadable.map { InputFinding($0.reason, in: $0.file) }
        + report.smallClasses.map { InputFinding("class \($0.name)", "\($0.count) pictures are too few; left out") }
        + report.otherFiles.map { InputFinding($0, "no picture of a class; left alone") })
  }

  /// Of a file of separated values.
  public init(_ reading: TableReading) {
    self.init(
      reading.file,
      counts: [
        ResultPage.Fact("rows", Double(reading.table.rowCount).formattedInThousands),
        ResultPage.Fact("left out", Double(reading.skipped.count).formattedInThousands),
      ],
      findings: reading.skipped.map { InputFinding($0) })
  }

  /// Of what a preparation found in rows: missing values, unknown categories, rows without a usable target.
  public init(_ report: PreparationReport, title: String) {
    let unknown = report.unknown.sorted { $0.key < $1.key }.flatMap { column, levels in
      levels.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { level, count in
        InputFinding("column \(column)", "\"\(level)\" is unknown, \(count) times")
      }
    }
    let filled = report.filled.sorted { $0.key < $1.key }.map {
      InputFinding("column \($0.key)", "\(Double($0.value).formattedInThousands) missing values filled")
    }
    let skipped = report.skippedRows.map { InputFinding("row \($0 + 1)", "no usable target; left out") }
    func total(_ counts: some Sequence<Int>) -> String { Double(counts.reduce(0, +)).formattedInThousands }
    self.init(
      title,
      counts: [
        ResultPage.Fact("missing values filled", total(report.filled.values)),
        ResultPage.Fact("unknown categories", total(report.unknown.values.map { $0.values.reduce(0, +) })),
        ResultPage.Fact("rows without a usable target", total([report.skippedRows.count])),
      ], findings: unknown + filled + skipped)
  }

  /// Nothing for none.
  private static func count(_ name: String, _ number: Int) -> [ResultPage.Fact] {
    number == 0 ? [] : [ResultPage.Fact(name, Double(number).formattedInThousands)]
  }

  /// The counts, and the findings to be unfolded.
  var blocks: [ResultPage.Block] {
    let line = counts.map { "\($0.name): \($0.value)" }.joined(separator: " · ")
    var blocks: [ResultPage.Block] = [.text(line.isEmpty ? title : "\(title): \(line)")]
    if findings.isEmpty { return blocks }
    let grid = ResultPage.Grid(["where", "what"], findings.map { [$0.place, $0.reason] }, textColumns: [0, 1])
    let name = findings.count == 1 ? "1 finding" : "\(Double(findings.count).formattedInThousands) findings"
    blocks.append(findings.count <= 5 ? .grid(grid) : .folded(name, [.grid(grid)]))
    return blocks
  }
}

extension ResultPage.Section {
  /// What was left out of the data, and why; nil without reports.
  static func inputs(_ reports: [ResultPage.InputSummary]) -> Self? {
    reports.isEmpty ? nil : Self("What was read", reports.flatMap(\.blocks))
  }
}
