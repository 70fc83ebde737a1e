import DataPipelines
import NotebookDisplay
import Plotting
import TensorCore
import Testing

@Suite("Pictures of a batch")
struct BatchPictureTests {
  private let batch = Batch(inputs: Tensor.zeros([3, 1, 2, 2]), targets: Tensor([1, 0, 1]))

  @Test("have their labels below them, by number or name")
  func labels() throws {
    #expect(try Drawn(batch.pictures()).layers.last?.texts("caption") == ["1", "0", "1"])
    let named = try Drawn(batch.pictures(names: ["cat", "dog"])).layers
    #expect(named.map(\.type) == ["image", "text"] && named[1].texts("caption") == ["dog", "cat", "dog"])
    let numbers = Batch(inputs: Tensor.zeros([2, 4, 4]), targets: Tensor([0.5, 2.0]))
    #expect(try Drawn(numbers.pictures()).layers.last?.texts("caption") == ["0.5", "2.0"])
    let others = Batch(inputs: Tensor.zeros([2, 4, 4]), targets: Tensor.zeros([2, 3]))
    #expect(try Drawn(others.pictures()).layers.map(\.type) == ["image"])
  }

  @Test("with predictions have the wrong ones in frames, and say what they are", arguments: [false, true])
  func predictions(_ areScores: Bool) throws {
    let given = areScores ? Tensor([[0.0, 2.0], [0.1, 0.3], [-1, -2]]) : Tensor([1, 1, 0])
    let layers = try Drawn(batch.pictures(names: ["cat", "dog"], predictions: given)).layers
    #expect(layers.map(\.type) == ["image", "rect", "text"])
    #expect(layers[2].texts("caption") == ["dog", "✗ dog, is cat", "✗ cat, is dog"])
    #expect(layers[1].numbers("x") == Array(layers[0].numbers("x")[1...]))
    #expect(layers[1].numbers("y") == Array(layers[0].numbers("y")[1...]))
    #expect(layers[2].rows.map { $0["marked"] as? Bool } == [false, true, true])
  }

  @Test("are as many as asked for, which the title says")
  func limit() throws {
    let large = Batch(inputs: Tensor.zeros([50, 2, 2]), targets: Tensor(Array(0..<50)))
    let drawn = try Drawn(large.pictures())
    #expect(drawn.layers[0].rows.count == 36 && drawn.object["title"] as? String == "the first 36 of 50")
    #expect(try Drawn(large.pictures(limit: 50)).object["title"] == nil)
    let few = try Drawn(large.pictures(predictions: Tensor(Array(0..<50)), limit: 2)).layers
    #expect(few.last?.texts("caption") == ["0", "1"])
  }

  @Test("are what a notebook shows of a batch that holds some; others stand as tensors")
  func notebook() throws {
    let shown = batch.notebookDisplay
    #expect(shown["application/vnd.vegalite.v5+json"] == .text(batch.pictures().themed(.page).vegaLite))
    #expect(shown.text == "batch of 3: inputs float32 [3, 1, 2, 2], 0.0 … 0.0; targets int64 [3], 0 … 1")
    let numbers = Batch(inputs: Tensor([[1.0], [2.0]]), targets: Tensor([0, 1])).notebookDisplay
    guard case .text(let html)? = numbers["text/html"] else { return #expect(Bool(false)) }
    #expect(html.contains("float32 [2, 1], 1.0 … 2.0") && html.contains("int64 [2], 0 … 1"))
    let empty = Batch(inputs: Tensor.zeros([0, 2, 2]), targets: Tensor.zeros([0])).notebookDisplay
    #expect(empty["text/html"] != nil)
  }

  @Test("that can't be are refused with a fix")
  func mistakes() async {
    func message(_ result: ExitTest.Result?) -> String {
      String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }
    let flat = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Batch(inputs: Tensor.zeros([2, 784]), targets: Tensor([0, 1])).pictures()
    }
    #expect(message(flat).contains("pictures: inputs [2, 784] are no pictures. Fix: use [batch, height, width]"))
    let names = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Batch(inputs: Tensor.zeros([1, 2, 2]), targets: Tensor([2])).pictures(names: ["a", "b"])
    }
    #expect(message(names).contains("pictures: class 2 is none of 2 names."))
    let count = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Batch(inputs: Tensor.zeros([1, 2, 2]), targets: Tensor([2])).pictures(predictions: Tensor([1, 2]))
    }
    #expect(message(count).contains("pictures: predictions int64 [2] for 1 inputs."))
  }
}
