import TensorCore

/// A number that tells the better epochs from the worse.
///
/// ```swift
/// let monitor = Monitor.highest("accuracy")
/// monitor.isBetter(0.9, than: 0.8)  // → true
/// monitor.isBetter(0.9, than: nil)  // → true
/// monitor.isBetter(.nan, than: nil)  // → false
/// Monitor.lowest("loss").isBetter(0.9, than: 0.8)  // → false
/// ```
public struct Monitor: Sendable, Hashable, Codable {
  /// `loss`, or a metric's name: a value of the validation. `training loss` is the epoch's own.
  public var name: String
  public var prefersHigher: Bool

  public static func highest(_ name: String) -> Monitor { Monitor(name: name, prefersHigher: true) }
  public static func lowest(_ name: String) -> Monitor { Monitor(name: name, prefersHigher: false) }

  /// Whether a value is better by more than `margin`; any number is better than none.
  public func isBetter(_ value: Double, than best: Double?, margin: Double = 0) -> Bool {
    if value.isNaN { return false }
    guard let best else { return true }
    return prefersHigher ? value > best + margin : value < best - margin
  }

  /// The value in an epoch's record. Stops when there is none of that name.
  func value(in record: EpochRecord) -> Double {
    if name == "training loss" { return record.trainingLoss }
    guard let value = record.validation[name] else {
      stop(
        "Monitor", "the validation gives no \(name)",
        fix: "use one of \((["training loss"] + record.validation.keys.sorted()).joined(separator: ", "))")
    }
    return value
  }
}

/// The best value so far, and the epoch, from 1, that reached it first.
public struct BestEpoch: Sendable, Hashable, Codable {
  public var value: Double
  public var epoch: Int
}

extension [EpochRecord] {
  /// The best epoch, the first of equals; nil before the first that has a number.
  ///
  /// ```swift
  /// let records = [0.9, 0.95, 0.95].enumerated().map { epoch, accuracy in
  ///   EpochRecord(
  ///     epoch: epoch + 1, step: 0, trainingLoss: 0, validation: ["accuracy": accuracy], learningRate: 0, seconds: 0,
  ///     samplesPerSecond: 0)
  /// }
  /// records.best(by: .highest("accuracy"))?.epoch == 2  // → true
  /// ```
  public func best(by monitor: Monitor, margin: Double = 0) -> BestEpoch? {
    reduce(nil) { best, record in
      let value = monitor.value(in: record)
      return monitor.isBetter(value, than: best?.value, margin: margin)
        ? BestEpoch(value: value, epoch: record.epoch) : best
    }
  }
}
