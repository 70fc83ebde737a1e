import Foundation
import Plotting
import Testing

/// A chart as another program reads it.
struct Drawn {
  let object: [String: Any]

  init(_ chart: Chart) throws { try self.init(chart.vegaLite) }

  init(_ vegaLite: String) throws {
    object = try #require(try JSONSerialization.jsonObject(with: Data(vegaLite.utf8)) as? [String: Any])
  }

  private init(_ object: [String: Any]) { self.object = object }

  /// The charts side by side; itself where there is one.
  var parts: [Drawn] { (object["concat"] as? [[String: Any]])?.map(Drawn.init) ?? [self] }
  var layers: [Drawn] { (object["layer"] as? [[String: Any]])?.map(Drawn.init) ?? [self] }

  var rows: [[String: Any]] { ((object["data"] as? [String: Any])?["values"] as? [[String: Any]]) ?? [] }
  func numbers(_ field: String) -> [Double] { rows.compactMap { $0[field] as? Double } }
  func texts(_ field: String) -> [String] { rows.compactMap { $0[field] as? String } }

  var mark: [String: Any] { object["mark"] as? [String: Any] ?? [:] }
  var type: String { mark["type"] as? String ?? "" }

  /// A value in the encoding, by its path: `y.scale.type`.
  func encoding(_ path: String) -> Any? {
    path.split(separator: ".").reduce(object["encoding"]) { ($0 as? [String: Any])?[String($1)] }
  }
}
