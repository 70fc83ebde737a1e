extension Op {
  /// Every op of the library, by folder. A new op is one file in `Ops` and one name here; the tests do the rest.
  public static let registry: [Op] = [
    // Creation
    .creation,
    // Elementwise
    .add, .subtract, .multiply, .divide, .negate, .addScalar, .subtractScalar, .multiplyScalar, .divideScalar,
    .exp, .log, .sqrt, .rsqrt, .tanh, .sigmoid, .relu, .abs, .sign, .square, .reciprocal, .sin, .cos,
    .floor, .ceil, .round, .isNaN, .isFinite,
    .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .and, .or, .xor, .not,
    .power, .powerScalar, .maximum, .minimum, .clamped, .where, .cast,
    // Reductions
    .sum, .mean, .variance, .standardDeviation, .logSumExp, .all, .any,
    .max, .min, .maxWithIndices, .minWithIndices, .argmax, .argmin,
    // Shapes
    .reshaped, .flattened, .permuted, .transposed, .expanded, .squeezed, .unsqueezed,
    .concatenated, .stacked, .split, .padded, .flipped,
    // Indexing
    .subscripted, .subscriptAssignment, .indexSelected, .indexAdded, .gathered, .scatterAdded, .nonzero,
    // Linear
    .matmul, .linear,
    // Networks
    .conv2d, .maxPool2d, .averagePool2d, .softmax, .logSoftmax, .crossEntropy, .dropout, .batchNorm,
  ]
}
