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
    var tensors: [String: Tensor] = [
      "special/values": Tensor(SpecialValues.all), "special/rows": Tensor(SpecialValues.rows.flatMap { $0 }),
    ]
    func add(_ name: String, _ tested: Case, _ inputs: [Tensor]) {
      for (index, input) in inputs.enumerated() { tensors["\(name)/input \(index)"] = input }
      for (index, weights) in outputWeights(tested.sample.apply(inputs)).enumerated() {
        tensors["\(name)/weights \(index)"] = weights
      }
    }
    for tested in Case.all {
      let inputs = tested.sample.tensors(.float64)
      add(tested.name, tested, inputs)
      // Which elements dropout keeps is our own choice; the script applies it.
      if tested.op.name == "dropout" {
        let kept = tested.sample.apply([Tensor.ones(like: inputs[0])])[0] .!= 0
        tensors["\(tested.name)/kept"] = kept
      }
    }
    for trial in SpecialValues.trials { add("special/\(trial.tested.name)", trial.tested, trial.inputs) }
    var metadata = [
      "constant": Op.registry.filter { $0.derivative == .none }.map(\.name).joined(separator: ";"),
      "special": SpecialValues.trials.map(\.tested.name).joined(separator: ";"),
    ]
    for dtype in OpGoldens.dtypes {
      metadata["\(dtype)"] = OpGoldens.cases(dtype).map(\.name).joined(separator: ";")
    }
    try SafeTensors.write(tensors, metadata: metadata, to: URL(filePath: SampleInputs.target ?? ""))
  }
}
