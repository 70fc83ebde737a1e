import EvaluationMetrics
import Foundation
import TensorCore
import TensorIO
import Testing

/// What scikit-learn computed: Tests/Goldens/metrics.safetensors, written by scripts/goldens/metrics.py.
enum MetricGoldens {
  static let tensors: [String: Tensor] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return (try? SafeTensors(contentsOf: folder.appending(path: "Goldens/metrics.safetensors")).tensors()) ?? [:]
  }()

  /// The names of the cases that begin so.
  static func cases(_ prefix: String) -> [String] {
    tensors.keys.filter { $0.hasSuffix(".predictions") }.map { String($0.dropLast(".predictions".count)) }
      .filter { $0 == prefix || $0.hasPrefix(prefix + ".") }.sorted()
  }

  static func expected(_ name: String) throws -> [Double] {
    try #require(tensors[name], "no golden named \(name)").scalars(as: Double.self)
  }
}

/// Checks a metric three ways: all samples at once, in batches, and in shards that are merged.
func check<M: Metric>(
  _ metric: M, _ golden: String, in group: String, sourceLocation: SourceLocation = #_sourceLocation,
  _ read: (M) -> [Double]
) throws {
  let (predictions, targets) = (
    try #require(MetricGoldens.tensors["\(group).predictions"]), try #require(MetricGoldens.tensors["\(group).targets"])
  )
  let expected = try MetricGoldens.expected("\(group)/\(golden)")
  let count = targets.shape[0]
  func fill(_ places: Range<Int>, by step: Int) throws -> M {
    var filled = metric
    for start in stride(from: places.lowerBound, to: places.upperBound, by: step) {
      let rows = start..<min(start + step, places.upperBound)
      try filled.add(predictions: predictions[rows], targets: targets[rows])
    }
    return filled
  }
  var merged = try fill(count / 3..<count, by: 11)
  merged.merge(try fill(0..<count / 3, by: 5))
  merged.merge(metric)
  var late = metric
  late.merge(merged)
  for (way, filled) in [
    ("whole", try fill(0..<count, by: count)), ("batches", try fill(0..<count, by: 7)), ("shards", late),
  ] {
    let found = read(filled)
    let isSame =
      found.count == expected.count
      && zip(found, expected).allSatisfy { $0.isNaN ? $1.isNaN : abs($0 - $1) <= 1e-11 * max(1, abs($1)) }
    #expect(isSame, "\(group), \(way): \(golden) is \(found), not \(expected)", sourceLocation: sourceLocation)
  }
}
