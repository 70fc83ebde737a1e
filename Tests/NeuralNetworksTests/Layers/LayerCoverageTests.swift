import Foundation
import Testing

@Suite("The layers' goldens")
struct LayerCoverageTests {
  /// Layers without one, and why.
  static let without = [
    "Dropout": "its output is random",
    "Dropout1d": "its output is random",
    "Dropout2d": "its output is random",
    "Dropout3d": "its output is random",
    "AlphaDropout": "its output is random",
    "FeatureAlphaDropout": "its output is random",
    "Sequential": "what it holds has goldens",
    "Hooked": "what it holds has goldens",
    "Hardsigmoid": "PyTorch's derivative is 1/6 in float32; the op's golden allows for it",
    "RotaryEncoding": "its op has one",
  ]

  private func swiftFiles(in folder: URL) throws -> [String] {
    let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return try paths.filter { $0.hasSuffix(".swift") }.map { path in
      try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }
  }

  @Test("are there for every public layer")
  func complete() throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let package = tests.deletingLastPathComponent().deletingLastPathComponent()
    let sources = try swiftFiles(in: package.appending(path: "Sources/NeuralNetworks/Layers")).joined()
    let layers = sources.matches(of: /public final class (\w+)[^{\n]*:[^{\n]*(?:Layer|ShapePreserving|Cell|Module)/)
      .map { String($0.output.1) }
    #expect(layers.count > 60)
    // A test that compares with a golden builds the layer: `Linear(`.
    let goldens = try swiftFiles(in: tests).filter { $0.contains("Goldens(") || $0.contains("LayerCase(") }.joined()
    let missing = layers.filter { Self.without[$0] == nil && !goldens.contains("\($0)(") }
    #expect(missing.isEmpty, "no golden for \(missing)")
  }
}
