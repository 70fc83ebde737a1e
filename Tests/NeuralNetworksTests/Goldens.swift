import Foundation
import TensorCore
import TensorIO
import Testing

/// What PyTorch computed: files in Tests/Goldens, written by scripts/goldens.
struct Goldens {
  let tensors: [String: Tensor]

  init(_ file: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    tensors = try SafeTensors(contentsOf: folder.appending(path: "Goldens/\(file).safetensors")).tensors()
  }

  func callAsFunction(_ name: String) throws -> Tensor { try #require(tensors[name], "no golden named \(name)") }

  /// The tensors whose names start with a prefix, without it.
  func group(_ prefix: String) -> [String: Tensor] {
    var group: [String: Tensor] = [:]
    for (name, tensor) in tensors where name.hasPrefix(prefix) { group[String(name.dropFirst(prefix.count))] = tensor }
    return group
  }

  /// The same, rounded to a dtype: inputs and states are stored in float64.
  func group(_ prefix: String, in dtype: DType) -> [String: Tensor] {
    group(prefix).mapValues { $0.dtype.isFloatingPoint ? $0.cast(to: dtype) : $0 }
  }

  /// The dtypes that the layers' goldens are in.
  static let dtypes: [DType] = [.float64, .float32]

  /// What stands behind a case's name where the results of a dtype begin.
  static func suffix(_ dtype: DType) -> String { dtype == .float64 ? "" : ".\(dtype)" }

  /// How far a layer's numbers may be from PyTorch's: sums in another order.
  static func tolerance(_ dtype: DType) -> Double { dtype == .float64 ? 1e-12 : 5e-6 }
}

/// The largest difference between two tensors, infinite if their shapes or dtypes differ; relative where numbers
/// exceed 1.
func difference(_ a: Tensor, _ b: Tensor) -> Double {
  guard a.shape == b.shape, a.dtype == b.dtype else { return .infinity }
  let (a, b) = (a.detached().cast(to: .float64), b.detached().cast(to: .float64))
  if a.count == 0 { return 0 }
  return ((a - b).abs() / Tensor.maximum(b.abs(), Tensor(1.0, dtype: .float64))).max().item()
}

/// Checks that a process stopped with a message that has all the parts.
func expectMessage(
  _ result: ExitTest.Result?, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let result else { return }
  let message = String(decoding: result.standardErrorContent, as: UTF8.self)
  for part in parts {
    #expect(
      message.contains(part), "the message lacks “\(part)”: \(message.prefix(600))", sourceLocation: sourceLocation)
  }
}
