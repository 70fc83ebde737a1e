import TensorCore
import Testing

@Suite("Every sample of every op")
struct OpGoldenTests {
  /// Where PyTorch's own float64 numbers are less exact.
  static let tolerances: [String: (value: Double, reason: String)] = [
    "creation": (1e-7, "what takes no tensor is float32 by default"),
    "digamma": (1e-9, "PyTorch's derivative of digamma ends its series early"),
    "hardSigmoid": (1e-8, "PyTorch's derivative is 1/6 in float32"),
  ]

  @Test("gives PyTorch's values and gradients")
  func agrees() throws {
    let goldens = try OpGoldens.stored.get()
    var missing: [String] = []
    for tested in Case.all {
      let inputs = tested.sample.tensors(.float64)
      let stored = goldens.list(tested.name, "input")
      let outputs = goldens.list(tested.name, "output")
      guard !outputs.isEmpty, stored.count == inputs.count, zip(stored, inputs).allSatisfy({ same($0, $1) }) else {
        missing.append(tested.name)
        continue
      }
      let found = tested.evaluated(inputs)
      #expect(found.outputs.count == outputs.count, "\(tested.name)")
      for (index, (output, expected)) in zip(found.outputs, outputs).enumerated() {
        #expect(output.dtype.isFloatingPoint == expected.dtype.isFloatingPoint, "\(tested.name)")
        expectClose(
          output, expected, within: Self.tolerances[tested.op.name]?.value ?? 1e-12, "\(tested.name), output \(index)")
      }
      let gradients = goldens.list(tested.name, "gradient")
      #expect(gradients.count == found.gradients.count, "\(tested.name): \(gradients.count) gradients")
      for (index, (gradient, expected)) in zip(found.gradients, gradients).enumerated() {
        expectClose(
          gradient, expected, within: Self.tolerances[tested.op.name]?.value ?? 1e-12,
          "\(tested.name), gradient \(index)")
      }
    }
    #expect(
      missing.isEmpty,
      "no golden, or one of other inputs (see scripts/goldens/ops.py): \(missing.joined(separator: "; "))")
  }

  private func same(_ a: Tensor, _ b: Tensor) -> Bool { a.shape == b.shape && a.doubles == b.doubles }
}

@Suite("Special float32 values")
struct SpecialValueTests {
  /// Where we differ from PyTorch, with our value and the reason.
  static let exceptions: [(op: String, input: Float, value: Float, reason: String)] = [
    (
      "sigmoid", -100, Float(bitPattern: 27),
      "PyTorch computes 1/(1 + e¹⁰⁰), whose denominator overflows; the value is e⁻¹⁰⁰"
    ),
    ("silu", -100, -100 * Float(bitPattern: 27), "as the sigmoid"),
    ("mish", -100, -100 * Float(bitPattern: 27), "PyTorch's is off by a rounding of a subnormal number"),
    ("gelu", .infinity, .infinity, "PyTorch's is NaN in its vectorised part"),
    ("gelu", -3, -0.0040496940, "½(1 + erf) cancels for x < 0; the value is −0.00404969409…"),
    ("gelu", -2.5, -0.015524161, "as for −3"),
    ("gelu", .greatestFiniteMagnitude, .greatestFiniteMagnitude, "x·Φ(x) does not overflow"),
    ("gelu by tanh", -2.5, -0.015084269, "1 + tanh cancels for x < 0; the value is −0.0150842629…"),
    ("gelu by tanh", -3, -0.0036373929, "as for −2.5"),
    ("polygamma", .infinity, 0, "the limit"),
    ("digamma", -0.5, 0.03648998, "PyTorch's is off by 2 units in the sixth digit"),
    ("digamma", 1.5, 0.03648998, "as for −0.5"),
    ("softShrink", -Float(bitPattern: 71_362), 0, "a zero is a zero"),
  ]

  /// Pairs for which PyTorch's value is not the function's.
  static let excluded: [(op: String, where: @Sendable (Float, Float) -> Bool, reason: String)] = [
    ("remainder", { !($0 / $1).isFinite }, "PyTorch's quotient overflows"),
    ("truncatedRemainder", { !($0 / $1).isFinite }, "PyTorch's quotient overflows"),
    ("floorDivided", { !($0 / $1).isFinite }, "PyTorch's quotient overflows"),
  ]

  @Test("give PyTorch's in every element-wise op", arguments: SpecialValues.unary + SpecialValues.binary)
  func special(_ tested: Case) throws {
    let goldens = try OpGoldens.stored.get()
    guard let expected = goldens.tensors["special/\(tested.op.name)"] else {
      Issue.record("no golden of \(tested.op.name)'s special values (see scripts/goldens/ops.py)")
      return
    }
    let inputs = SpecialValues.inputs(tested)
    #expect(
      goldens.tensors["special/values"]?.scalars(as: Float.self).map(\.bitPattern)
        == SpecialValues.all.map(\.bitPattern))
    let output = tested.sample.apply(inputs)[0]
    let columns = inputs.map { $0.scalars(as: Float.self) }
    var wanted = expected.scalars(as: Float.self)
    for exception in Self.exceptions where exception.op == tested.op.name {
      for place in columns[0].indices where columns[0][place] == exception.input { wanted[place] = exception.value }
    }
    let excluded = Self.excluded.first { $0.op == tested.op.name }
    let wrong = zip(output.scalars(as: Float.self), wanted).enumerated().filter { place, pair in
      if let excluded, excluded.where(columns[0][place], columns[1][place]) { return false }
      return !agree(pair.0, pair.1)
    }
    for (place, (found, wanted)) in wrong.prefix(8) {
      Issue.record(
        "\(tested.op.name)(\(columns.map { "\($0[place])" }.joined(separator: ", "))) is \(found), not \(wanted)")
    }
    #expect(wrong.count <= 8, "\(wrong.count) places in all")
  }

  /// The same number but for a few units in the last place; infinities and the signs of zeros exactly.
  private func agree(_ found: Float, _ expected: Float) -> Bool {
    if found.isNaN || expected.isNaN { return found.isNaN && expected.isNaN }
    if found == expected { return found.sign == expected.sign }
    if found.isInfinite || expected.isInfinite { return false }
    return abs(found - expected) <= max(abs(expected) * 1e-6, Float.leastNonzeroMagnitude * 2)
  }
}
