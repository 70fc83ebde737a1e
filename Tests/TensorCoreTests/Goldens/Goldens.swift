import Foundation
import TensorCore
import TensorIO

/// What PyTorch gives for every sample of every op: `scripts/goldens/ops.py` makes the files, one for each area of ops, from the
/// samples' own inputs.
struct OpGoldens {
  /// Tensors named `op/sample/input 0`, `… output 0`, `… gradient 0`, `… float32 output 0`.
  let tensors: [String: Tensor]

  static let stored = Result { try OpGoldens() }

  private init() throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let files = try FileManager.default.contentsOfDirectory(
      at: tests.appending(path: "Goldens/ops"), includingPropertiesForKeys: nil)
    var tensors: [String: Tensor] = [:]
    for file in files where file.pathExtension == "safetensors" {
      tensors.merge(try SafeTensors(contentsOf: file).tensors()) { first, _ in first }
    }
    self.tensors = tensors
  }

  /// `op/sample/kind 0`, `kind 1`, … as far as there are any.
  func list(_ name: String, _ kind: String) -> [Tensor] {
    var found: [Tensor] = []
    while let next = tensors["\(name)/\(kind) \(found.count)"] { found.append(next) }
    return found
  }
}

extension OpGoldens {
  static let dtypes: [DType] = [.float64, .float32, .bfloat16]

  /// Ops that PyTorch does not have in bfloat16 on a CPU, or not for all samples.
  static let withoutPyTorchsBFloat16: Set = [
    "quantile", "averagePool3d", "affineGrid", "ctcLoss", "resized, antialiased",
  ]

  /// The samples that have goldens in a dtype: all, but for those of ops that do not take it here or in PyTorch.
  static func cases(_ dtype: DType) -> [Case] {
    if dtype != .bfloat16 { return Case.all }
    return Case.all.filter {
      !PrecisionTests.withoutBFloat16.contains($0.op.name) && !withoutPyTorchsBFloat16.contains($0.op.name)
    }
  }
}
