import Foundation
import Learning
import NotebookDisplay
import TensorCore

extension ResultPage.Section {
  /// Loss and metrics by epoch; nil without epochs.
  static func curves(_ history: [EpochRecord]) -> Self? {
    guard let last = history.last else { return nil }
    func series(_ name: String, _ value: (EpochRecord) -> Double) -> ResultPage.Series {
      ResultPage.Series(name, history.map { (Double($0.epoch), value($0)) }, note: value(last).short)
    }
    func plot(_ title: String, _ series: [ResultPage.Series]) -> ResultPage.Plot {
      ResultPage.Plot(title, x: "epoch", series)
    }
    let names = Set(history.flatMap(\.validation.keys))
    let validation = names.contains("loss") ? [series("validation") { $0.validation["loss"] ?? .nan }] : []
    let metrics = names.filter { $0 != "loss" }.sorted().map { name in
      plot(name, [series("validation") { $0.validation[name] ?? .nan }])
    }
    let losses = [series("training", \.trainingLoss)] + validation
    return Self("Training", [.plots([plot("Loss", losses)] + metrics)])
  }

  /// What was said along the way; nil without anything.
  static func notes(_ notes: [String]) -> Self? {
    notes.isEmpty ? nil : Self("Notes", notes.map { .text($0) })
  }
}

extension [ResultPage.Fact] {
  /// What the epochs tell: how many, how long, how fast.
  static func training(_ history: [EpochRecord]) -> [ResultPage.Fact] {
    guard let last = history.last else { return [] }
    let seconds = history.reduce(0) { $0 + $1.seconds }
    let speed = history.reduce(0) { $0 + $1.samplesPerSecond * $1.seconds } / Swift.max(seconds, 1e-9)
    return [
      ResultPage.Fact("epochs", "\(last.epoch), \(Double(last.step).formattedInThousands) steps"),
      ResultPage.Fact(
        "training time",
        "\(seconds < 100 ? "\(seconds.formatted(decimals: 1)) s" : seconds.formattedAsTime), \(speed.formattedInThousands) samples/s"
      ),
    ]
  }

  /// What a learner tells: its model, data and epochs; and the machine. Others stand between, or in the place of those of their name.
  static func learner(_ learner: Learner, measured: Int, others: [ResultPage.Fact]) -> [ResultPage.Fact] {
    let loader = learner.data.training
    let counts = [loader.exampleCount, measured].map { Double($0).formattedInThousands }
    let parameters = Double(learner.model.parameterCount).formattedInThousands
    let own = [
      ResultPage.Fact("model", "\(type(of: learner.model)), \(parameters) parameters"),
      ResultPage.Fact("data", "\(counts[0]) samples for training, \(counts[1]) for this page"),
      ResultPage.Fact("batch size", "\(loader.batchSize)"),
    ]
    let names = Set(others.map(\.name))
    let first = own.filter { !names.contains($0.name) } + others
    return first.completed(by: training(learner.history) + [.machine, .finished()])
  }

  /// With those of other names after them.
  func completed(by others: [ResultPage.Fact]) -> [ResultPage.Fact] {
    let names = Set(map(\.name))
    return self + others.filter { !names.contains($0.name) }
  }
}

extension ResultPage.Fact {
  /// `machine`: threads, instruction set, the library of matrix products.
  public static var machine: ResultPage.Fact {
    let threads = "\(Runtime.threads) thread\(Runtime.threads == 1 ? "" : "s")"
    return ResultPage.Fact("machine", "\(threads), \(Runtime.instructionSet), \(Runtime.matrixLibrary)")
  }

  /// `finished`: a moment, in UTC.
  ///
  /// ```swift
  /// ResultPage.Fact.finished(Date(timeIntervalSince1970: 0)).value  // → 1970-01-01 00:00 UTC
  /// ```
  public static func finished(_ date: Date = Date()) -> ResultPage.Fact {
    let text = date.ISO8601Format().prefix(16).map { $0 == "T" ? " " : $0 }
    return ResultPage.Fact("finished", String(text) + " UTC")
  }
}
