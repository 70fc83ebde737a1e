import Applications
import Foundation
import NotebookDisplay
import Testing

@Suite("A prediction")
struct PredictionTests {
  private let prediction = Prediction(
    classNames: ["a", "b<", "c", "d", "e", "f"], probabilities: [0.1, 0.3, 0.2, 0.3, 0.05, 0.05])

  @Test("has its classes in the order of their probabilities, equal ones in their own")
  func order() {
    #expect(prediction.candidates.map(\.name) == ["b<", "d", "c", "a", "e", "f"])
    #expect(prediction.candidates.map(\.index) == [1, 3, 2, 0, 4, 5])
    #expect(prediction.top(2).map(\.probability) == [0.3, 0.3])
    #expect(prediction.top(9).count == 6 && prediction.top(-1).isEmpty)
    #expect(prediction["c"] == 0.2 && prediction["x"] == nil)
  }

  @Test("is shown as bars in a notebook, and as text elsewhere")
  func shown() throws {
    let bundle = MimeBundle(showing: prediction)
    #expect(bundle.text == "b< 30.0 %, d 30.0 %, c 20.0 %, a 10.0 %, e 5.0 %, …")
    guard case .text(let html)? = bundle["text/html"] else {
      Issue.record("no HTML")
      return
    }
    #expect(html.contains("b&lt;") && html.contains("width: 30.0%") && html.contains("and 1 more"))
    #expect(html.components(separatedBy: "<tr>").count == 6)
  }
}
