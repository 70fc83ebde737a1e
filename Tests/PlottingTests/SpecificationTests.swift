import Foundation
import Learning
import NotebookDisplay
import Plotting
import TensorCore
import Testing

@Suite("A chart in Vega-Lite")
struct SpecificationTests {
  @Test(
    "names its schema, its colours, and for each mark its data and columns that are there",
    arguments: SampleCharts.all.keys.sorted())
  func structure(_ name: String) throws {
    let chart = try #require(SampleCharts.all[name])
    let drawn = try Drawn(chart)
    #expect(drawn.object["$schema"] as? String == "https://vega.github.io/schema/vega-lite/v5.json")
    #expect(drawn.object["background"] as? String == "#FFFFFF")
    for part in drawn.parts {
      #expect(part.object["width"] is Int && part.object["height"] is Int)
      for layer in part.layers {
        #expect(!layer.type.isEmpty && !layer.rows.isEmpty)
        let encoding = try #require(layer.object["encoding"] as? [String: Any])
        let fields = encoding.values.compactMap { ($0 as? [String: Any])?["field"] as? String }
        for field in fields { #expect(layer.rows.allSatisfy { $0[field] != nil }, "\(name): \(field)") }
      }
    }
  }

  @Test("is the same text every time, and another one in the dark")
  func deterministic() throws {
    for (name, chart) in SampleCharts.all {
      #expect(chart.vegaLite == chart.themed(.light).vegaLite, "\(name)")
      #expect(chart.vegaLite != chart.themed(.dark).vegaLite, "\(name)")
    }
    let keys = try #require(
      Chart.line(y: [1, 2]).vegaLite.wholeMatch(
        of: /\{"\$schema".*"background".*"config".*"data".*"encoding".*"mark".*"width":380\}/))
    #expect(!keys.output.isEmpty)
  }

  @Test("has null where a number is not finite, and on a logarithmic axis where it is not positive")
  func gaps() throws {
    let line = Chart.line(x: [1, 2, 3, 4, 5], y: [1, .nan, .infinity, 0, -2])
    #expect(try Drawn(line).rows.map { $0["y"] is NSNull } == [false, true, true, false, false])
    let logarithmic = try Drawn(line.y(scale: .logarithmic))
    #expect(logarithmic.rows.map { $0["y"] is NSNull } == [false, true, true, true, true])
    #expect(logarithmic.encoding("y.scale.type") as? String == "log")
  }

  @Test("titles its axes with units, and escapes what JSON and pages need")
  func titles() throws {
    let chart = Chart.line(y: [1, 2], name: "a \"b\"\n</script>").x("time", unit: "s").y("loss", unit: "nats").titled(
      "é\u{1}")
    let drawn = try Drawn(chart)
    #expect(drawn.encoding("x.title") as? String == "time / s")
    #expect(drawn.encoding("y.title") as? String == "loss / nats")
    #expect(drawn.object["title"] as? String == "é\u{1}")
    #expect(drawn.texts("series") == ["a \"b\"\n</script>", "a \"b\"\n</script>"])
    #expect(!chart.vegaLite.contains("</script>"))
  }

  @Test("draws a line in the order of its points, and marks them where asked")
  func line() throws {
    let drawn = try Drawn(.line(x: [3, 1, 2], y: [1, 2, 3], hasPoints: true, isDashed: true))
    #expect(drawn.type == "line" && drawn.mark["strokeDash"] != nil && drawn.mark["point"] is [String: Any])
    #expect(drawn.numbers("x") == [3, 1, 2] && drawn.numbers("order") == [0, 1, 2])
    #expect(drawn.encoding("order.field") as? String == "order")
    #expect(drawn.encoding("x.scale.zero") as? Bool == false)
  }

  @Test("shows the longest importances first, with a deviation to both sides")
  func importances() throws {
    let columns = [("a", [1.0, 3]), ("b", [5, 5]), ("c", [2, 2])]
    let importances = columns.map { ColumnImportance(columns: [$0.0], worsenings: $0.1) }
    let layers = try Drawn(.importances(importances)).layers
    #expect(layers.map(\.type) == ["bar", "rule"])
    for layer in layers { #expect(layer.texts("category") == ["b", "a", "c"]) }
    #expect(layers[0].numbers("value") == [5, 2, 2])
    #expect(layers[1].numbers("from") == [5, 1, 2] && layers[1].numbers("to") == [5, 3, 2])
    #expect(try Drawn(.importances(importances, count: 1)).layers[0].texts("category") == ["b"])
  }

  @Test("takes arrays, nested ones, ranges and tensors of any dtype")
  func data() throws {
    let inputs: [any PlotData] = [
      [1, 2, 3], [1.0, 2.0, 3.0], [Float(1), 2, 3], 1...3, 1..<4, stride(from: 1.0, to: 3.5, by: 1),
      stride(from: 1, through: 3, by: 1), Tensor([1.0, 2.0, 3.0]), Tensor([1, 2, 3]),
      Tensor([1, 2, 3]).cast(to: .bfloat16), Tensor([1.0, 2.0, 3.0]).requiringGradient(),
    ]
    for input in inputs { #expect(try Drawn(.line(y: input)).numbers("y") == [1, 2, 3]) }
    #expect(try Drawn(.line(y: [0.1])).numbers("y") == [0.1])
  }

  @Test("gives a series the same colour wherever it stands, and unnamed marks others")
  func colors() throws {
    let chart = Chart.layered([
      .line(y: [1, 2], name: "b"), .scatter(x: [1], y: [2], name: "a"), .line(y: [3, 4]), .line(y: [3, 4], name: "b"),
      .line(y: [0, 1]),
    ])
    let layers = try Drawn(chart).layers
    let palette = Chart.Theme.light.palette
    for named in [0, 1, 3] {
      #expect(layers[named].encoding("color.scale.domain") as? [String] == ["b", "a"])
      #expect(layers[named].encoding("color.scale.range") as? [String] == [palette[0], palette[1]])
    }
    #expect(layers[2].mark["color"] as? String == palette[2])
    #expect(layers[4].mark["color"] as? String == palette[3])
  }

  @Test("begins bars at zero, in the order of the categories, beside each other by series")
  func bar() throws {
    let drawn = try Drawn(.bar(["z", "z", "a", "a"], [1, 2, 3, 4], series: ["q", "p", "q", "p"]))
    #expect(drawn.type == "bar" && drawn.encoding("y.scale.zero") as? Bool == true)
    #expect(drawn.encoding("x.sort") is NSNull && drawn.encoding("xOffset.sort") as? [String] == ["q", "p"])
    let horizontal = try Drawn(.bar(["a", "b"], [1, 2], isHorizontal: true))
    #expect(
      horizontal.encoding("x.field") as? String == "value" && horizontal.encoding("x.scale.zero") as? Bool == true)
    #expect(horizontal.encoding("y.field") as? String == "category")
  }

  @Test("puts a matrix' row 0 at the top, and a function's at the bottom")
  func heatMap() throws {
    let matrix = try Drawn(.heatMap([[1, 2, 3], [4, 5, 6]]))
    #expect(matrix.type == "rect" && matrix.encoding("y.scale.reverse") as? Bool == true)
    #expect(matrix.numbers("value") == [1, 2, 3, 4, 5, 6])
    #expect(
      matrix.numbers("x") == [-0.5, 0.5, 1.5, -0.5, 0.5, 1.5] && matrix.numbers("y2") == [0.5, 0.5, 0.5, 1.5, 1.5, 1.5])
    let field = try Drawn(.heatMap([[1, 2, 3], [4, 5, 6]], x: 0...6, y: 10...20))
    #expect(field.encoding("y.scale.reverse") == nil)
    #expect(field.numbers("x2") == [2, 4, 6, 2, 4, 6] && field.numbers("y") == [10, 10, 10, 15, 15, 15])
    let diverging = try Drawn(.heatMap([[-3, 1]], colors: .diverging))
    #expect(diverging.encoding("color.scale.domain") as? [Double] == [-3, 3])
    #expect((field.object["width"] as? Int).map { $0 % 3 } == 0)
  }

  @Test("holds every number of a box's groups")
  func box() throws {
    let drawn = try Drawn(.box(["a": [1, 2, .nan], "b": [5]]))
    #expect(
      drawn.type == "boxplot" && drawn.texts("series") == ["a", "a", "b"] && drawn.numbers("value") == [1, 2, 5])
    for (theme, ink) in [(Chart.Theme.light, "#1F2328"), (.dark, "#E6E6E6")] {
      let mark = try Drawn(Chart.box(["a": [1, 2]]).themed(theme)).mark
      #expect((mark["ticks"] as? [String: Any])?["color"] as? String == ink)
    }
  }

  @Test("stacks areas, and lays an error band under its line in one colour")
  func area() throws {
    let stacked = try Drawn(.area(x: [0, 0], y: [1, 2], series: ["a", "b"]))
    #expect(stacked.type == "area" && stacked.encoding("y.stack") as? String == "zero")
    let band = try Drawn(.errorBand(y: [2, 3], lower: [1, 2], upper: [4, 5])).layers
    #expect(band.map(\.type) == ["area", "line"])
    #expect(band[0].numbers("lower") == [1, 2] && band[0].numbers("upper") == [4, 5])
    #expect(band[0].mark["color"] as? String == band[1].mark["color"] as? String)
  }

  @Test("shows each count of a confusion matrix over its share of the row")
  func confusion() throws {
    let layers = try Drawn(.confusionMatrix([[3, 1], [0, 0]], names: ["cat", "dog"])).layers
    #expect(layers.map(\.type) == ["rect", "text"])
    #expect(layers[0].numbers("count") == [3, 1, 0, 0] && layers[0].numbers("share") == [0.75, 0.25, 0, 0])
    #expect(layers[0].texts("label") == ["cat", "cat", "dog", "dog"])
    #expect(layers[0].texts("prediction") == ["cat", "dog", "cat", "dog"])
  }

  @Test("shows a classifier's classes as rectangles that fill the plane, with the points over them")
  func boundary() throws {
    let chart = Chart.decisionBoundary(points: [[0.0, 0.0], [10.0, 5.0]], labels: [1, 0], resolution: 10) { places in
      // Scores of two classes: the second wins on the right of x = 5.
      Tensor.stacked([Tensor.zeros([100]), places[.all, 0] - 5], axis: 1)
    }
    let layers = try Drawn(chart).layers
    #expect(layers.map(\.type) == ["rect", "point"])
    #expect(layers[0].rows.count == 20)
    func lengths(_ from: String, _ to: String) -> [Double] {
      zip(layers[0].numbers(to), layers[0].numbers(from)).map { $0 - $1 }
    }
    let area = zip(lengths("x", "x2"), lengths("y", "y2")).map { $0 * $1 }.reduce(0, +)
    #expect(abs(area - 72) < 1e-9)
    let right = zip(layers[0].texts("series"), layers[0].numbers("x")).filter { $0.0 == "1" }.map(\.1)
    #expect(right.count == 10 && right.allSatisfy { abs($0 - 5) < 1e-9 })
    #expect(layers[1].texts("series") == ["0", "1"] && layers[1].numbers("x") == [10, 0])
  }

  @Test("splits points among small multiples, repeats rules in each, and shares the ranges")
  func faceted() throws {
    let chart = Chart.layered([.scatter(x: [1, 2, 3], y: [4, 5, 6]), .rule(y: 5)]).faceted(by: ["a", "b", "a"])
    let drawn = try Drawn(chart)
    #expect(drawn.parts.map { $0.object["title"] as? String } == ["a", "b"])
    #expect(drawn.parts.map { $0.layers[0].numbers("x") } == [[1, 3], [2]])
    #expect(drawn.parts.allSatisfy { $0.layers[1].numbers("y") == [5] })
    let scales = (drawn.object["resolve"] as? [String: Any])?["scale"] as? [String: String]
    #expect(scales == ["x": "shared", "y": "shared"])
  }

  @Test("keeps the first title, scale and size that layers give")
  func layered() throws {
    let chart = Chart.layered([
      .line(y: [1, 2]), Chart.line(y: [1, 2]).x("first").sized(width: 100, height: 50), Chart.line(y: [2]).x("second"),
    ])
    let drawn = try Drawn(chart)
    #expect(drawn.layers.allSatisfy { $0.encoding("x.title") as? String == "first" })
    #expect(drawn.object["width"] as? Int == 100 && drawn.object["height"] as? Int == 50)
  }

  @Test("cuts what lies outside of a range")
  func range() throws {
    let drawn = try Drawn(Chart.line(y: [1, 2, 3]).y(range: 0...2))
    #expect(drawn.encoding("y.scale.domain") as? [Int] == [0, 2] && drawn.mark["clip"] as? Bool == true)
  }

  @Test("goes to notebooks as Vega-Lite, with a line of text")
  func notebook() throws {
    let chart = Chart.lines(["a": [1, 2], "b": [3, 4]]).titled("T").y("loss", unit: "nats", scale: .logarithmic)
    let bundle = chart.notebookDisplay
    #expect(bundle["application/vnd.vegalite.v5+json"] == .text(chart.themed(.page).vegaLite))
    #expect(bundle.text == "line chart \"T\" with 4 points in 2 series (a, b); y: loss / nats (logarithmic)")
  }
}
