import TensorCore
import Testing

@Suite("Every op in other dtypes")
struct PrecisionTests {
  /// Ops that stop for bfloat16, and say so.
  static let withoutBFloat16: Set = Set(["batchNorm"]).union(decompositions).union(transforms)

  static let transforms: Set = [
    "fft", "ifft", "rfft", "irfft", "fft2", "ifft2", "rfft2", "irfft2", "stft", "istft",
  ]

  /// LAPACK's, and what is made of them.
  static let decompositions: Set = [
    "cholesky", "qr", "svd", "singularValues", "eigh", "eigvalsh", "solve", "triangularSolve", "inverse", "matrixPower",
    "determinant", "logDeterminant", "matrixNorm", "pseudoInverse", "leastSquares", "matrixExponential",
  ]

  @Test("is close to float64 in float32", arguments: Case.all)
  func float32(_ tested: Case) {
    compare(tested, .float32, within: 2e-6)
  }

  @Test("is close to float64 in bfloat16", arguments: Case.all.filter { !withoutBFloat16.contains($0.op.name) })
  func bfloat16(_ tested: Case) {
    compare(tested, .bfloat16, within: 0.03)
  }

  /// The same inputs, which the narrow dtype holds exactly, in both dtypes.
  private func compare(_ tested: Case, _ narrow: DType, within tolerance: Double) {
    let inputs = tested.sample.tensors(narrow)
    let found = tested.evaluated(inputs)
    let expected = tested.evaluated(inputs.map { $0.dtype == narrow ? $0.cast(to: .float64) : $0 })
    for (index, (output, reference)) in zip(found.outputs, expected.outputs).enumerated() {
      expectClose(output, reference, within: tolerance, "output \(index)")
      let fixed = ["cast", "creation", "oneHot"].contains(tested.op.name) || !reference.dtype.isFloatingPoint
      #expect(output.dtype == (fixed ? reference.dtype : narrow))
    }
    for (index, (gradient, reference)) in zip(found.gradients, expected.gradients).enumerated() {
      expectClose(gradient, reference, within: tolerance, "gradient \(index)")
      #expect(gradient.dtype == narrow)
    }
  }

  /// Ops whose samples make sense for whole numbers.
  static let takingIntegers: Set = [
    "add", "subtract", "multiply", "divide", "negate", "abs", "sign", "square", "equal", "notEqual", "less",
    "lessOrEqual", "greater", "greaterOrEqual",
    "maximum", "minimum", "where", "sum", "max", "min", "maxWithIndices", "minWithIndices", "argmax", "argmin",
    "reshaped", "flattened",
    "permuted", "transposed", "expanded", "squeezed", "unsqueezed", "concatenated", "stacked", "split", "padded",
    "flipped", "subscript",
    "subscript assignment", "indexSelected", "indexAdded", "gathered", "scatterAdded", "matmul",
  ]

  @Test(
    "is exact for whole numbers in integer dtypes", arguments: Case.all.filter { takingIntegers.contains($0.op.name) },
    [DType.int64, .int32, .uint8])
  func integers(_ tested: Case, _ dtype: DType) {
    // Indices and conditions stay; the rest becomes whole numbers: −8…8, or 0…7 in uint8, whose matrix products stay below 256.
    let (scale, shift) = dtype == .uint8 ? (1.75, 2.0) : (4.0, 0.0)
    let drawn = tested.sample.tensors(.float64)
    let whole = drawn.map { $0.dtype == .float64 ? (($0 + shift) * scale).cast(to: dtype) : $0 }
    let wide = zip(drawn, whole).map { before, after in before.dtype == .float64 ? after.cast(to: .float64) : after }
    let found = tested.sample.apply(whole)
    let expected = tested.sample.apply(wide)
    for (output, reference) in zip(found, expected) {
      #expect(output.shape == reference.shape)
      let exact = reference.doubles.map { value -> Double in
        // Division is towards zero, and by zero gives zero; uint8 counts modulo 256.
        let whole = value.isFinite ? value.rounded(.towardZero) : 0
        return output.dtype == .uint8
          ? (whole.truncatingRemainder(dividingBy: 256) + 256).truncatingRemainder(dividingBy: 256) : whole
      }
      #expect(output.doubles == exact)
    }
  }
}
