import Foundation
import NotebookDisplay
import Synchronization
import Testing

@Suite("What a cell shows")
struct DisplayTests {
  final class Recorder: DisplaySink {
    let shown = Mutex<[(text: String, place: String?, isUpdate: Bool)]>([])
    var isRich: Bool { true }
    func clear(wait: Bool) {}
    func show(_ bundle: MimeBundle, in place: String?, isUpdate: Bool) {
      shown.withLock { $0.append((bundle.text, place, isUpdate)) }
    }
  }

  @Test("goes to the sink, and to the same place again when it is updated")
  func sink() {
    let recorder = Recorder()
    let second = Displays.$sinkOfTask.withValue(recorder) {
      display(HTML("<b>1</b>"))
      let first = DisplayPlace(showing: 1)
      let second = DisplayPlace(showing: "two")
      first.update(3)
      return second
    }
    let shown = recorder.shown.withLock { $0 }
    #expect(shown.map(\.text) == ["<b>1</b>", "1", "\"two\"", "3"])
    #expect(shown.map(\.isUpdate) == [false, false, false, true])
    #expect(shown[0].place == nil && shown[1].place != nil)
    #expect(shown[1].place == shown[3].place && shown[1].place != shown[2].place)
    _ = second
  }

  @Test("below a picture or a player is its caption, as text")
  func captions() {
    for shown in [PNG([1], caption: "a < b").notebookDisplay, WAV([1], caption: "a < b").notebookDisplay] {
      guard case .text(let html)? = shown["text/html"] else { return #expect(Bool(false)) }
      #expect(html.hasSuffix(">a &lt; b</div>") && shown.text.hasPrefix("a < b ("))
    }
    #expect(PNG([1]).notebookDisplay.entries.keys.sorted() == ["image/png", "text/plain"])
  }

  @Test("is base64 where bytes stand in text", arguments: 0..<67)
  func base64OfBytes(_ count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 7) }
    let expected = Data(bytes).base64EncodedString()
    let player = "<audio controls src=\"data:audio/wav;base64,\(expected)\"></audio>"
    #expect(WAV(bytes).notebookDisplay["text/html"] == .text(player))
  }
}
