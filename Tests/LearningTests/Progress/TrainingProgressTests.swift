import Learning
import Testing

@Suite("Progress line")
struct TrainingProgressTests {
  private let progress = TrainingProgress(
    epoch: 3, epochs: 10, step: 1000, steps: 4000, loss: 0.12345,
    measurements: [.init("accuracy", 0.9612), .init("validation loss", 0.11)], samplesPerSecond: 23456.7,
    secondsLeft: 3725)

  @Test("a wide terminal shows all of it")
  func wide() {
    let bar = String(repeating: "━", count: 3) + "╸" + String(repeating: "·", count: 11)
    #expect(
      progress.line(width: 110)
        == "epoch 3/10  \(bar)  25%  loss 0.1235  accuracy 0.9612  validation loss 0.1100  23,457/s  1:02:05 left")
  }

  @Test("as the terminal gets narrower, the bar gets shorter, then fields go, the least important first")
  func narrow() {
    #expect(
      progress.line(width: 80)
        == "epoch 3/10  ━━·······  25%  loss 0.1235  accuracy 0.9612  23,457/s  1:02:05 left")
    #expect(progress.line(width: 66) == "epoch 3/10  ━····  25%  loss 0.1235  accuracy 0.9612  1:02:05 left")
    #expect(progress.line(width: 30) == "epoch 3/10  25%  loss 0.1235")
    #expect(progress.line(width: 12) == "epoch 3/10  ")
  }

  @Test("it never is wider than the terminal", arguments: 0...140)
  func fits(_ width: Int) { #expect(progress.line(width: width).count <= width) }

  @Test("the bar is empty at the beginning and full at the end")
  func ends() {
    var progress = progress
    progress.step = 0
    #expect(!progress.line(width: 140).contains("━"))
    progress.step = progress.steps
    #expect(progress.line(width: 140).contains(String(repeating: "━", count: 40)))
  }
}
