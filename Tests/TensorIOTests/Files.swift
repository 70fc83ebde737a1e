import Foundation
import TensorCore
import TensorIO
import Testing

/// A folder that goes with the object.
final class Folder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "glassbox-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  subscript(name: String) -> URL { url.appending(path: name) }

  /// The names of the files in it, sorted, hidden ones included.
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path())) ?? []).sorted() }
}

/// A file that NumPy or the safetensors reference implementation has written (`scripts/goldens/tensorio.py`).
func golden(_ name: String) -> URL {
  URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Goldens/tensorio/\(name)")
}

func bytes(_ url: URL) throws -> [UInt8] { [UInt8](try Data(contentsOf: url)) }

/// The values that the script puts into arrays of each dtype.
func numbers(_ dtype: DType, _ shape: Shape) -> Tensor {
  let i = Array(0..<shape.elementCount)
  switch dtype {
  case .float32, .float64, .bfloat16: return Tensor(i.map { Double($0) / 2 - 2 }, shape: shape, dtype: dtype)
  case .int32, .int64: return Tensor(i.map { 3 * $0 - 5 }, shape: shape, dtype: dtype)
  case .uint8: return Tensor(i.map { 3 * $0 }, shape: shape, dtype: dtype)
  case .bool: return Tensor(i.map { $0 % 3 == 0 }, shape: shape)
  }
}

/// Whether two tensors have the same shape, dtype and bits.
func same(_ a: Tensor, _ b: Tensor) -> Bool {
  a.shape == b.shape && a.dtype == b.dtype
    && a.withUnsafeBytes { x in b.withUnsafeBytes { y in x.elementsEqual(y) } }
}

/// Every dtype, odd shapes, and values of all bit patterns that matter.
let assortment: [String: Tensor] = [
  "float32": numbers(.float32, [2, 3]), "float64": numbers(.float64, [5]), "bfloat16": numbers(.bfloat16, [3, 1]),
  "int32": numbers(.int32, [1, 2, 3]), "int64": numbers(.int64, [4]), "uint8": numbers(.uint8, [7]),
  "bool": numbers(.bool, [3, 3]), "scalar": numbers(.float32, []), "empty": numbers(.float64, [2, 0, 3]),
  "transposed": numbers(.float32, [2, 3]).transposed(0, 1), "größe \"1\"\n\u{1}": numbers(.int32, [2]),
  "special": Tensor([Float.nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude]),
  "extremes": Tensor([Int64.min, .max, 0, -1]), "": numbers(.float32, [1]),
]

/// The message of the error that reading ends with; nil when it succeeds.
func message(_ body: () throws(FileError) -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return error.description
  }
}

/// Checks that reading fails, with a message that has all these parts.
func expectFailure(
  _ parts: String..., at location: SourceLocation = #_sourceLocation, body: () throws(FileError) -> Void
) {
  guard let message = message(body) else {
    Issue.record("nothing was thrown; expected \(parts)", sourceLocation: location)
    return
  }
  for part in parts { #expect(message.contains(part), "\(message)", sourceLocation: location) }
}
