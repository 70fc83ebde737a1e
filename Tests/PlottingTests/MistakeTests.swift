import Foundation
import Plotting
import TensorCore
import Testing

@Suite("A mistake in a chart")
struct MistakeTests {
  private func message(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test("in lengths names them")
  func lengths() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Chart.line(x: [1, 2, 3], y: [1, 2])
    }
    #expect(message(result).contains("line: the lengths differ: x has 3, y has 2 elements. Fix: give as many of each."))
  }

  @Test("in shapes names the shape and a fix")
  func shapes() async {
    let list = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Chart.line(y: Tensor.zeros([2, 3]))
    }
    #expect(message(list).contains("line: y has shape [2, 3], which is no list. Fix: "))
    let table = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Chart.heatMap([1, 2])
    }
    #expect(message(table).contains("heatMap: values has shape [2], not [rows, columns]"))
    let picture = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([28, 28, 3]).image()
    }
    #expect(message(picture).contains("image: [1, 28, 28, 3] has 28 channels. Fix: use 1, 3 or 4 channels"))
  }

  @Test("in having nothing to draw is told")
  func empty() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Chart.scatter(x: [Int](), y: [Int]())
    }
    #expect(message(result).contains("scatter: y is empty. Fix: give at least one number."))
    await #expect(processExitsWith: .failure) { _ = Chart.histogram([Double.nan]) }
    await #expect(processExitsWith: .failure) { _ = Chart.layered([]) }
  }

  @Test("in scales is told before it is drawn")
  func scales() async {
    let bar = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Chart.bar(["a"], [1]).y(scale: .logarithmic).vegaLite
    }
    #expect(
      message(bar).contains("bar: it begins at 0, which a logarithmic y axis has not. Fix: use a line or points."))
    await #expect(processExitsWith: .failure) { _ = Chart.line(y: [1]).y(scale: .logarithmic, range: 0...1) }
  }

  @Test("in classes, names and groups is told")
  func classes() async {
    await #expect(processExitsWith: .failure) { _ = Chart.scatter(x: [1], y: [1], classes: [0.5]) }
    await #expect(processExitsWith: .failure) { _ = Chart.scatter(x: [1], y: [1], classes: [2], names: ["a", "b"]) }
    await #expect(processExitsWith: .failure) { _ = Chart.confusionMatrix([[1, 2]]) }
    await #expect(processExitsWith: .failure) { _ = Chart.line(y: [1, 2]).faceted(by: ["a"]) }
  }
}
