extension Op {
  /// Every op of the library, by area. A new op is one file in `Ops` and one name here; the tests do the rest.
  public static let registry: [Op] = Array(
    [
      creationOps, elementwiseOps, reductionsOps, shapesOps, indexingOps, linearOps,
      networksOps, activationsOps, linearAlgebraOps, transformsOps, orderingOps, scansOps,
      convolutionsOps, resamplingOps, normalisationOps, attentionOps, recurrentOps,
    ].joined())

  private static let creationOps: [Op] = [
    .creation
  ]

  private static let elementwiseOps: [Op] = [
    .add, .subtract, .multiply, .divide, .negate, .addScalar, .subtractScalar, .multiplyScalar, .divideScalar,
    .exp, .log, .sqrt, .rsqrt, .tanh, .sigmoid, .relu, .abs, .sign, .square, .reciprocal, .sin, .cos,
    .floor, .ceil, .round, .isNaN, .isFinite,
    .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .and, .or, .xor, .not,
    .power, .powerScalar, .maximum, .minimum, .clamped, .where, .cast,
  ]

  private static let reductionsOps: [Op] = [
    .sum, .mean, .variance, .standardDeviation, .logSumExp, .all, .any,
    .max, .min, .maxWithIndices, .minWithIndices, .argmax, .argmin,
  ]

  private static let shapesOps: [Op] = [
    .reshaped, .flattened, .permuted, .transposed, .expanded, .squeezed, .unsqueezed,
    .concatenated, .stacked, .split, .padded, .flipped,
  ]

  private static let indexingOps: [Op] = [
    .subscripted, .subscriptAssignment, .indexSelected, .indexAdded, .gathered, .scatterAdded, .nonzero,
  ]

  private static let linearOps: [Op] = [
    .matmul, .linear,
  ]

  private static let networksOps: [Op] = [
    .conv2d, .maxPool2d, .averagePool2d, .softmax, .logSoftmax, .crossEntropy, .dropout, .batchNorm,
  ]

  private static let activationsOps: [Op] = []

  private static let linearAlgebraOps: [Op] = [
    .cholesky, .qr, .svd, .singularValues, .eigh, .eigvalsh, .solve, .triangularSolve, .inverse, .matrixPower,
    .determinant, .logDeterminant, .norm, .matrixNorm, .pseudoInverse, .leastSquares, .matrixExponential,
    .lowerTriangle, .upperTriangle, .diagonal, .diagonalMatrix, .trace, .dot, .outer, .kronecker, .cross, .einsum,
  ]

  private static let transformsOps: [Op] = [
    .fft, .ifft, .rfft, .irfft, .fft2, .ifft2, .rfft2, .irfft2, .stft, .istft,
  ]

  private static let orderingOps: [Op] = []

  private static let scansOps: [Op] = []

  private static let convolutionsOps: [Op] = []

  private static let resamplingOps: [Op] = []

  private static let normalisationOps: [Op] = []

  private static let attentionOps: [Op] = []

  private static let recurrentOps: [Op] = []
}
