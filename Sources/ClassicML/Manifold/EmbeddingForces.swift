import CClassicML
import Foundation
import TensorCore

/// The divergence KL(P‖Q) of places y, and its gradient, where qᵢⱼ = wᵢⱼ/Z with wᵢⱼ = 1/(1 + ‖yᵢ − yⱼ‖²) and Z = Σ wᵢⱼ.
package protocol EmbeddingForces {
  /// 4·(e·Σⱼ pᵢⱼwᵢⱼ(yᵢ − yⱼ) − Σⱼ wᵢⱼ²(yᵢ − yⱼ)/Z) with an exaggeration e, [samples, dimensions] (van der Maaten 2014,
  /// equation 8).
  func gradient(at y: Tensor, exaggeration: Double) -> Tensor
  /// Σ p·ln p − Σ p·ln w + ln Z.
  func divergence(at y: Tensor) -> Double
}

/// By a tree of cells, and p of near samples alone.
package struct TreeForces: EmbeddingForces {
  let affinities: Affinities
  let angle: Float
  let dimensions: Int

  package init(_ affinities: Affinities, angle: Double, dimensions: Int) {
    (self.affinities, self.angle, self.dimensions) = (affinities, Float(angle), dimensions)
  }

  package func gradient(at y: Tensor, exaggeration: Double) -> Tensor {
    let (pulls, _) = attraction(y, isMeasured: false)
    let (pushes, z) = repulsion(y)
    return (pulls.cast(to: .float64) * exaggeration - pushes.cast(to: .float64) / z) * 4
  }

  package func divergence(at y: Tensor) -> Double {
    affinities.negativeEntropy + attraction(y, isMeasured: true).cost + log(repulsion(y).z)
  }

  private func repulsion(_ y: Tensor) -> (forces: Tensor, z: Double) {
    var forces = Tensor.zeros(y.shape, dtype: .float32)
    let z = y.cast(to: .float32).withUnsafeBuffer(of: Float.self) { y in
      forces.withUnsafeMutableBuffer(of: Float.self) { forces in
        gb_repulsion(affinities.count, Int32(dimensions), angle, y.baseAddress, forces.baseAddress)
      }
    }
    return (forces, z)
  }

  private func attraction(_ y: Tensor, isMeasured: Bool) -> (forces: Tensor, cost: Double) {
    var forces = Tensor.zeros(y.shape, dtype: .float32)
    var costs = Tensor.zeros([isMeasured ? affinities.count : 0], dtype: .float64)
    y.cast(to: .float32).withUnsafeBuffer(of: Float.self) { y in
      forces.withUnsafeMutableBuffer(of: Float.self) { forces in
        costs.withUnsafeMutableBuffer(of: Double.self) { costs in
          gb_attraction(
            affinities.count, Int32(dimensions), y.baseAddress, affinities.starts, affinities.neighbours, affinities.p,
            forces.baseAddress, isMeasured ? costs.baseAddress : nil)
        }
      }
    }
    return (forces, costs.sum().item())
  }
}

/// By all pairs: what the tree is measured against.
package struct ExactForces: EmbeddingForces {
  /// [samples, samples]
  let p: Tensor

  package init(_ p: Tensor) { self.p = p }

  /// w, with zeros where i = j.
  private func weights(_ y: Tensor) -> Tensor {
    let squares = y.square().sum(axis: 1, keepingDimensions: true)
    let distances = (squares + squares.transposed(0, 1) - matmul(y, y.transposed(0, 1)) * 2).clamped(to: 0...)
    return (distances + 1).reciprocal() * (Tensor.eye(y.shape[0], dtype: .float64) * -1 + 1)
  }

  package func gradient(at y: Tensor, exaggeration: Double) -> Tensor {
    let w = weights(y)
    let forces = (p * exaggeration - w / w.sum()) * w
    return (y * forces.sum(axis: 1, keepingDimensions: true) - matmul(forces, y)) * 4
  }

  package func divergence(at y: Tensor) -> Double {
    let w = weights(y)
    let least = 2.2e-16
    let ratios = (p.clamped(to: least...) / (w / w.sum()).clamped(to: least...)).log()
    return (p * ratios).sum().item()
  }
}
