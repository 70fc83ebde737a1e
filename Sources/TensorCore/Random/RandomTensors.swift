import CKernels

// Random tensors. Each draw advances the generator; `RandomGenerator.default` serves where none is given.
extension Tensor {
  /// Uniform in [low, high).
  ///
  /// ```swift
  /// let x = Tensor.uniform([1000], from: -1, to: 1)
  /// x.min().item() >= -1 && x.max().item() < 1  // → true
  /// ```
  public static func uniform(
    _ shape: Shape, from low: Double = 0, to high: Double = 1, dtype: DType = .float32,
    using generator: RandomGenerator = .default
  ) -> Tensor {
    requireFloating("uniform", dtype)
    let y = Tensor(uninitialized: shape, dtype: dtype)
    let state = generator.reserve(GB_UNIFORM, dtype, y.count)
    kernels.random_uniform(dtype.code, y.count, state.seed, state.position, low, high, y.pointer)
    return y
  }

  /// Normal with the given mean and standard deviation, by Box–Muller.
  ///
  /// ```swift
  /// abs(Tensor.normal([10_000], mean: 2, using: RandomGenerator(seed: 1)).mean().item() - 2) < 0.05  // → true
  /// ```
  public static func normal(
    _ shape: Shape, mean: Double = 0, standardDeviation: Double = 1, dtype: DType = .float32,
    using generator: RandomGenerator = .default
  ) -> Tensor {
    requireFloating("normal", dtype)
    let y = Tensor(uninitialized: shape, dtype: dtype)
    let state = generator.reserve(GB_NORMAL, dtype, y.count)
    kernels.random_normal(dtype.code, y.count, state.seed, state.position, mean, standardDeviation, y.pointer)
    return y
  }

  /// Normal, drawn again until within `bounds` standard deviations of the mean.
  ///
  /// ```swift
  /// Tensor.truncatedNormal([1000], using: RandomGenerator(seed: 1)).abs().max().item() <= 2  // → true
  /// ```
  public static func truncatedNormal(
    _ shape: Shape, mean: Double = 0, standardDeviation: Double = 1, bounds: ClosedRange<Double> = -2...2,
    dtype: DType = .float32,
    using generator: RandomGenerator = .default
  ) -> Tensor {
    if bounds.lowerBound >= 4 || bounds.upperBound <= -4 || bounds.lowerBound == bounds.upperBound {
      stop("truncatedNormal", "hardly a draw falls within \(bounds) standard deviations", fix: "use bounds around 0")
    }
    var y = normal(shape, dtype: dtype, using: generator)
    while true {
      let outside = (y .< bounds.lowerBound) .| (y .> bounds.upperBound)
      let redrawn = outside.sum().item(Int.self)
      if redrawn == 0 { return y * standardDeviation + mean }
      y[outside] = normal([redrawn], dtype: dtype, using: generator)
    }
  }

  /// Integers, uniform in a range. Stops when the range is empty.
  ///
  /// ```swift
  /// let dice = Tensor.randomIntegers([100], in: 1..<7, using: RandomGenerator(seed: 1))
  /// dice.min().item() >= 1 && dice.max().item() <= 6  // → true
  /// ```
  public static func randomIntegers(
    _ shape: Shape, in range: Range<Int>, dtype: DType = .int64, using generator: RandomGenerator = .default
  ) -> Tensor {
    if range.isEmpty && shape.elementCount > 0 {
      stop("randomIntegers", "the range \(range) is empty", fix: "use a range with elements")
    }
    if !dtype.isInteger {
      stop("randomIntegers", "\(dtype) is not an integer dtype", fix: "use .int64, .int32 or .uint8")
    }
    let y = Tensor(uninitialized: shape, dtype: dtype)
    let state = generator.reserve(GB_INTEGERS, dtype, y.count)
    kernels.random_integers(
      dtype.code, y.count, state.seed, state.position, Int64(range.lowerBound), Int64(range.upperBound), y.pointer)
    return y
  }

  /// The numbers 0..<count in random order, each order equally likely.
  ///
  /// ```swift
  /// Tensor.permutation(4, using: RandomGenerator(seed: 1)).sorted().values  // → [0, 1, 2, 3]
  /// ```
  public static func permutation(_ count: Int, using generator: RandomGenerator = .default) -> Tensor {
    if count < 0 { stop("permutation", "\(count) elements", fix: "ask for 0 or more") }
    let y = Tensor(uninitialized: [count], dtype: .int64)
    let state = generator.reserve(GB_PERMUTATION, .int64, count)
    kernels.random_permutation(count, state.seed, state.position, y.int64Pointer)
    return y
  }

  /// 1 with the given probability, else 0.
  ///
  /// ```swift
  /// abs(Tensor.bernoulli([10_000], probability: 0.25, using: RandomGenerator(seed: 1)).mean().item() - 0.25) < 0.02  // → true
  /// ```
  public static func bernoulli(
    _ shape: Shape, probability: Double, dtype: DType = .float32, using generator: RandomGenerator = .default
  ) -> Tensor {
    if !(0...1).contains(probability) { stop("bernoulli", "a probability of \(probability)", fix: "use one in 0...1") }
    let y = Tensor(uninitialized: shape, dtype: dtype)
    let state = generator.reserve(GB_BERNOULLI, dtype, y.count)
    withUnsafePointer(to: Float(probability)) {
      kernels.random_bernoulli(dtype.code, y.count, state.seed, state.position, 0, $0, y.pointer)
    }
    return y
  }

  /// 1 with the probability that stands at each element of `probabilities`, else 0, in the same shape and dtype.
  ///
  /// ```swift
  /// Tensor.bernoulli(probabilities: Tensor([0.0, 1.0]))  // → [0.0, 1.0]
  /// ```
  public static func bernoulli(probabilities: Tensor, using generator: RandomGenerator = .default) -> Tensor {
    requireFloating("bernoulli", probabilities.dtype)
    let p = probabilities.detached().cast(to: .float32).contiguous()
    let y = Tensor(uninitialized: p.layout, dtype: probabilities.dtype)
    let state = generator.reserve(GB_BERNOULLI, y.dtype, y.count)
    kernels.random_bernoulli(
      y.dtype.code, y.count, state.seed, state.position, 1, p.pointer.assumingMemoryBound(to: Float.self), y.pointer)
    return y.recordedAsConstant(
      "bernoulli", from: probabilities, because: "a draw is not a function of its probability")
  }

  /// `samples` positions drawn from each row of [rows, categories] weights (not negative, some positive; they need not
  /// add up to 1), as int64 [rows, samples]. Without replacement each position comes at most once.
  ///
  /// ```swift
  /// Tensor.multinomial(weights: Tensor([[0.0, 1.0, 0.0]]), samples: 2)  // → [[1, 1]]
  /// ```
  public static func multinomial(
    weights: Tensor, samples: Int, replacement: Bool = true, using generator: RandomGenerator = .default
  ) -> Tensor {
    requireFloating("multinomial", weights.dtype)
    guard weights.rank == 2 else {
      stop("multinomial", "weights of shape \(weights.shape)", fix: "pass [rows, categories]")
    }
    let (rows, categories) = (weights.shape[0], weights.shape[1])
    let values = weights.detached().scalars(as: Double.self)
    let draws = uniform([rows, samples], dtype: .float64, using: generator).scalars(as: Double.self)
    var chosen: [Int] = []
    for row in 0..<rows {
      var w = Array(values[(row * categories)..<((row + 1) * categories)])
      for sample in 0..<samples {
        let total = w.reduce(0, +)
        guard total > 0, total.isFinite, w.allSatisfy({ $0 >= 0 }) else {
          stop(
            "multinomial", "row \(row) has weights that are negative, not finite, or have nothing left to draw",
            fix: "pass weights ≥ 0 with at least \(replacement ? 1 : samples) of them positive")
        }
        var rest = draws[row * samples + sample] * total
        var index = 0
        while index < categories - 1, w[index] == 0 || rest >= w[index] {
          rest -= w[index]
          index += 1
        }
        // Rounding can lead past the last positive weight.
        while w[index] == 0 { index -= 1 }
        chosen.append(index)
        if !replacement { w[index] = 0 }
      }
    }
    return Tensor(chosen, shape: [rows, samples])
      .recordedAsConstant("multinomial", from: weights, because: "a draw is not a function of its probability")
  }

  private static func requireFloating(_ op: String, _ dtype: DType) {
    if !dtype.isFloatingPoint { stop(op, "\(dtype) is not a floating-point dtype", fix: "use .float32 or .float64") }
  }
}
