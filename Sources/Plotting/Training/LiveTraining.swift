import NotebookDisplay
import TensorCore

/// A training as it goes on: in a notebook a bar and curves that grow where they stand, elsewhere a line an epoch.
///
/// Tell it of every step with ``step(_:)``, and with ``record(_:)`` of what is measured now and then. The last word of a number's name
/// says in which chart it is drawn, what stands before it which curve it is: `training loss` and `test loss` are two curves of
/// one chart. Each number keeps a few hundred points, means of neighbours where there are more.
///
/// ```swift
/// func train(on loader: DataLoader<Never>, epochs: Int, update: (Batch) -> Double, test: () -> Double) {
///   let live = LiveTraining(epochs: epochs, batches: loader.batchCount)
///   for epoch in 0..<epochs {
///     for batch in loader.epoch(epoch) { live.step(["training loss": update(batch)]) }
///     live.record(["test accuracy": test()])
///   }
/// }
/// ```
///
/// A notebook is shown at most five states a second, and the last one. Where a loop may end before its last step, call ``finish()``.
public final class LiveTraining {
  private let title: String?
  /// Steps in an epoch; nil where there are no epochs.
  private let batches: Int?
  private let steps: Int
  private let now: () -> Double
  private let isRich = Displays.sink.isRich
  private let started: Double

  /// The steps done.
  public private(set) var step = 0
  /// The steps done before the clock started.
  private var first = 0
  private var names: [String] = []
  private var curves: [String: Curve] = [:]
  /// Sums and counts of what steps have told since the epoch's beginning.
  private var sums: [String: (sum: Double, count: Int)] = [:]

  private var lastShown = -Double.infinity
  private var isBehind = false
  private var places: (bar: DisplayPlace, chart: DisplayPlace?)?
  /// What a terminal is told of an epoch waits for what is measured at its end.
  private var isLineDue = false
  private var waitsForMeasurements = true

  /// For `epochs` epochs of `batches` steps. Stops unless both are positive.
  public convenience init(_ title: String? = nil, epochs: Int, batches: Int) {
    if epochs < 1 || batches < 1 {
      stop("LiveTraining", "\(epochs) epochs of \(batches) batches", fix: "use one or more of each")
    }
    self.init(title, steps: epochs * batches, batches: batches, now: secondsNow)
  }

  /// For so many steps. Stops unless there are any.
  ///
  /// ```swift
  /// let live = LiveTraining("CartPole", steps: 2)
  /// live.step(["return": 12])
  /// live.step(["return": 15])
  /// live.step  // → 2
  /// ```
  public convenience init(_ title: String? = nil, steps: Int) {
    if steps < 1 { stop("LiveTraining", "\(steps) steps", fix: "use one or more") }
    self.init(title, steps: steps, batches: nil, now: secondsNow)
  }

  /// With a clock of seconds.
  package init(_ title: String?, steps: Int, batches: Int?, now: @escaping () -> Double) {
    (self.title, self.steps, self.batches, self.now) = (title, steps, batches, now)
    started = now()
  }

  deinit { finish() }

  /// One step more, and what it has shown: `["training loss": loss.item()]`.
  public func step(_ numbers: KeyValuePairs<String, Double> = [:]) {
    if isLineDue {
      waitsForMeasurements = false
      printLine()
    }
    if step % lineInterval == 0 { sums = [:] }
    step += 1
    for (name, value) in numbers {
      add(name, value)
      let before = sums[name] ?? (0, 0)
      sums[name] = (before.sum + value, before.count + 1)
    }
    if step % lineInterval == 0 || step == steps {
      isLineDue = true
      if batches == nil || !waitsForMeasurements { printLine() }
    }
    show(atOnce: step >= steps)
  }

  /// What was measured after the last step, such as the accuracy on the test data.
  public func record(_ numbers: KeyValuePairs<String, Double>) { record(numbers.map { ($0.key, $0.value) }) }

  func record(_ numbers: [(name: String, value: Double)]) {
    for (name, value) in numbers { add(name, value) }
    printLine()
    show(atOnce: step >= steps)
  }

  /// Shows what has not been shown yet.
  public func finish() {
    if isLineDue { printLine() }
    if isBehind { show(atOnce: true) }
  }

  /// Begins after steps that were done before.
  func skip(to step: Int) { (self.step, first) = (step, step) }

  private func add(_ name: String, _ value: Double) {
    if curves[name] == nil { names.append(name) }
    curves[name, default: Curve()].add(x: Double(step) / Double(batches ?? 1), y: value)
  }

  /// In a terminal, an epoch, or a tenth of the steps.
  private var lineInterval: Int { batches ?? max(1, (steps + 9) / 10) }

  private func printLine() {
    isLineDue = false
    if !isRich { display(MimeBundle(text: status.joined(separator: "  "))) }
  }

  private func show(atOnce: Bool) {
    guard isRich else { return }
    isBehind = !atOnce && now() - lastShown < 0.2
    if isBehind { return }
    lastShown = now()
    let text = status.joined(separator: "  ")
    let bar = MimeBundle(text: text, ["text/html": .text(barHTML)])
    let chart = chart
    if let places {
      places.bar.update(bar)
      if let chart, let place = places.chart { place.update(chart) }
    } else {
      places = (DisplayPlace(showing: bar), nil)
    }
    if let chart, places?.chart == nil { places?.chart = DisplayPlace(showing: chart) }
  }
}

// MARK: - What is shown

extension LiveTraining {
  /// Where the training is, what the numbers are, and how long the rest takes.
  var status: [String] {
    var fields: [String] = []
    if let batches {
      let epoch = step == 0 ? 1 : (step - 1) / batches + 1
      fields.append("epoch \(epoch)/\(steps / batches)")
    } else {
      fields.append("step \(step)/\(steps)")
    }
    fields += names.map { name in
      let mean = sums[name].map { $0.sum / Double($0.count) }
      return "\(name) \(text(of: mean ?? curves[name]?.last ?? .nan))"
    }
    let elapsed = now() - started
    if step >= steps {
      fields.append("\(elapsed.formatted(decimals: 1)) s")
    } else if step > first, elapsed > 0.5 {
      fields.append("\((elapsed / Double(step - first) * Double(steps - step)).formattedAsTime) left")
    }
    return fields
  }

  private func text(of number: Double) -> String {
    let size = number.magnitude
    return size != 0 && (size < 0.001 || size >= 100_000) ? "\(Float(number))" : number.formatted(decimals: 4)
  }

  /// Grey and blue stand out from light and dark paper; the text has the page's colour.
  private var barHTML: String {
    let share = min(1, Double(step) / Double(steps))
    let percent = (100 * share).formatted(decimals: 1)
    var fields = status
    if let batches, step < steps { fields.insert("batch \((step - 1) % batches + 1)/\(batches)", at: 1) }
    let heading = title.map { "<div><b>\($0.escapedForHTML)</b></div>" } ?? ""
    return "\(heading)<div role=\"progressbar\" aria-valuenow=\"\(percent)\" "
      + "style=\"max-width: 40em; height: 0.6em; margin: 0.4em 0; border-radius: 0.3em; background: rgba(128, 128, 128, 0.3)\">"
      + "<div style=\"width: \(percent)%; height: 100%; border-radius: 0.3em; background: #0072B2\"></div></div>"
      + "<div>\(fields.map(\.escapedForHTML).joined(separator: " · "))</div>"
  }

  /// Loss beside accuracy, and whatever else there is; nil before the first number.
  var chart: Chart? {
    var panels: [(title: String, lines: [Chart])] = []
    for name in names {
      guard let (x, y) = curves[name]?.line else { continue }
      let words = name.split(separator: " ")
      let panel = words.last.map(String.init) ?? name
      let series = words.count > 1 ? words.dropLast().joined(separator: " ") : name
      let line = Chart.line(x: x, y: y, name: series, hasPoints: x.count < 20)
      if let index = panels.firstIndex(where: { $0.title == panel }) {
        panels[index].lines.append(line)
      } else {
        panels.append((panel, [line]))
      }
    }
    let charts = panels.map { panel in
      Chart.layered(panel.lines).x(batches == nil ? "step" : "epoch").y(panel.title).sized(width: 320, height: 200)
    }
    if charts.isEmpty { return nil }
    return charts.count == 1 ? charts[0] : .beside(charts, columns: min(charts.count, 2))
  }
}

private let clock = ContinuousClock()
private let origin = clock.now

/// Seconds on a clock that never goes back.
private func secondsNow() -> Double { origin.duration(to: clock.now) / .seconds(1) }
