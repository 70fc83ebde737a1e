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
    .tan, .asin, .acos, .atan, .atan2, .sinh, .cosh, .asinh, .acosh, .atanh,
    .expm1, .log1p, .exp2, .log2, .log10, .logAddExp, .xlogy, .logit,
    .erf, .erfc, .erfInverse, .logGamma, .digamma, .polygamma, .sinc,
    .remainder, .truncatedRemainder, .floorDivided, .truncated, .fraction,
    .hypot, .lerp, .copySign, .heaviside, .isInfinite, .replacingNonFinite, .isClose,
  ]

  private static let reductionsOps: [Op] = [
    .sum, .mean, .variance, .standardDeviation, .logSumExp, .all, .any,
    .max, .min, .maxWithIndices, .minWithIndices, .argmax, .argmin, .product, .nanSum, .nanMean, .nanMax, .nanMin,
  ]

  private static let shapesOps: [Op] = [
    .reshaped, .flattened, .permuted, .transposed, .expanded, .squeezed, .unsqueezed,
    .concatenated, .stacked, .split, .padded, .flipped,
    .tiled, .repeatedElements, .rolled, .rotated, .meshgrid, .oneHot,
  ]

  private static let indexingOps: [Op] = [
    .subscripted, .subscriptAssignment, .indexSelected, .indexAdded, .gathered, .scatterAdded, .nonzero,
    .scattered, .scatterCombined, .maskedFilled,
  ]

  private static let linearOps: [Op] = [
    .matmul, .linear,
  ]

  private static let networksOps: [Op] = [
    .conv2d, .maxPool2d, .averagePool2d, .softmax, .logSoftmax, .crossEntropy, .dropout, .batchNorm,
  ]

  private static let activationsOps: [Op] = [
    .gelu, .geluTanh, .silu, .mish, .softplus, .logSigmoid, .softsign, .tanhShrink, .glu,
    .leakyRelu, .prelu, .elu, .selu, .celu, .relu6, .hardTanh, .hardSigmoid, .hardSwish, .softShrink, .hardShrink,
    .thresholded,
  ]

  private static let linearAlgebraOps: [Op] = [
    .cholesky, .qr, .svd, .singularValues, .eigh, .eigvalsh, .solve, .triangularSolve, .inverse, .matrixPower,
    .determinant, .logDeterminant, .norm, .matrixNorm, .pseudoInverse, .leastSquares, .matrixExponential,
    .lowerTriangle, .upperTriangle, .diagonal, .diagonalMatrix, .trace, .dot, .outer, .kronecker, .cross, .einsum,
  ]

  private static let transformsOps: [Op] = [
    .fft, .ifft, .rfft, .irfft, .fft2, .ifft2, .rfft2, .irfft2, .stft, .istft,
  ]

  private static let orderingOps: [Op] = [
    .sorted, .topK, .kthSmallest, .median, .quantile, .unique, .binCount, .histogram, .searchSorted, .countNonzero,
  ]

  private static let scansOps: [Op] = [
    .cumulativeSum, .cumulativeProduct, .cumulativeProductWithZeros, .cumulativeLogSumExp, .cumulativeMax,
    .cumulativeMin,
    .differences,
  ]

  private static let convolutionsOps: [Op] = [
    .conv1d, .conv3d, .convTranspose1d, .convTranspose2d, .convTranspose3d,
  ]

  private static let resamplingOps: [Op] = [
    .resized, .resizedAntialiased, .adaptiveAveragePool1d, .adaptiveAveragePool2d, .adaptiveAveragePool3d,
    .adaptiveMaxPool1d, .adaptiveMaxPool2d, .adaptiveMaxPool3d, .maxUnpooled, .channelsShuffled, .maxPool1d,
    .averagePool1d, .maxPool3d, .averagePool3d,
    .gridSampled, .affineGrid, .patches, .patchesAdded, .pixelsShuffled, .pixelsUnshuffled, .paddedByContinuation,
  ]

  private static let normalisationOps: [Op] = [
    .layerNorm, .rmsNorm, .groupNorm, .instanceNorm,
  ]

  private static let attentionOps: [Op] = [
    .embedding, .embeddingBag, .scaledDotProductAttention, .selfAttention, .rotaryEmbedding,
  ]

  private static let recurrentOps: [Op] = [
    .lstm, .lstmProjected, .gru, .rnn, .ctcLoss,
  ]
}
