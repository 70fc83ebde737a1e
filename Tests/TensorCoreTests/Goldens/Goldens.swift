import Foundation
import TensorCore
import TensorIO

/// What PyTorch gives for every sample of every op: `scripts/goldens/ops.py` makes the files, one for each area of ops, from the
/// samples' own inputs.
struct OpGoldens {
  /// Tensors named `op/sample/input 0`, `… output 0`, `… gradient 0`.
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

/// Single-precision numbers where functions are told apart: not numbers, infinities, zeros of both signs, numbers below the normal
/// range, the largest, and those next to where exp overflows or underflows.
enum SpecialValues {
  static let all: [Float] = [
    .nan, .infinity, -.infinity, 0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3, -3, 1e-3, -1e-3, 20, -20, 88.5, 89, -87,
    -100, -104, 1e10,
    -1e10, 1e-10, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNormalMagnitude, -.leastNormalMagnitude,
    .leastNonzeroMagnitude, -.leastNonzeroMagnitude, Float(bitPattern: 71_362), -Float(bitPattern: 71_362),
  ]

  /// Element-wise ops of one tensor, by the samples that are taken to call them.
  static let unary: [Case] = Case.all.filter {
    $0.sample.label == "matrix" && $0.sample.inputs.count == 1 && $0.sample.inputs[0].shape == [3, 5]
      && $0.op.name != "not"
  }

  /// Element-wise ops of two tensors.
  static let binary: [Case] = Case.all.filter {
    $0.sample.label == "same shape" && $0.sample.inputs.count == 2 && !["and", "or", "xor"].contains($0.op.name)
  }

  /// Inputs for one of them: every number, or every pair.
  static func inputs(_ tested: Case) -> [Tensor] {
    let x = Tensor(all)
    if tested.sample.inputs.count == 1 { return [x] }
    let n = all.count
    return [x.unsqueezed(1).expanded(to: [n, n]).contiguous(), x.unsqueezed(0).expanded(to: [n, n]).contiguous()]
  }
}
