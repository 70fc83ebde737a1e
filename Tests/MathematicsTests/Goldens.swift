import Foundation
import TensorCore
import TensorIO
import Testing

/// What SciPy and numpy found, by scripts/goldens/mathematics.py.
struct Goldens {
  private let tensors: [String: Tensor]

  init() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    tensors = try SafeTensors(contentsOf: folder.appending(path: "Goldens/mathematics.safetensors")).tensors()
  }

  func callAsFunction(_ name: String) throws -> Tensor { try #require(tensors[name], "no golden \(name)") }

  func numbers(_ name: String) throws -> [Double] { try self(name).scalars(as: Double.self) }
}
