import DataPipelines
import EvaluationMetrics
import Foundation
import Learning
import NeuralNetworks
import NotebookDisplay
import Optimizers
import Plotting
import Synchronization
import TensorCore
import Testing

/// What was shown, in place of a notebook or a terminal.
final class Recorder: DisplaySink {
  struct Shown {
    let bundle: MimeBundle
    let place: String?
    let isUpdate: Bool
  }

  private let list = Mutex<[Shown]>([])
  let isRich: Bool
  func clear(wait: Bool) {}

  init(isRich: Bool) { self.isRich = isRich }

  func show(_ bundle: MimeBundle, in place: String?, isUpdate: Bool) {
    list.withLock { $0.append(Shown(bundle: bundle, place: place, isUpdate: isUpdate)) }
  }

  var shown: [Shown] { list.withLock { $0 } }
  var texts: [String] { shown.map(\.bundle.text) }

  /// Runs `body` while this is what shows.
  func recording(_ body: () throws -> Void) rethrows {
    try Displays.$sinkOfTask.withValue(self) { try body() }
  }
}

/// A clock that stands still until it is told.
final class HandClock {
  var seconds = 0.0
}

@Suite("A training that is shown")
struct LiveTrainingTests {
  private let clock = HandClock()

  private func live(_ steps: Int, batches: Int?, title: String? = nil) -> LiveTraining {
    let clock = clock
    return LiveTraining(title, steps: steps, batches: batches) { clock.seconds }
  }

  private func html(_ bundle: MimeBundle) -> String {
    guard case .text(let text)? = bundle["text/html"] else { return "" }
    return text
  }

  private func chart(_ bundle: MimeBundle) throws -> Drawn {
    guard case .text(let text)? = bundle["application/vnd.vegalite.v5+json"] else {
      throw CocoaError(.featureUnsupported)
    }
    return try Drawn(text)
  }

  @Test("has a place for the bar and one for the curves, and fills them anew at most five times a second")
  func throttled() throws {
    let recorder = Recorder(isRich: true)
    recorder.recording {
      let live = live(1000, batches: 100)
      // Two seconds of 1000 steps.
      for step in 0..<1000 {
        live.step(["training loss": 1 / Double(step + 1)])
        clock.seconds += 0.002
      }
    }
    let shown = recorder.shown
    #expect(Set(shown.map(\.place)).count == 2)
    #expect(shown.filter { !$0.isUpdate }.count == 2)
    let bars = shown.filter { $0.bundle["text/html"] != nil }
    // At 0 s, every 0.2 s up to 1.8 s, and the last step.
    #expect((10...11).contains(bars.count) && shown.count == 2 * bars.count)
    let last = try #require(bars.last).bundle
    #expect(html(last).contains("width: 100.0%") && last.text.hasPrefix("epoch 10/10  training loss 0.0011  "))
  }

  @Test("is never left behind its last state, however it ends")
  func last() throws {
    let recorder = Recorder(isRich: true)
    recorder.recording {
      let stopped = live(1000, batches: nil)
      for _ in 0..<7 { stopped.step(["loss": 1]) }
      #expect(recorder.texts.last { $0.hasPrefix("step") } == "step 1/1000  loss 1.0000")
      stopped.finish()
      #expect(recorder.texts.last { $0.hasPrefix("step") } == "step 7/1000  loss 1.0000")
      let count = recorder.shown.count
      stopped.finish()
      #expect(recorder.shown.count == count)
    }
    recorder.recording {
      func forget() {
        let forgotten = live(50, batches: nil)
        for _ in 0..<9 { forgotten.step() }
      }
      forget()
      #expect(recorder.texts.last == "step 9/50")
    }
  }

  @Test("draws what steps tell and what is measured between them, each chart with its curves")
  func measured() throws {
    let recorder = Recorder(isRich: true)
    try recorder.recording {
      let live = live(4, batches: 2)
      for epoch in 0..<2 {
        for _ in 0..<2 { live.step(["training loss": 3 - Double(live.step)]) }
        clock.seconds += 1
        live.record(["test loss": 4, "test accuracy": 0.5 + Double(epoch) / 4])
        #expect(recorder.texts.contains { $0.contains("test accuracy \(epoch == 0 ? "0.5000" : "0.7500")") })
      }
      let panels = try chart(try #require(recorder.shown.last).bundle).parts
      #expect(panels.map { $0.layers.map { $0.texts("series").first } } == [["training", "test"], ["test"]])
      #expect(panels.map { $0.layers.first?.encoding("y.title") as? String } == ["loss", "accuracy"])
      #expect(
        panels[0].layers[0].numbers("x") == [0.5, 1, 1.5, 2] && panels[0].layers[0].numbers("y") == [3, 2, 1, 0])
      #expect(panels[1].layers[0].numbers("x") == [1, 2] && panels[1].layers[0].numbers("y") == [0.5, 0.75])
      #expect(panels[0].layers[0].encoding("x.title") as? String == "epoch")
    }
  }

  @Test("says how far it is, how long the rest takes, and its title as text")
  func bar() throws {
    let recorder = Recorder(isRich: true)
    try recorder.recording {
      let live = live(40, batches: 10, title: "<digits>")
      for _ in 0..<13 {
        clock.seconds += 5
        live.step(["training loss": 0.25])
      }
      let bar = html(try #require(recorder.shown.last { $0.bundle["text/html"] != nil }).bundle)
      #expect(bar.contains("<b>&lt;digits&gt;</b>") && bar.contains("width: 32.5%"))
      #expect(bar.contains("epoch 2/4 · batch 3/10 · training loss 0.2500 · 2:15 left"))
      #expect(!bar.contains("script") && !bar.contains("http"))
    }
  }

  @Test("in a terminal prints a line an epoch, with what was measured at its end")
  func terminal() {
    let recorder = Recorder(isRich: false)
    recorder.recording {
      let live = live(6, batches: 3)
      for epoch in 1...2 {
        for batch in 0..<3 { live.step(["training loss": Double(batch * epoch)]) }
        live.record(["test accuracy": 0.5])
      }
      live.finish()
    }
    #expect(
      recorder.texts == [
        "epoch 1/2  training loss 1.0000  test accuracy 0.5000",
        "epoch 2/2  training loss 2.0000  test accuracy 0.5000  0.0 s",
      ])
    #expect(recorder.shown.allSatisfy { $0.place == nil && !$0.isUpdate })
  }

  @Test("in a terminal prints each epoch where nothing is measured, and a tenth of the steps where there are no epochs")
  func plainTerminal() {
    let recorder = Recorder(isRich: false)
    recorder.recording {
      let epochs = live(4, batches: 2)
      for step in 1...4 { epochs.step(["loss": Double(step)]) }
    }
    #expect(recorder.texts == ["epoch 1/2  loss 1.5000", "epoch 2/2  loss 3.5000  0.0 s"])
    let second = Recorder(isRich: false)
    second.recording {
      let steps = live(100, batches: nil)
      for step in 1...100 { steps.step(["return": Double(step)]) }
    }
    #expect(second.texts.count == 10 && second.texts[1] == "step 20/100  return 15.5000")
  }

  @Test("keeps a few hundred points of a curve, means of neighbours that all count the same")
  func thinned() throws {
    let recorder = Recorder(isRich: true)
    try recorder.recording {
      let live = live(10_000, batches: nil)
      for step in 1...10_000 { live.step(["loss": Double(step)]) }
      let line = try chart(try #require(recorder.shown.last).bundle)
      let (x, y) = (line.numbers("x"), line.numbers("y"))
      #expect((200...401).contains(x.count) && x == y)
      #expect(x == x.sorted() && (x.last ?? 0) > 9900)
      #expect(abs(x[10] - x[9] - (x[1] - x[0])) < 1e-9)
    }
  }

  @Test("draws a gap where a number is none")
  func notANumber() throws {
    let recorder = Recorder(isRich: true)
    try recorder.recording {
      let live = live(3, batches: nil)
      for loss in [1, .nan, 2] { live.step(["loss": loss]) }
      let rows = try chart(try #require(recorder.shown.last).bundle).rows
      #expect(rows.map { $0["y"] is NSNull } == [false, true, false])
    }
  }

  @Test("by a learner is the training that it is without, goes on where one ended, and tells what was measured")
  func learner() throws {
    let set = TensorDataset(inputs: Tensor([[0.0], [1.0], [2.0], [3.0]]), targets: Tensor([0, 0, 1, 1]))
    func learner(_ callbacks: [Callback] = []) -> Learner {
      Learner(
        Linear(1, 2, using: RandomGenerator(seed: 1)), DataLoaders(set, validation: set, batchSize: 2, seed: 3),
        rule: SGD.Rule(learningRate: 0.5), metrics: [Accuracy()], callbacks: callbacks)
    }
    let plain = learner()
    for epochs in [1, 2] { try plain.fit(epochs: epochs, learningRate: 0.5) }
    let recorder = Recorder(isRich: true)
    try recorder.recording {
      let shown = learner([LiveProgress()])
      for epochs in [1, 2] { try shown.fit(epochs: epochs, learningRate: 0.5) }
      #expect(shown.model.stateDictionary().fingerprint == plain.model.stateDictionary().fingerprint)
      let panels = try chart(try #require(recorder.shown.last).bundle).parts
      #expect(
        panels.map { $0.layers.map { $0.texts("series").first } } == [["training", "validation"], ["validation"]])
      let losses = plain.history.dropFirst().compactMap { $0.validation["loss"] }
      let differences = zip(panels[0].layers[1].numbers("y"), losses).map { abs($0 - $1) }
      #expect(differences.count == 2 && differences.allSatisfy { $0 < 1e-12 })
      #expect(panels[0].layers[0].numbers("x") == [0.5, 1, 1.5, 2])
    }
  }

  @Test("stops where there is nothing to show")
  func nothing() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LiveTraining(epochs: 3, batches: 0)
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("LiveTraining: 3 epochs of 0 batches. Fix: use one or more of each."))
  }
}
