import Foundation
import TensorCore
import TensorIO
import Testing

/// scikit-learn's wine data, and what it learned from them: scripts/goldens/from_scratch.py.
struct Wine {
  private let tensors: [String: Tensor]
  /// [178, 13], of mean 0 and deviation 1.
  let x: Tensor
  /// [178], 0 to 2.
  let labels: Tensor

  init() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    tensors = try SafeTensors(contentsOf: folder.appending(path: "Goldens/from_scratch.safetensors")).tensors()
    x = try #require(tensors["x"])
    labels = try #require(tensors["labels"]).cast(to: .int64)
  }

  func golden(_ name: String) throws -> Tensor { try #require(tensors[name], "no golden \(name)") }

  var targets: Tensor { labels.oneHot(classes: 3, dtype: .float64) }
}

/// The largest |a − b| beside the largest |b|.
func relativeError(_ a: Tensor, _ b: Tensor) -> Double {
  (a - b).abs().max().item() / max(b.abs().max().item(), 1e-300)
}

/// The derivative of f by each element of x, by differences of the fourth order: (8·(f₁ − f₋₁) − (f₂ − f₋₂))/12h.
func differences(of f: (Tensor) -> Tensor, at x: Tensor, step: Double = 1e-3) -> Tensor {
  let values = x.scalars(as: Double.self)
  let slopes = values.indices.map { i in
    func value(at multiple: Double) -> Double {
      var moved = values
      moved[i] += multiple * step
      return f(Tensor(moved, dtype: .float64).reshaped(x.shape)).item()
    }
    return (8 * (value(at: 1) - value(at: -1)) - (value(at: 2) - value(at: -2))) / (12 * step)
  }
  return Tensor(slopes, dtype: .float64).reshaped(x.shape)
}
