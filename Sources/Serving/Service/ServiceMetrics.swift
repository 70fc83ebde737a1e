import Synchronization

/// What the service counts, as Prometheus reads it.
final class ServiceMetrics: Sendable {
  private struct Series: Hashable, Comparable {
    let route: String
    let status: Int

    static func < (a: Series, b: Series) -> Bool { (a.route, a.status) < (b.route, b.status) }
  }

  /// How many requests took how long: cumulative counts come from these when they are read.
  private struct Histogram {
    var counts = [Int](repeating: 0, count: ServiceMetrics.bounds.count + 1)
    var sum = 0.0
  }

  private struct Counts {
    var requests: [Series: Int] = [:]
    var seconds: [String: Histogram] = [:]
  }

  /// Upper bounds, in seconds.
  private static let bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  private let counts = Mutex(Counts())

  func record(route: String, status: Int, seconds: Double) {
    let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
    counts.withLock {
      $0.requests[Series(route: route, status: status), default: 0] += 1
      $0.seconds[route, default: Histogram()].counts[bucket] += 1
      $0.seconds[route, default: Histogram()].sum += seconds
    }
  }

  /// The text format 0.0.4.
  func text(queue: Int, batches: Int, batchedRequests: Int) -> String {
    let counts = counts.withLock { $0 }
    var text = Self.head("glassbox_requests_total", "counter", "Requests by route and status.")
    for (series, count) in counts.requests.sorted(by: { $0.key < $1.key }) {
      text += "glassbox_requests_total{route=\"\(series.route)\",status=\"\(series.status)\"} \(count)\n"
    }
    let name = "glassbox_request_seconds"
    text += Self.head(
      name, "histogram", "From a request's head to its response's: for streams, before the first piece.")
    for (route, histogram) in counts.seconds.sorted(by: { $0.key < $1.key }) {
      var sum = 0
      for (bound, count) in zip(Self.bounds.map { "\($0)" } + ["+Inf"], histogram.counts) {
        sum += count
        text += "\(name)_bucket{route=\"\(route)\",le=\"\(bound)\"} \(sum)\n"
      }
      text += "\(name)_sum{route=\"\(route)\"} \(histogram.sum)\n\(name)_count{route=\"\(route)\"} \(sum)\n"
    }
    for (name, kind, help, value) in [
      ("glassbox_queue_length", "gauge", "Requests that wait for the model.", queue),
      ("glassbox_batches_total", "counter", "Batches that the model computed.", batches),
      ("glassbox_batched_requests_total", "counter", "Requests in them.", batchedRequests),
    ] {
      text += Self.head(name, kind, help) + "\(name) \(value)\n"
    }
    return text
  }

  private static func head(_ name: String, _ kind: String, _ help: String) -> String {
    "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
  }
}
