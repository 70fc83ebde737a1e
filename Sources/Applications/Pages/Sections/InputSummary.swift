import DataPipelines
import NotebookDisplay
import Tables

extension ResultPage {
  /// What was read, what of it was left out, and why.
  ///
  /// ```swift
  /// let reading = try Table.read(csv: "a,b\n1,2\n3\n", file: "rows.csv", format: CSVFormat(badRows: .skip))
  /// let report = ResultPage.InputReport(reading)
  /// report.findings.map(\.place)  // → ["rows.csv:3"]
  /// report.findings[0].reason  // → expected 2 fields, found 1.
  /// ```
  public struct InputReport: Sendable, Hashable {
    /// Something that was found, and where.
    public struct Finding: Sendable, Hashable {
      /// A file, a file and a line, a class or a column.
      public var place: String
      public var reason: String

      public init(_ place: String, _ reason: String) { (self.place, self.reason) = (place, reason) }
    }

    /// What was read.
    public var title: String
    /// How much of it: `rows read`, `rows left out`.
    public var counts: [Fact]
    public var findings: [Finding]

    public init(_ title: String, counts: [Fact] = [], findings: [Finding] = []) {
      (self.title, self.counts, self.findings) = (title, counts, findings)
    }
  }
}

extension ResultPage.InputReport {
  /// Of a folder of pictures.
  public init(_ report: PictureFolder.Report, title: String = "Pictures") {
    let pictures = report.classes.reduce(0) { $0 + $1.count }
    func count(_ name: String, _ number: Int) -> [ResultPage.Fact] {
      number == 0 ? [] : [ResultPage.Fact(name, Double(number).formattedInThousands)]
    }
    self.init(
      title,
      counts: [
        ResultPage.Fact("pictures", "\(Double(pictures).formattedInThousands) in \(report.classes.count) classes")
      ]
        + count("left out: not readable", report.unreadable.count)
        + count("left out: classes too small", report.smallClasses.count)
        + count("left alone: hidden files", report.hiddenFiles)
        + count("left alone: other files", report.otherFiles.count),
      findings: report.unreadable.map { Finding($0.file, "\($0.reason)".withoutPlace($0.file)) }
        + report.smallClasses.map { Finding("class \($0.name)", "\($0.count) pictures are too few; left out") }
        + report.otherFiles.map { Finding($0, "no picture of a class; left alone") })
  }

  /// Of a file of separated values.
  public init(_ reading: TableReading) {
    self.init(
      reading.file,
      counts: [
        ResultPage.Fact("rows", Double(reading.table.rowCount).formattedInThousands),
        ResultPage.Fact("left out", Double(reading.skipped.count).formattedInThousands),
      ],
      findings: reading.skipped.map { row in
        let place = "\(row.file):\(row.line)"
        return Finding(place, row.description.withoutPlace(place))
      })
  }

  /// Of what a preparation found in rows: missing values, unknown categories, rows without a usable target.
  public init(_ report: PreparationReport, title: String) {
    let unknown = report.unknown.sorted { $0.key < $1.key }.flatMap { column, levels in
      levels.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { level, count in
        Finding("column \(column)", "\"\(level)\" is unknown, \(count) times")
      }
    }
    let filled = report.filled.sorted { $0.key < $1.key }.map {
      Finding("column \($0.key)", "\(Double($0.value).formattedInThousands) missing values filled")
    }
    let skipped = report.skippedRows.map { Finding("row \($0 + 1)", "no usable target; left out") }
    func total(_ counts: some Sequence<Int>) -> String { Double(counts.reduce(0, +)).formattedInThousands }
    self.init(
      title,
      counts: [
        ResultPage.Fact("missing values filled", total(report.filled.values)),
        ResultPage.Fact("unknown categories", total(report.unknown.values.map { $0.values.reduce(0, +) })),
        ResultPage.Fact("rows without a usable target", total([report.skippedRows.count])),
      ], findings: unknown + filled + skipped)
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
  static func inputs(_ reports: [ResultPage.InputReport]) -> Self? {
    reports.isEmpty ? nil : Self("What was read", reports.flatMap(\.blocks))
  }
}

extension String {
  /// A message that begins with the place it is about, without that.
  fileprivate func withoutPlace(_ place: String) -> String {
    hasPrefix(place + ": ") ? String(dropFirst(place.count + 2)) : self
  }
}
