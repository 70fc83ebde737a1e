import Applications
import DataPipelines
import Foundation
import Models
import NeuralNetworks
import Serving
import Synchronization
import Tables
import TensorCore

/// A service on a free port of this machine, for the time of a test.
struct TestServer {
  let port: Int

  static func run(
    _ model: sending ServedModel, _ limits: ServiceLimits = ServiceLimits(),
    _ body: (TestServer) async throws -> Void
  ) async throws {
    let service = ModelService(model, limits: limits)
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    let task = Task {
      defer { continuation.finish() }
      try await service.run(port: 0, signals: false) { continuation.yield($0) }
    }
    for await port in ports {
      do { try await body(TestServer(port: port)) } catch {
        task.cancel()
        throw error
      }
      task.cancel()
    }
    do { try await task.value } catch is CancellationError {}
  }

  func client() throws -> Client { try Client(port) }

  /// A connection for one request.
  func get(_ path: String) async throws -> Client.Response { try await client().get(path) }
  func post(_ path: String, _ json: String) async throws -> Client.Response { try await client().post(path, json) }

  /// The value of a metric without labels, or with these.
  func metric(_ name: String) async throws -> Double? {
    let lines = try await get("/metrics").text.split(separator: "\n")
    return lines.first { $0.hasPrefix(name + " ") }.flatMap { Double($0.dropFirst(name.count + 1)) }
  }

  /// Waits until a condition holds; other tests run beside this one.
  func wait(until condition: () async throws -> Bool) async throws {
    for _ in 0..<3000 {
      if try await condition() { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw Client.Failure(description: "waited for half a minute")
  }
}

/// Models that answer.
enum Sample {
  static let digits = (0..<10).map { "\($0)" }

  static func pictures() -> PictureClassifier {
    let model = LeNet(pictureSize: 8, classes: 10, using: RandomGenerator(seed: 1))
    return PictureClassifier(
      model, preparation: PicturePreparation(size: 8, channels: 1, mean: [0.3], standardDeviation: [0.4]),
      classNames: digits, details: ["seed": "1"])
  }

  static func texts() throws -> TextClassifier {
    let preparation = try TextPreparation(
      fitting: ["a good film", "a bad film", "a good plot", "a bad plot"], network: .cnn)
    let model = TextCNN(
      vocabulary: preparation.vocabularySize, classes: 2, width: 8, filters: 4, using: RandomGenerator(seed: 2))
    return TextClassifier(model, preparation: preparation, classNames: ["bad", "good"])
  }

  static func rows(target: String = "income") throws -> TablePredictor {
    let train = try Table.read(
      csv: "age,sex,born,income\n39,f,1985-01-02,low\n?,m,1990-03-04,high\n53,f,1971-05-06,high\n"
    ).table
    let preparation = try TablePreparation(PreparationPlan(target: target), fitting: train)
    let model = TabularNetwork(
      numbers: preparation.numberNames.count, categories: preparation.categorySizes,
      outputs: target == "income" ? 2 : 1, hidden: [8], using: RandomGenerator(seed: 3))
    return TablePredictor(model, preparation: preparation)
  }

  /// A picture of any size, and the same as JSON.
  static func picture(_ number: Int, height: Int = 8, width: Int = 8) -> (pixels: Tensor, json: String) {
    let values = (0..<(height * width)).map { UInt8(truncatingIfNeeded: ($0 * 37 + number * 101) % 256) }
    let rows = (0..<height).map { row in
      "[" + values[(row * width)..<((row + 1) * width)].map { "\($0)" }.joined(separator: ",") + "]"
    }
    return (Tensor(values, shape: [1, height, width]), "{\"pixels\": [\(rows.joined(separator: ","))]}")
  }
}

/// Closed until it is opened.
final class Gate: Sendable {
  private let state = Mutex((isOpen: false, arrived: 0))

  /// How many came to it.
  var arrived: Int { state.withLock { $0.arrived } }

  func open() { state.withLock { $0.isOpen = true } }

  /// Holds up a model's own thread; never one of those that Swift's tasks share.
  func block() {
    state.withLock { $0.arrived += 1 }
    while !state.withLock({ $0.isOpen }) { usleep(1000) }
  }

  /// Holds up a task.
  func wait() async {
    state.withLock { $0.arrived += 1 }
    while !state.withLock({ $0.isOpen }) { try? await Task.sleep(for: .milliseconds(1)) }
  }
}

/// A model of two classes that computes nothing until its gate is open.
final class GatedModel: Module, Layer {
  private let gate: Gate

  init(_ gate: Gate) { self.gate = gate }

  func callAsFunction(_ x: Tensor) -> Tensor {
    gate.block()
    return Tensor.zeros([x.shape[0], 2])
  }

  func outputShape(for input: Shape) -> Shape { [input[0], 2] }

  static func served(_ gate: Gate) -> ServedModel {
    .pictures(
      PictureClassifier(
        GatedModel(gate), preparation: PicturePreparation(size: 8, channels: 1, mean: [0], standardDeviation: [1]),
        classNames: ["no", "yes"]))
  }
}
