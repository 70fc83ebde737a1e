import TensorCore
import Testing

@Suite("Special float32 values")
struct SpecialValueTests {
  /// Where our value differs from PyTorch's, and the reason.
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

  /// One number that an op gave, or one of a gradient, with PyTorch's and, where there is one for each, the inputs at its place.
  struct Place {
    let inputs: [Float]
    let found, expected: Float
    var x: Float { inputs[0] }
  }

  typealias Exclusion = (kind: String, ops: [String], where: @Sendable (Place) -> Bool, reason: String)

  /// Places at which PyTorch's number is not the function's, or one of several that are as good.
  static let excluded: [Exclusion] = [
    (
      "output", ["remainder", "truncatedRemainder", "floorDivided"], { !($0.x / $0.inputs[1]).isFinite },
      "PyTorch's quotient overflows"
    ),
    (
      "output", ["standardDeviation"], { $0.found == 0 || $0.found.isInfinite },
      "the variance overflows or underflows, of which it is the root"
    ),
    ("gradient", ["standardDeviation"], { $0.found == 0 }, "as its value"),
    ("gradient", ["variance"], { !$0.found.isFinite }, "NaN or infinite in a row with an infinity"),
    ("gradient", ["max", "min", "nanMax", "nanMin"], { _ in true }, "of equals, the first gets it all here"),
    ("gradient", ["clamped"], { $0.x == -1 }, "0 in PyTorch at the edges; the value is x there"),
    ("gradient", ["logit"], { !($0.x > 0 && $0.x < 1) }, "outside 0…1, where the value is NaN"),
    ("gradient", ["digamma"], { $0.x < 0 }, "PyTorch's trigamma is inexact near the poles and finite at them"),
    ("gradient", ["polygamma"], { $0.x == .infinity }, "the limit"),
    ("gradient", ["sinc"], { abs($0.x) <= 1e-3 }, "PyTorch's difference cancels"),
    ("gradient", ["norm"], { abs($0.x) < 1e-19 }, "the squares underflow in PyTorch"),
    ("gradient", ["square"], { abs($0.x) > 1e38 }, "2x overflows in PyTorch before it is multiplied"),
    ("gradient", ["nanMean"], { $0.x.isNaN }, "PyTorch divides 0 by 0 where nothing is counted"),
    ("gradient", ["copySign"], { !$0.x.isFinite }, "PyTorch divides infinities"),
    (
      "gradient", ["cumulativeProduct"], { !$0.expected.isFinite || abs($0.x) < 1e-19 },
      "PyTorch divides by elements"
    ),
    ("gradient", ["atan2"], { max(abs($0.x), abs($0.inputs[1])) < 1e-9 }, "x² + y² underflows in PyTorch"),
  ]

  @Test("give PyTorch's in every element-wise op and reduction", arguments: SpecialValues.trials)
  func special(_ trial: SpecialValues.Trial) throws {
    let complaints = try Self.complaints(trial)
    #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
  }

  @Test("are those that the goldens were made of")
  func inputs() throws {
    let goldens = try OpGoldens.stored.get()
    func bits(_ x: Tensor?) -> [UInt32]? { x?.scalars(as: Float.self).map(\.bitPattern) }
    #expect(bits(goldens.tensors["special/values"]) == SpecialValues.all.map(\.bitPattern))
    #expect(bits(goldens.tensors["special/rows"]) == SpecialValues.rows.flatMap { $0.map(\.bitPattern) })
  }

  static func complaints(_ trial: SpecialValues.Trial) throws -> [String] {
    let goldens = try OpGoldens.stored.get()
    let (name, op) = (trial.tested.name, trial.tested.op.name)
    let inputs = trial.inputs.map { $0.scalars(as: Float.self) }
    let found = trial.tested.evaluated(trial.inputs)
    let expected = [
      ("output", found.outputs, goldens.list("special/\(name)", "output")),
      ("gradient", found.gradients, goldens.list("special/\(name)", "gradient")),
    ]
    if expected[0].2.isEmpty { return ["no golden of \(name)'s special values (see scripts/goldens/all)"] }
    var complaints: [String] = []
    for (kind, found, expected) in expected {
      if found.map(\.shape) != expected.map(\.shape) { complaints.append("\(name): other \(kind)s") }
      for (index, (x, y)) in zip(found, expected).enumerated() {
        for (place, (x, y)) in zip(x.scalars(as: Float.self), y.scalars(as: Float.self)).enumerated() {
          let here = Place(inputs: inputs.filter { $0.count > place }.map { $0[place] }, found: x, expected: y)
          if excluded.contains(where: { $0.kind == kind && $0.ops.contains(op) && $0.where(here) }) { continue }
          let exception = exceptions.first { $0.op == op && kind == "output" && $0.input == here.x }
          let agrees = kind == "output" ? agree(x, exception?.value ?? y) : agreeInGradient(x, y)
          if !agrees { complaints.append("\(name), \(kind) \(index) at \(here.inputs) is \(x), not \(y)") }
        }
      }
    }
    return complaints
  }

  /// The same number but for a few units in the last place; infinities and the signs of zeros exactly.
  private static func agree(_ found: Float, _ expected: Float) -> Bool {
    if found.isNaN || expected.isNaN { return found.isNaN && expected.isNaN }
    if found == expected { return found.sign == expected.sign }
    if found.isInfinite || expected.isInfinite { return false }
    return abs(found - expected) <= max(abs(expected) * 1e-6, Float.leastNonzeroMagnitude * 2)
  }

  /// A gradient is the end of several roundings, the first of which may underflow; and a zero of either sign moves nothing.
  private static func agreeInGradient(_ found: Float, _ expected: Float) -> Bool {
    if found.isNaN || expected.isNaN { return found.isNaN && expected.isNaN }
    if found == expected { return true }
    if found.isInfinite || expected.isInfinite { return false }
    return abs(found - expected) <= max(abs(expected) * 2e-5, Float.leastNormalMagnitude)
  }
}
