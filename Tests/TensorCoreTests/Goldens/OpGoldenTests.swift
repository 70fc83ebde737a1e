import Foundation
import TensorCore
import Testing

@Suite("Every sample of every op")
struct OpGoldenTests {
  /// How far we may be from PyTorch, relative to a tensor's largest element: sums in another order, and in bfloat16 roundings between
  /// the steps of what one side has fused.
  static let tolerances: [DType: Double] = [.float64: 1e-12, .float32: 2e-6, .bfloat16: 0.02]

  /// Where PyTorch's own numbers are less exact.
  static let exceptions: [(op: String, dtypes: [DType], tolerance: Double, reason: String)] = [
    ("creation", [.float64, .float32, .bfloat16], 1e-7, "what takes no tensor is float32 by default"),
    ("digamma", [.float64], 1e-9, "PyTorch's derivative of digamma ends its series early"),
    ("hardSigmoid", [.float64], 1e-8, "PyTorch's derivative is 1/6 in float32"),
  ]

  @Test("gives PyTorch's values and gradients", arguments: OpGoldens.dtypes)
  func agrees(_ dtype: DType) throws {
    let complaints = try Self.complaints(dtype)
    #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
  }

  /// What is missing or wrong, sample by sample.
  static func complaints(_ dtype: DType) throws -> [String] {
    let goldens = try OpGoldens.stored.get()
    let prefix = dtype == .float64 ? "" : "\(dtype) "
    var complaints: [String] = []
    for tested in OpGoldens.cases(dtype) {
      let stored = goldens.list(tested.name, "input")
      let outputs = goldens.list(tested.name, prefix + "output")
      if outputs.isEmpty || !same(stored, tested.sample.tensors(.float64)) {
        complaints.append("\(tested.name): no \(dtype) golden, or one of other inputs (see scripts/goldens/all)")
        continue
      }
      let exception = exceptions.first { $0.op == tested.op.name && $0.dtypes.contains(dtype) }
      let tolerance = exception?.tolerance ?? tolerances[dtype] ?? 0
      let found = tested.evaluated(tested.sample.tensors(dtype))
      let gradients = goldens.list(tested.name, prefix + "gradient")
      for (kind, found, expected) in [("output", found.outputs, outputs), ("gradient", found.gradients, gradients)] {
        if found.count != expected.count {
          complaints.append("\(tested.name): \(found.count) \(kind)s in \(dtype), not \(expected.count)")
        }
        for (index, (x, y)) in zip(found, expected).enumerated() {
          let error = x.shape == y.shape ? distance(x.doubles, y.doubles) : .infinity
          if error > (y.dtype.isFloatingPoint ? tolerance : 0) || x.dtype.isFloatingPoint != y.dtype.isFloatingPoint {
            complaints.append("\(tested.name), \(kind) \(index) in \(dtype) is off by \(error): \(x) instead of \(y)")
          }
        }
      }
    }
    return complaints
  }

  private static func same(_ a: [Tensor], _ b: [Tensor]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0.shape == $1.shape && $0.doubles == $1.doubles }
  }
}

@Suite("A lower instruction set")
struct InstructionSetTests {
  /// Those below this processor's own.
  static let lower: [String] = Array(
    ["avx512", "avx2", "portable"].drop { $0 != Runtime.instructionSet }.dropFirst())

  // The set is chosen once in a process, thus a process for each.
  @Test("gives PyTorch's values too", .timeLimit(.minutes(10)), arguments: lower)
  func goldens(_ name: String) async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      [name = name as String] in
      setenv("GLASSBOX_ISA", name, 1)
      var complaints: [String] = []
      for dtype in OpGoldens.dtypes { complaints += try OpGoldenTests.complaints(dtype) }
      for trial in SpecialValues.trials { complaints += try SpecialValueTests.complaints(trial) }
      let report = complaints.isEmpty ? "all is right on \(Runtime.instructionSet)" : complaints.joined(separator: "\n")
      FileHandle.standardError.write(Data(report.utf8))
    }
    let report = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(report.contains("all is right on \(name)"), "\(report)")
  }
}
