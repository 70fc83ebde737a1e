import Learning

extension RateFinding {
  /// The smoothed loss over the learning rate, with the rates that it suggests.
  ///
  /// ```swift
  /// let finding = RateFinding(rates: [1e-4, 1e-3, 1e-2, 1e-1, 1], losses: [2.3, 2.2, 1.4, 0.9, 3.0])
  /// finding.valley == 0.001  // → true
  /// ```
  public var chart: Chart {
    var parts = [Chart.line(x: rates, y: losses)]
    if let valley { parts.append(.rule(x: valley, "valley")) }
    if let steepest, steepest != valley { parts.append(.rule(x: steepest, "steepest")) }
    return Chart.layered(parts).x("learning rate", scale: .logarithmic).y("loss, smoothed")
  }
}

extension Recorder {
  /// The loss and the learning rate of every step, side by side.
  public var chart: Chart {
    .beside([
      Chart.line(y: losses).x("step").y("loss of the batch"),
      Chart.line(y: learningRates).x("step").y("learning rate"),
    ])
  }
}

extension Learner {
  /// The training's and the validation's loss, and each metric, over the epochs.
  public var curves: Chart {
    let epochs = history.map(\.epoch)
    let hasPoints = epochs.count < 20
    let validation = history.map { $0.validation["loss"] ?? .nan }
    var lines = [Chart.line(x: epochs, y: history.map(\.trainingLoss), name: "training", hasPoints: hasPoints)]
    if validation.contains(where: { !$0.isNaN }) {
      lines.append(.line(x: epochs, y: validation, name: "validation", hasPoints: hasPoints))
    }
    let metrics = metrics.map { metric in
      Chart.line(x: epochs, y: history.map { $0.validation[metric.name] ?? .nan }, hasPoints: hasPoints)
        .x("epoch").y(metric.name)
    }
    let charts = [Chart.layered(lines).x("epoch").y("loss")] + metrics
    return charts.count == 1 ? charts[0] : .beside(charts, columns: min(charts.count, 2))
  }
}
