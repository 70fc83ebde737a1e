import NeuralNetworks
import TensorCore

extension LayerChain {
  /// The last place at which a layer stands in the chain. Stops when it is not there.
  func place(of layer: any Layer, for op: String) -> Int {
    let chain = chain
    if let place = chain.lastIndex(where: { $0 === layer }) { return place }
    stop(
      op, "\(layer.title) is not in the chain of \(title)",
      fix: "pass one of \(chain.map(\.title).joined(separator: ", "))")
  }
}
