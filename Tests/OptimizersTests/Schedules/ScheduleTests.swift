import Foundation
import Optimizers
import TensorCore
import Testing

@Suite("A schedule")
struct ScheduleTests {
  static let all: [(name: String, schedule: Schedule)] = [
    ("constant", .constant(0.2)), ("step", .step(0.2, every: 7, factor: 0.3)),
    ("multi_step", .multiStep(0.2, milestones: [5, 11, 30], factor: 0.2)),
    ("exponential", .exponential(0.2, factor: 0.9)), ("cosine", .cosine(0.2, steps: 40, minimum: 0.01)),
    ("restarts", .cosineWithRestarts(0.2, steps: 10, minimum: 0.01)),
    ("restarts_longer", .cosineWithRestarts(0.2, steps: 7, stretch: 2)), ("one_cycle", .oneCycle(peak: 0.5, steps: 60)),
    ("one_cycle_linear", .oneCycle(peak: 0.5, steps: 60, rise: 0.25, divisor: 10, finalDivisor: 100, shape: .linear)),
    ("polynomial", .polynomial(0.2, steps: 40, power: 1.5)), ("cyclic", .cyclic(from: 0.01, to: 0.3, up: 5, down: 9)),
    ("cyclic_halving", .cyclic(from: 0.01, to: 0.3, up: 6, amplitude: .halving)),
    ("cyclic_exponential", .cyclic(from: 0.01, to: 0.3, up: 6, amplitude: .exponential(0.95))),
    ("warm_up", .warmUp(steps: 12, from: 0.1, then: .cosine(0.2, steps: 48))),
    ("sequence", .sequence(.exponential(0.2, factor: 0.9), steps: 20, then: .step(0.2, every: 10))),
  ]

  @Test("gives PyTorch's values at every step", arguments: all.indices)
  func equalPyTorch(_ index: Int) throws {
    let (name, schedule) = ScheduleTests.all[index]
    let expected = try Goldens("schedules")(name).scalars(as: Double.self)
    for (step, rate) in expected.enumerated() {
      #expect(abs(schedule(step) - rate) < 1e-12, "\(name) at \(step): \(schedule(step)), not \(rate)")
    }
  }

  @Test("is a value: encoded and decoded, it is the same", arguments: all.indices)
  func json(_ index: Int) throws {
    let schedule = ScheduleTests.all[index].schedule
    #expect(try JSONDecoder().decode(Schedule.self, from: JSONEncoder().encode(schedule)) == schedule)
  }

  @Test("of warm-up and cosine is PyTorch 2.15's SequentialLR of LinearLR(0.25, 1, 3) and CosineAnnealingLR(8), then 0")
  func warmUpThenCosine() throws {
    let expected = [
      0.025, 0.05, 0.07500000000000001, 0.1, 0.1, 0.09619397662556434, 0.08535533905932738, 0.0691341716182545, 0.05,
      0.030865828381745515, 0.014644660940672627, 0.0038060233744356634, 0, 0,
    ]
    let schedule = Schedule.warmUpThenCosine(peak: 0.1, warmUp: 4, steps: 12)
    for (step, rate) in expected.enumerated() { #expect(abs(schedule(step) - rate) < 1e-15) }
    #expect(schedule(1000) == 0)
    #expect(Schedule.warmUpThenCosine(peak: 2, warmUp: 0, steps: 4)(0) == 2)
    #expect(Schedule.warmUpThenCosine(peak: 2, warmUp: 1, steps: 4)(0) == 2)
    #expect(Schedule.warmUpThenCosine(peak: 2, warmUp: 4, steps: 4)(3) == 2)
    #expect(try JSONDecoder().decode(Schedule.self, from: JSONEncoder().encode(schedule)) == schedule)
  }

  @Test("stays at the end of a cycle, and can be nested")
  func ends() {
    #expect(Schedule.oneCycle(peak: 1, steps: 10)(1000) == 1.0 / 25 / 1e4)
    #expect(Schedule.polynomial(1, steps: 10)(1000) == 0)
    let nested = Schedule.warmUp(
      steps: 4, then: .sequence(.constant(1), steps: 2, then: .polynomial(0.5, steps: 2)))
    #expect((0..<9).map { nested($0) } == [0, 0.25, 0.5, 0.75, 1, 1, 0.5, 0.25, 0])
  }

  @Test("stops at what can't be")
  func misuse() async {
    let negative = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Schedule.constant(1)(-1)
    }
    expectMessage(negative, "Schedule", "the step is -1")
    let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Schedule.cosine(1, steps: 0)(0)
    }
    expectMessage(none, "Schedule", "0 steps", "at least one")
  }
}

@Suite("Reducing on a plateau")
struct ReduceOnPlateauTests {
  static let all: [(name: String, plateau: ReduceOnPlateau)] = [
    ("plain", ReduceOnPlateau(0.2, patience: 2)),
    ("maximum", ReduceOnPlateau(0.2, goal: .maximum, factor: 0.5, patience: 1, threshold: .relative(0.05))),
    ("absolute", ReduceOnPlateau(0.2, factor: 0.5, patience: 1, threshold: .absolute(0.45), minimum: 0.02)),
    ("pause", ReduceOnPlateau(0.2, factor: 0.3, patience: 1, pause: 2)),
  ]

  @Test("gives PyTorch's rates, also when it was encoded and decoded on the way", arguments: all.indices)
  func equalPyTorch(_ index: Int) throws {
    var (name, plateau) = ReduceOnPlateauTests.all[index]
    let goldens = try Goldens("schedules")
    let expected = try goldens("plateau.\(name)").scalars(as: Double.self)
    for (step, measure) in try goldens("plateau.measures").scalars(as: Double.self).enumerated() {
      #expect(abs(plateau.update(measure) - expected[step]) < 1e-15, "\(name) at \(step)")
      plateau = try JSONDecoder().decode(ReduceOnPlateau.self, from: JSONEncoder().encode(plateau))
    }
  }

  @Test("counts what is not a number as bad")
  func notANumber() {
    var plateau = ReduceOnPlateau(1, factor: 0.5, patience: 0)
    #expect(plateau.update(.nan) == 0.5)
    #expect(plateau.best == nil)
    #expect(plateau.update(1) == 0.5)
  }
}
