import Foundation
import TensorCore

/// A hyperparameter, most often the learning rate, as a function of the step t = 0, 1, …
///
/// A schedule is a value: what it gives depends on t alone, so that a resumed run needs to save nothing of it. Call it
/// with the step and set what it gives. Values are those of PyTorch's `lr_scheduler` of the same name, whose base rate
/// is `rate` here.
///
/// ```swift
/// let schedule = Schedule.warmUp(steps: 10, then: .cosine(0.1, steps: 90))
/// let optimizer = SGD(Linear(2, 1).parameters, learningRate: 0.1)
/// for t in 0..<100 {
///   optimizer.learningRate = schedule(t)
///   // … one step
/// }
/// schedule(0)  // → 0.0
/// schedule(5)  // → 0.05
/// schedule(10)  // → 0.1
/// ```
public indirect enum Schedule: Sendable, Hashable, Codable {
  /// The same at every step.
  case constant(_ rate: Double)

  /// η·γ^⌊t/n⌋: times γ after every n steps.
  case step(_ rate: Double, every: Int, factor: Double = 0.1)

  /// η·γᵏ, where k of the milestones are at most t.
  case multiStep(_ rate: Double, milestones: [Int], factor: Double = 0.1)

  /// η·γᵗ
  case exponential(_ rate: Double, factor: Double)

  /// Down along half a cosine: ηₘ + (η − ηₘ)·(1 + cos(π·t/n))/2 with n steps and the minimum ηₘ (Loshchilov & Hutter,
  /// "SGDR", 2017). After n steps it goes up again in the same way, as PyTorch's does.
  case cosine(_ rate: Double, steps: Int, minimum: Double = 0)

  /// Half cosines that start again at the top: the first takes n steps, each later one `stretch` times as many as the
  /// one before (SGDR).
  case cosineWithRestarts(_ rate: Double, steps: Int, stretch: Int = 1, minimum: Double = 0)

  /// Up from `peak/divisor` to the peak in the share `rise` of all steps, then down to `peak/divisor/finalDivisor`
  /// (Smith & Topin, "Super-convergence", 2018). It stays there afterwards.
  case oneCycle(
    peak: Double, steps: Int, rise: Double = 0.3, divisor: Double = 25, finalDivisor: Double = 1e4,
    shape: CycleShape = .cosine)

  /// η·(1 − t/n)ᵖ, and 0 from step n on.
  case polynomial(_ rate: Double, steps: Int, power: Double = 1)

  /// Up and down between two rates in straight lines, again and again (Smith, "Cyclical learning rates", 2017). `down`
  /// is as long as `up` when it is nil.
  case cyclic(from: Double, to: Double, up: Int, down: Int? = nil, amplitude: CycleAmplitude = .constant)

  /// For n steps in a straight line from `factor` times the first rate of the next schedule up to it; then that
  /// schedule, from its step 0 (Goyal et al., 2017).
  case warmUp(steps: Int, from: Double = 0, then: Schedule)

  /// The first schedule for n steps, then the next from its step 0.
  case sequence(_ first: Schedule, steps: Int, then: Schedule)

  /// The lines a one-cycle schedule goes along.
  public enum CycleShape: String, Sendable, Hashable, Codable { case cosine, linear }

  /// How the height of cycles changes.
  public enum CycleAmplitude: Sendable, Hashable, Codable {
    case constant
    /// Half as high each time: PyTorch's `triangular2`.
    case halving
    /// Times γᵗ: PyTorch's `exp_range`.
    case exponential(Double)
  }

  /// The rate for step t ≥ 0. Stops when a schedule has no steps, or t is negative.
  public func callAsFunction(_ t: Int) -> Double {
    if t < 0 { stop("Schedule", "the step is \(t)", fix: "count steps from 0") }
    switch self {
    case .constant(let rate): return rate
    case .step(let rate, let every, let factor):
      return rate * pow(factor, Double(t / atLeastOne(every)))
    case .multiStep(let rate, let milestones, let factor):
      return rate * pow(factor, Double(milestones.count { $0 <= t }))
    case .exponential(let rate, let factor): return rate * pow(factor, Double(t))
    case .cosine(let rate, let steps, let minimum):
      return along(.cosine, from: rate, to: minimum, Double(t) / Double(atLeastOne(steps)))
    case .cosineWithRestarts(let rate, let steps, let stretch, let minimum):
      let (place, length) = placeInCycle(t, first: atLeastOne(steps), stretch: atLeastOne(stretch))
      return along(.cosine, from: rate, to: minimum, Double(place) / Double(length))
    case .oneCycle(let peak, let steps, let rise, let divisor, let finalDivisor, let shape):
      let (top, end) = (rise * Double(steps) - 1, Double(atLeastOne(steps) - 1))
      let (first, last, t) = (peak / divisor, peak / divisor / finalDivisor, min(Double(t), end))
      if t <= top { return top == 0 ? peak : along(shape, from: first, to: peak, t / top) }
      return along(shape, from: peak, to: last, (t - top) / (end - top))
    case .polynomial(let rate, let steps, let power):
      return t >= steps ? 0 : rate * pow(1 - Double(t) / Double(atLeastOne(steps)), power)
    case .cyclic(let low, let high, let up, let down, let amplitude):
      return low + (high - low) * cyclicShare(t, up: atLeastOne(up), down: atLeastOne(down ?? up), amplitude)
    case .warmUp(let steps, let factor, let next):
      if t >= steps { return next(t - steps) }
      return next(0) * (factor + (1 - factor) * Double(t) / Double(steps))
    case .sequence(let first, let steps, let next):
      return t < steps ? first(t) : next(t - steps)
    }
  }
}

extension Schedule {
  /// Up in a straight line, η·(t + 1)/w for t < w, then down along half a cosine, η·(1 + cos(π·(t − w)/(n − w)))/2,
  /// with w steps of warm-up and n in all; 0 from step n on (Goyal et al., 2017; Loshchilov & Hutter, 2017).
  ///
  /// ```swift
  /// let schedule = Schedule.warmUpThenCosine(peak: 0.5, warmUp: 2, steps: 10)
  /// schedule(0)  // → 0.25
  /// schedule(1)  // → 0.5
  /// schedule(10)  // → 0.0
  /// ```
  public static func warmUpThenCosine(peak: Double, warmUp: Int, steps: Int) -> Schedule {
    let down = sequence(
      .cosine(peak, steps: Swift.max(steps - warmUp, 1)), steps: Swift.max(steps - warmUp, 0), then: .constant(0))
    if warmUp == 0 { return down }
    let up = Schedule.warmUp(steps: warmUp - 1, from: 1 / Double(warmUp), then: .constant(peak))
    return sequence(up, steps: warmUp, then: down)
  }

  private func atLeastOne(_ steps: Int) -> Int {
    if steps < 1 { stop("Schedule", "\(self) has \(steps) steps", fix: "use at least one") }
    return steps
  }

  /// From a to b, where x goes from 0 to 1.
  private func along(_ shape: CycleShape, from a: Double, to b: Double, _ x: Double) -> Double {
    switch shape {
    case .linear: a + (b - a) * x
    case .cosine: b + (a - b) * (1 + cos(.pi * x)) / 2
    }
  }

  /// Where t stands in its cycle, and how long that is, when each is `stretch` times as long as the one before.
  private func placeInCycle(_ t: Int, first: Int, stretch: Int) -> (place: Int, length: Int) {
    if stretch == 1 { return (t % first, first) }
    var (place, length) = (t, first)
    while place >= length {
      place -= length
      length *= stretch
    }
    return (place, length)
  }

  /// The height, from 0 to 1, of a cycle at t.
  private func cyclicShare(_ t: Int, up: Int, down: Int, _ amplitude: CycleAmplitude) -> Double {
    let (cycle, place) = t.quotientAndRemainder(dividingBy: up + down)
    let height = place < up ? Double(place) / Double(up) : Double(up + down - place) / Double(down)
    switch amplitude {
    case .constant: return height
    case .halving: return height / pow(2, Double(cycle))
    case .exponential(let factor): return height * pow(factor, Double(t))
    }
  }
}
