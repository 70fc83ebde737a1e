import Foundation
import NotebookDisplay
import Plotting
import TensorCore
import Testing

@Suite("Sound")
struct AudioTests {
  /// The fields of a WAV file, as another program reads them.
  private struct Parsed {
    let bytes: [UInt8]
    func number(_ place: Int, _ width: Int) -> Int {
      bytes[place..<(place + width)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    func text(_ place: Int) -> String { String(decoding: bytes[place..<(place + 4)], as: UTF8.self) }
    var samples: [Int] {
      stride(from: 44, to: bytes.count, by: 2).map { Int(Int16(truncatingIfNeeded: number($0, 2))) }
    }
  }

  @Test("of one channel is PCM of 16 bits, cut off at 1, silent at NaN")
  func mono() {
    let wav = Parsed(bytes: Tensor([0.0, 0.5, -0.5, 1, -1, 7, -.infinity, .nan]).audio(samplesPerSecond: 8000).bytes)
    #expect([0, 8, 12, 36].map(wav.text) == ["RIFF", "WAVE", "fmt ", "data"])
    #expect(wav.number(4, 4) == wav.bytes.count - 8 && wav.number(16, 4) == 16 && wav.number(40, 4) == 16)
    // PCM, one channel, its rate, bytes a second, bytes a sample, bits.
    #expect(wav.number(20, 2) == 1 && wav.number(22, 2) == 1 && wav.number(24, 4) == 8000)
    #expect(wav.number(28, 4) == 16_000 && wav.number(32, 2) == 2 && wav.number(34, 2) == 16)
    #expect(wav.samples == [0, 16384, -16384, 32767, -32767, 32767, -32767, 0])
  }

  @Test("of two channels has a sample of each by turns, from any view and dtype")
  func stereo() {
    let sound = Tensor([[0.0, 0.25, 0.5], [1, -1, 0]])
    let expected = [0, 32767, 8192, -32767, 16384, 0]
    let views = [sound, sound.cast(to: .bfloat16), Tensor([[0.0, 1], [0.25, -1], [0.5, 0]]).transposed()]
    for view in views + [sound.requiringGradient()] {
      let wav = Parsed(bytes: view.audio(samplesPerSecond: 44_100).bytes)
      #expect(wav.number(22, 2) == 2 && wav.number(28, 4) == 4 * 44_100 && wav.number(32, 2) == 4)
      #expect(wav.samples == expected)
    }
  }

  @Test("is a player with duration, shape and range below it")
  func player() {
    let wav = Tensor.full([2, 12_000], 0.5).audio(samplesPerSecond: 8000)
    #expect(wav.caption == "1.50 s, 2 channels, 8000 samples per second; float32 [2, 12000], 0.5 … 0.5")
    guard case .text(let html)? = wav.notebookDisplay["text/html"] else { return #expect(Bool(false)) }
    #expect(html.contains("<audio controls") && html.contains("float32 [2, 12000]"))
    #expect(wav.notebookDisplay.text.hasPrefix("1.50 s, 2 channels"))
  }

  @Test("of another shape, dtype or rate is refused with a fix")
  func mistakes() async {
    func message(_ result: ExitTest.Result?) -> String {
      String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 2, 2]).audio(samplesPerSecond: 8000)
    }
    #expect(message(shape).contains("audio: [2, 2, 2] is no sound. Fix: use [samples] or [channels, samples]"))
    let turned = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([8000, 2]).audio(samplesPerSecond: 8000)
    }
    #expect(message(turned).contains("audio: [8000, 2] has 8000 channels. Fix: put channels first"))
    let dtype = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2]).audio(samplesPerSecond: 8000)
    }
    #expect(message(dtype).contains("audio: int64 samples have no scale. Fix: scale them to -1...1"))
    let rate = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1.0]).audio(samplesPerSecond: 0)
    }
    #expect(message(rate).contains("audio: [1] at 0 samples per second"))
  }
}
