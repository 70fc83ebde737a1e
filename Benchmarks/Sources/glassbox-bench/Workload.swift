import TensorCore

/// A piece of work that every side of the comparison does alike.
struct Workload {
  let name: String
  /// What one call cannot do without, where the hardware limits it.
  var needs: Need? = nil
  /// Builds what the work needs, and returns the work.
  let prepare: () -> () -> Void

  /// The median time of one call, in seconds, of calls that go on for `seconds`.
  static func median(of work: () -> Void, seconds: Double) -> Double {
    let clock = ContinuousClock()
    func time(calls: Int) -> Double {
      let spent = clock.measure { for _ in 0..<calls { work() } }
      return Double(spent.components.seconds) + Double(spent.components.attoseconds) * 1e-18
    }
    // So many calls in one measurement that the clock's own cost does not count.
    var calls = 1
    while time(calls: calls) < 20e-6 { calls *= 2 }
    var samples: [Double] = []
    let start = clock.now
    repeat { samples.append(time(calls: calls) / Double(calls)) } while clock.now - start < .seconds(seconds)
    samples.sort()
    return samples[samples.count / 2]
  }
}

/// Keeps the optimiser from removing unused work.
@inline(never)
func consume(_ x: Tensor) {}
