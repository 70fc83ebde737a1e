import Foundation
import TensorCore
import TensorIO
import Testing

@Suite("The samples' inputs")
struct SampleInputs {
  static let target = ProcessInfo.processInfo.environment["GLASSBOX_SAMPLES"]

  // The first half of making goldens: GLASSBOX_SAMPLES=FILE writes what scripts/goldens/ops.py reads.
  @Test("are written for the goldens' script", .enabled(if: target != nil))
  func write() throws {
    var tensors: [String: Tensor] = ["special/values": Tensor(SpecialValues.all)]
    for tested in Case.all {
      let inputs = tested.sample.tensors(.float64)
      for (index, input) in inputs.enumerated() { tensors["\(tested.name)/input \(index)"] = input }
      for (index, weights) in outputWeights(tested.sample.apply(inputs)).enumerated() {
        tensors["\(tested.name)/weights \(index)"] = weights
      }
      // Which elements dropout keeps is our own choice; the script applies it.
      if tested.op.name == "dropout" {
        let kept = tested.sample.apply([Tensor.ones(like: inputs[0])])[0] .!= 0
        tensors["\(tested.name)/kept"] = kept
      }
    }
    let metadata = [
      "unary": SpecialValues.unary.map(\.op.name).joined(separator: ";"),
      "binary": SpecialValues.binary.map(\.op.name).joined(separator: ";"),
      "constant": Op.registry.filter { $0.derivative == .none }.map(\.name).joined(separator: ";"),
      "samples": Case.all.map(\.name).joined(separator: ";"),
    ]
    try SafeTensors.write(tensors, metadata: metadata, to: URL(filePath: SampleInputs.target ?? ""))
  }
}
