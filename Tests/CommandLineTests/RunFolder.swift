import Foundation
import Testing

/// A run folder, as another program reads it.
struct RunFolder {
  let url: URL

  private func data(_ name: String) throws -> Data { try Data(contentsOf: url.appending(path: name)) }

  func object(_ name: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: data(name)) as? [String: Any])
  }

  /// The lines of `metrics.jsonl` without times, each written in one way.
  var metrics: [String] {
    get throws {
      try data("metrics.jsonl").split(separator: 10).map { line in
        var object = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
        for key in ["seconds", "samples_per_second", "waiting_seconds"] {
          #expect(object.removeValue(forKey: key) != nil)
        }
        return String(
          decoding: try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]), as: UTF8.self)
      }
    }
  }

  /// The hash of the final weights.
  var weights: String { get throws { try #require(try object("result.json")["weights_sha256"] as? String) } }

  /// A figure of the test: `accuracy`.
  func figure(_ name: String) throws -> Double {
    let figures = try #require(try object("result.json")["figures"] as? [String: Double])
    return try #require(figures[name])
  }

  /// Every file's bytes by name.
  var contents: [String: Data] {
    get throws {
      let names = try FileManager.default.contentsOfDirectory(atPath: url.path(percentEncoded: false))
      return Dictionary(uniqueKeysWithValues: try names.map { ($0, try data($0)) })
    }
  }
}
