import DataPipelines
import Foundation
import Learning
import Mathematics
import Plotting
import TensorCore
import Testing

/// A chart of every kind: what the tests look at, and what scripts/verify-charts draws.
enum SampleCharts {
  static let all: [String: Chart] = {
    let epochs = 1...30
    let loss = epochs.map { epoch -> Double in 2.2 * exp(-Double(epoch) / 6) + 0.08 }
    let test = epochs.map { epoch -> Double in 2.2 * exp(-Double(epoch) / 7) + 0.16 + 0.004 * Double(epoch) }
    let noise = Tensor(normals(400))
    let angle = (0..<60).map { Double($0) / 60 * 6.3 }
    let (moonX, moonY, moons) = SampleCharts.moons
    let hills = grid(40, SampleCharts.peaks)
    let kinds = angle.indices.map { ["adam", "sgd", "rmsprop"][$0 % 3] }
    let curves = Chart.lines(x: epochs, ["training": loss, "test": test])
    let scatter = Chart.scatter(x: moonX, y: moonY, classes: moons, names: ["upper", "lower"])
    let runs = angle.map(sin)
    // One by one: the compiler would look at them all at once in a literal.
    var charts: [String: Chart] = [:]
    charts["line"] = curves.titled("Digits").x("epoch").y("loss", unit: "nats")
    charts["logarithmic"] = curves.x("epoch").y("loss", unit: "nats", scale: .logarithmic).titled(
      "On a logarithmic axis")
    charts["points"] = Chart.line(x: [1, 2, 4, 8], y: [0.9, .nan, 0.5, 0.4], hasPoints: true, isDashed: true)
      .x("threads", scale: .logarithmic).y("time", unit: "s")
    charts["scatter"] = scatter.titled("Two moons").x("x₁").y("x₂").legend("class")
    charts["bar"] = Chart.bar(["SGD", "Adam", "AdamW", "Lion"], [0.912, 0.938, 0.941, 0.933]).y("accuracy").titled(
      "By optimiser")
    charts["grouped"] = Chart.bar(
      ["mlp", "mlp", "lenet", "lenet"], [2.8, 3.2, 1.9, 2.4],
      series: ["1 thread", "2 threads", "1 thread", "2 threads"]
    )
    .y("speed-up").legend("threads")
    charts["horizontal"] = Chart.bar(["convolution", "matrix product", "attention"], [3, 5, 2], isHorizontal: true).x(
      "share", unit: "%")
    charts["importances"] = Chart.importances(
      ["age", "education", "hours per week", "marital status"].enumerated().map { index, name in
        ColumnImportance(columns: [name], worsenings: normals(5, seed: 2).map { 0.01 * Double(index) + 0.003 * $0 })
      }
    ).titled("What an income depends on").x("fall of the accuracy")
    let rates = (0..<60).map { 1e-6 * pow(10, Double($0) / 10) }
    let falling = rates.map { 0.4 + 1.9 / (1 + pow($0 / 3e-3, 0.9)) + pow($0 / 0.3, 2) }
    charts["rates"] = RateFinding(rates: rates, losses: falling).chart.titled("Which learning rate")
    charts["projection"] = Chart.projection(
      Tensor.stacked([Tensor(moonX), Tensor(moonY)], axis: 1), labels: moons, names: ["upper", "lower"]
    ).titled("What the last layer makes of them").legend("class")
    charts["histogram"] = Chart.histogram(noise).x("weight").titled("Initial weights")
    charts["heatmap"] = Chart.heatMap(Tensor(normals(48)).reshaped([6, 8]), colors: .diverging).x("input").y("output")
      .legend(
        "weight")
    charts["field"] = Chart.heatMap(hills, x: -3...3, y: -3...3).x("x").y("y").legend("height").titled("Peaks")
    let valley = TestFunction.rosenbrock
    let newton = NewtonMethod().minimise(valley.f, from: valley.start, recordingPath: true)
    let simplex = NelderMead().minimise(valley.f, from: valley.start, recordingPath: true)
    charts["descents"] = Chart.descents(
      on: valley.f, ["Newton": newton, "Nelder–Mead": simplex], x: -2...2, y: -1...3, resolution: 60
    ).titled("Along Rosenbrock's valley").x("x").y("y").legend("method")
    charts["box"] = Chart.box([
      "SGD": normals(40), "Adam": normals(40, seed: 9).map { $0 * 0.5 + 1 },
      "Lion": normals(30, seed: 4).map { $0 + 0.3 },
    ])
    .y("reward")
    charts["area"] = Chart.area(
      x: Array(0..<20) + Array(0..<20), y: (0..<40).map { 1.0 + Double($0 % 20 % 7) },
      series: (0..<40).map { $0 < 20 ? "exploration" : "exploitation" }
    ).x("step").y("actions")
    charts["band"] = Chart.layered([
      .errorBand(x: angle, y: runs, lower: runs.map { $0 - 0.3 }, upper: runs.map { $0 + 0.3 }, name: "PPO"),
      .errorBand(
        x: angle, y: runs.map { $0 / 2 }, lower: runs.map { $0 / 2 - 0.2 }, upper: runs.map { $0 / 2 + 0.2 },
        name: "DQN"),
    ]).x("step").y("return")
    charts["contour"] = Chart.contour(hills, x: -3...3, y: -3...3).x("x").y("y").legend("height")
    charts["images"] = Chart.imageGrid(pictures, captions: (0..<6).map { "picture \($0)" }, columns: 3).titled(
      "Pictures")
    charts["batch"] = Batch(inputs: pictures, targets: Tensor([0, 1, 2, 0, 1, 2])).pictures(
      names: ["cat", "dog", "bird"], predictions: Tensor([0, 1, 1, 0, 2, 2]), columns: 3)
    charts["confusion"] = Chart.confusionMatrix(
      [[50, 2, 0], [4, 44, 1], [0, 3, 47]], names: ["cat", "dog", "bird"]
    ).titled(
      "Animals")
    charts["boundary"] = Chart.decisionBoundary(
      points: Tensor.stacked([Tensor(moonX), Tensor(moonY)], axis: 1), labels: moons, names: ["upper", "lower"],
      resolution: 60
    ) { places in
      (places[.all, 1] .< places[.all, 0] * 4.0.squareRoot() - 0.7).cast(to: .int64)
    }.titled("A line between moons").x("x₁").y("x₂")
    charts["annotations"] = Chart.layered([
      curves, .rule(x: 20, "best epoch"), .rule(y: 0.3, "baseline"), .text("overfitting", x: 24, y: 0.6),
    ]).x("epoch").y("loss", unit: "nats")
    charts["layered"] = Chart.layered([
      .contour(hills, x: -3...3, y: -3...3, isColored: false),
      .scatter(x: [0, -1, 1.3], y: [1.6, 0, -0.4], name: "minima"),
      .line(x: [-2, -1, -0.3], y: [-2, -1.7, -1.6], name: "path", hasPoints: true),
    ])
    charts["fitted"] = Chart.layered([
      .scatter(x: angle, y: zip(runs, normals(60)).map { $0 + 0.2 * $1 }), .line(x: angle, y: runs),
    ])
    charts["faceted"] = Chart.layered([
      .scatter(x: angle, y: runs, series: kinds), .rule(y: 0),
    ]).x("angle", unit: "rad").y("sine").faceted(by: kinds)
    charts["beside"] = Chart.beside([curves.titled("Loss").x("epoch"), scatter.titled("Data")])
    charts["range"] = Chart.line(x: epochs, y: loss).x("epoch", range: 5...20).y("loss", range: 0...1)
    return charts.merging(estimators) { chart, _ in chart }
  }()

  /// Heights over the square from −3 to 3, rows upwards.
  static func grid(_ count: Int, _ height: (Double, Double) -> Double) -> [[Double]] {
    let places = (0..<count).map { -3 + 6 * Double($0) / Double(count - 1) }
    return places.map { y in places.map { x in height(x, y) } }
  }

  static func normals(_ count: Int, seed: UInt64 = 1) -> [Double] {
    Tensor.normal([count], dtype: .float64, using: RandomGenerator(seed: seed)).scalars(as: Double.self)
  }

  private static let moons: ([Double], [Double], [Int]) = {
    let noise = normals(160)
    let classes = (0..<80).map { $0 % 2 }
    let angles = (0..<80).map { Double($0) / 80 * .pi }
    func moon(_ index: Int) -> (Double, Double) {
      let (across, up) = (cos(angles[index]), sin(angles[index]))
      let (x, y) = classes[index] == 0 ? (across, up) : (1 - across, 0.5 - up)
      return (x + 0.1 * noise[index], y + 0.1 * noise[80 + index])
    }
    let places = classes.indices.map(moon)
    return (places.map(\.0), places.map(\.1), classes)
  }()

  /// MATLAB's `peaks`.
  private static func peaks(_ x: Double, _ y: Double) -> Double {
    let first: Double = 3 * (1 - x) * (1 - x) * exp(-x * x - (y + 1) * (y + 1))
    let hollow: Double = x / 5 - x * x * x - y * y * y * y * y
    let second: Double = 10 * hollow * exp(-x * x - y * y)
    return first - second - exp(-(x + 1) * (x + 1) - y * y) / 3
  }

  private static let pictures: Tensor = {
    func pixel(_ index: Int) -> Double {
      let (picture, row, column) = (index / 144, index / 12 % 12, index % 12)
      return Double((row * picture + column * (5 - picture)) % 12) / 11
    }
    return Tensor((0..<(6 * 144)).map(pixel), shape: [6, 12, 12])
  }()

  /// scripts/verify-charts asks for them, to have them drawn by Vega.
  @Test(
    "are written where GLASSBOX_CHARTS names a folder",
    .enabled(if: ProcessInfo.processInfo.environment["GLASSBOX_CHARTS"] != nil))
  static func write() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["GLASSBOX_CHARTS"])
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, chart) in all {
      for theme in Chart.Theme.allCases { try chart.themed(theme).save("\(folder)/\(name)-\(theme.rawValue).json") }
    }
  }
}
