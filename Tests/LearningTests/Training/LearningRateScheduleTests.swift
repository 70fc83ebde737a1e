import Foundation
import Learning
import Testing

@Suite("Learning-rate schedule")
struct LearningRateScheduleTests {
  @Test("warm-up and cosine are PyTorch 2.15's SequentialLR of LinearLR(0.25, 1, 3) and CosineAnnealingLR(8)")
  func golden() {
    let expected = [
      0.025, 0.05, 0.07500000000000001, 0.1, 0.1, 0.09619397662556434, 0.08535533905932738, 0.0691341716182545, 0.05,
      0.030865828381745515, 0.014644660940672627, 0.0038060233744356634,
    ]
    let schedule = LearningRateSchedule.cosine(peak: 0.1, warmUp: 4, steps: 12)
    for (step, rate) in expected.enumerated() { #expect(abs(schedule.learningRate(at: step) - rate) < 1e-15) }
    #expect(schedule.learningRate(at: 12) == 0)
    #expect(schedule.learningRate(at: 1000) == 0)
  }

  @Test("without warm-up it starts at the peak; with nothing but warm-up it only rises")
  func edges() {
    #expect(LearningRateSchedule.cosine(peak: 2, warmUp: 0, steps: 4).learningRate(at: 0) == 2)
    #expect(abs(LearningRateSchedule.cosine(peak: 2, warmUp: 0, steps: 4).learningRate(at: 2) - 1) < 1e-15)
    #expect(LearningRateSchedule.cosine(peak: 2, warmUp: 4, steps: 4).learningRate(at: 3) == 2)
  }

  @Test("a constant stays")
  func constant() { #expect(LearningRateSchedule.constant(0.3).learningRate(at: 12345) == 0.3) }

  @Test(
    "it goes through JSON unchanged",
    arguments: [
      LearningRateSchedule.constant(0.1), .cosine(peak: 0.003, warmUp: 7, steps: 100),
    ])
  func json(_ schedule: LearningRateSchedule) throws {
    let data = try JSONEncoder().encode(schedule)
    #expect(try JSONDecoder().decode(LearningRateSchedule.self, from: data) == schedule)
  }
}
