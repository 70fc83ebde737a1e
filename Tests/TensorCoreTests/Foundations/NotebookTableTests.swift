import NotebookDisplay
import TensorCore
import Testing

@Suite("A tensor in a notebook")
struct NotebookTableTests {
  private func html(_ x: Tensor) -> String {
    guard case .text(let text)? = x.notebookDisplay["text/html"] else { return "" }
    return text
  }

  @Test("is a table of its elements, row by row")
  func elements() {
    let text = html(Tensor([[1, 22], [-3, 4]]))
    let cells = text.matches(of: /<td[^>]*>([^<]*)<\/td>/).map { String($0.output.1) }
    #expect(cells == ["1", "22", "-3", "4"])
    #expect(text.contains("int64 [2, 2], -3 … 22"))
    #expect(Tensor([[1, 22], [-3, 4]]).notebookDisplay.text == "[[1, 22], [-3, 4]] int64 [2, 2]")
  }

  @Test("is abbreviated as it is when printed")
  func abbreviated() {
    let x = Tensor.range(0, 10_000).reshaped([100, 100])
    let text = html(x)
    // Seven rows of a heading and seven cells, under a row of headings.
    #expect(text.matches(of: /<tr>/).count == 8)
    #expect(text.matches(of: /<td[^>]*>[0-9.]+<\/td>/).count == 36)
    #expect(text.contains(">9999") && !text.contains(">5050"))
  }

  @Test("tells the range of what is finite, and counts what is not")
  func summary() {
    #expect(Tensor([1.5, .nan, -2, .infinity, -.infinity]).summary == "float32 [5], -2.0 … 1.5, 1 NaN, 2 infinite")
    #expect(Tensor([Double.nan]).summary == "float32 [1], 1 NaN")
    #expect(Tensor([[true]]).summary == "bool [1, 1]")
    #expect(Tensor.zeros([0, 3]).summary == "float32 [0, 3]")
    #expect(Tensor([1.0, 3.0]).cast(to: .bfloat16).summary == "bfloat16 [2], 1.0 … 3.0")
  }

  @Test("with other axes stands as it is printed")
  func others() {
    let x = Tensor.zeros([2, 2, 2])
    #expect(html(x).hasPrefix("<pre>\(x.description)</pre>"))
    #expect(html(Tensor(2.5)).hasPrefix("<pre>2.5</pre>"))
    #expect(html(Tensor.zeros([3, 0])).hasPrefix("<pre>"))
  }
}
