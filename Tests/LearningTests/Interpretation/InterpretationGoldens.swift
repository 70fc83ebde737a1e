import Foundation
import TensorCore
import TensorIO
import Testing

/// scikit-learn's numbers, written by scripts/goldens/interpretation.py.
enum InterpretationGoldens {
  private static let tensors = Result {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try SafeTensors(contentsOf: folder.appending(path: "Goldens/interpretation.safetensors")).tensors()
  }

  static func tensor(_ name: String) throws -> Tensor { try #require(tensors.get()[name], "no golden named \(name)") }
}
