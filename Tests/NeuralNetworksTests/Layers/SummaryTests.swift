import NeuralNetworks
import NotebookDisplay
import TensorCore
import Testing

@Suite("A summary")
struct SummaryTests {
  final class Classifier: Module, LayerChain {
    let features = Sequential {
      Conv2d(1, 6, kernel: 5, padding: 2)
      ReLU()
    }
    let pool = MaxPool2d(kernel: 2)
    let head = Linear(6 * 7 * 7, 1000)
    var chain: [any Layer] { [features, pool, pool, Flatten(), head] }
  }

  @Test("lists every layer with its path, shape and parameters")
  func table() {
    let model = Classifier()
    model.features.parameters[0].requiresGradient = false
    #expect(
      model.summary(inputShape: [32, 1, 28, 28]).description == """
        Classifier, input [32, 1, 28, 28]
        ───────────────────────────────────────────────────────────────────────────────
        layer       type                                    output shape     parameters
        ───────────────────────────────────────────────────────────────────────────────
        features.0  Conv2d(1 → 6, kernel 5×5, padding 2×2)  [32, 6, 28, 28]         156
        features.1  ReLU                                    [32, 6, 28, 28]           0
        pool        MaxPool2d(kernel 2×2)                   [32, 6, 14, 14]           0
        pool        MaxPool2d(kernel 2×2)                   [32, 6, 7, 7]             0
                    Flatten                                 [32, 294]                 0
        head        Linear(294 → 1000)                      [32, 1000]          295,000
        ───────────────────────────────────────────────────────────────────────────────
        295,156 parameters, 295,006 (99.9 %) of them trainable, 1,180,624 bytes
        """)
  }

  @Test("knows padding that keeps the size, and what lies at the edge")
  func padding() {
    let model = Sequential {
      Conv2d(1, 2, kernel: [3, 4], padding: .same, edge: .wrapped)
      Conv2d(2, 2, kernel: 3, padding: 1, edge: .reflected)
      Padding2d(1, edge: .constant(2))
    }
    let rows = model.summary(inputShape: [1, 1, 5, 6]).rows
    #expect(rows.map(\.outputShape) == [[1, 2, 5, 6], [1, 2, 5, 6], [1, 2, 7, 8]])
    #expect(
      rows.map(\.title) == [
        "Conv2d(1 → 2, kernel 3×4, padding same, wrapped)", "Conv2d(2 → 2, kernel 3×3, padding 1×1, reflected)",
        "Padding2d(1, 1, 1, 1, constant 2.0)",
      ])
  }

  @Test("has the shapes that running the model has")
  func shapes() {
    let model = Classifier()
    let rows = model.summary(inputShape: [2, 1, 28, 28]).rows
    #expect(rows.last?.outputShape == model(Tensor.zeros([2, 1, 28, 28])).shape)
  }

  @Test("counts what is used twice once")
  func tied() {
    let layer = Linear(3, 3)
    let summary = Sequential([layer, layer]).summary(inputShape: [1, 3])
    #expect(summary.rows.map(\.parameterCount) == [12, 0])
    #expect(summary.parameterCount == 12)
  }

  @Test("without an input has a row for each part, and the shapes of its weights")
  func weights() {
    let norm = BatchNorm1d(3)
    let inner = Linear(3, 3, bias: false)
    inner.weight.requiresGradient = false
    let model = Sequential {
      Sequential {
        inner
        norm
      }
      ReLU()
      inner
    }
    #expect(
      model.summary().description == """
        Sequential
        ───────────────────────────────────────────────────────────────
        layer  type                    weights               parameters
        ───────────────────────────────────────────────────────────────
        0.0    Linear(3 → 3, no bias)  weight [3, 3] frozen           9
        0.1    BatchNorm1d(3)          weight [3], bias [3]           6
        1      ReLU                                                   0
        ───────────────────────────────────────────────────────────────
        15 parameters, 6 (40.0 %) of them trainable, 60 bytes; 7 numbers in buffers
        """)
    model.cast(to: .bfloat16)
    #expect(model.summary().parameterBytes == 30)
    #expect(ReLU().summary().description.hasSuffix("0 parameters, 0 of them trainable, 0 bytes"))
  }

  /// The cells of the table that a notebook shows, row by row.
  private func cells(_ value: any NotebookDisplayable) throws -> [[String]] {
    guard case .text(let html)? = value.notebookDisplay["text/html"] else { return [] }
    return html.split(separator: "<tr>").map { row in
      row.matches(of: /<t[hd][^>]*>(.*?)<\/t[hd]>/).map { String($0.output.1) }
    }.filter { !$0.isEmpty }
  }

  @Test("is a table in a notebook, and so is a model")
  func notebook() throws {
    let model = Sequential {
      Hooked(Linear(2, 3))
      ReLU()
    }
    #expect(
      try cells(model.summary(inputShape: [5, 2])) == [
        ["layer", "type", "output shape", "weights", "parameters"],
        ["0", "Hooked&lt;Linear&gt;(Linear(2 → 3))", "[5, 3]", "weight [3, 2]<br>bias [3]", "9"],
        ["1", "ReLU", "[5, 3]", "", "0"],
      ])
    #expect(
      try cells(model) == [
        ["layer", "type", "weights", "parameters"], ["0", "Linear(2 → 3)", "weight [3, 2]<br>bias [3]", "9"],
        ["1", "ReLU", "", "0"],
      ])
    #expect(MimeBundle(showing: model).text == model.description)
  }

  @Test("runs nothing")
  func runsNothing() {
    let generator = RandomGenerator(seed: 1)
    let norm = BatchNorm1d(3)
    _ = Sequential([norm, Dropout(0.5, using: generator)]).summary(inputShape: [4, 3])
    #expect(norm.numBatchesTracked?.value.item() == 0)
    #expect(generator.state.position == 0)
  }

  @Test("stops with the path of the layer that does not fit")
  func wrongShape() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Sequential {
        Linear(4, 8)
        Sequential {
          ReLU()
          Linear(9, 2)
        }
      }
      _ = model.summary(inputShape: [5, 4])
    }
    expectMessage(result, "summary", "layer 1.1, Linear(9 → 2), expects [..., 9], and its input is [5, 8]", "Fix")
  }
}
