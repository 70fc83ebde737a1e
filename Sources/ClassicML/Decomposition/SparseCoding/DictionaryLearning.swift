import TensorCore

/// Learns the atoms of which samples are sparse sums: min ½‖X − C·D‖² + λ‖C‖₁ over codes C and atoms D of length 1 at most, by turns (Olshausen & Field,
/// "Emergence of simple-cell receptive field properties by learning a sparse code for natural images", 1996; Mairal et al., "Online dictionary learning for
/// sparse coding", 2009).
///
/// ```swift
/// let x = Tensor([[3.0, 0.0], [0.0, 2.0], [4.0, 0.0], [0.0, 5.0]], dtype: .float64)
/// let fitted = try DictionaryLearning(atoms: 2, penalty: 0.1).fit(x)
/// let codes = try fitted.transform(x)
/// (matmul(codes, fitted.dictionary) - x).abs().max().item() < 0.2  // → true
/// ```
public struct DictionaryLearning: Transformer {
  /// nil: as many as there are features.
  public var atoms: Int?
  /// λ.
  public var penalty: Double
  /// It ends when the objective falls by less than this share.
  public var tolerance: Double
  public var maximumIterations: Int
  /// How `transform` codes; nil: as in learning, by coordinate descent with the same λ.
  public var coding: SparseCoder.Method?
  /// D at first, [atoms, features]; nil: the leading singular vectors times their values.
  public var start: Tensor?
  public var seed: UInt64

  public init(
    atoms: Int? = nil, penalty: Double = 1, tolerance: Double = 1e-8, maximumIterations: Int = 1000,
    coding: SparseCoder.Method? = nil, start: Tensor? = nil, seed: UInt64 = 0
  ) {
    (self.atoms, self.penalty, self.tolerance) = (atoms, penalty, tolerance)
    (self.maximumIterations, self.coding, self.start, self.seed) = (maximumIterations, coding, start, seed)
  }

  public struct Fitted: FittedTransformer {
    public let coder: SparseCoder
    /// After each iteration.
    public let objectives: [Double]

    /// D, [atoms, features].
    public var dictionary: Tensor { coder.dictionary }

    /// Codes, [samples, atoms].
    public func transform(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor { try coder.transform(x) }
  }

  public func fit(_ x: any FeatureMatrix) throws(EstimatorError) -> Fitted {
    try require(\.atoms, "1 atom or more, or nil") { $0 ?? 1 > 0 }
    try require(\.penalty, "a number of 0 or more") { $0 >= 0 && $0.isFinite }
    try require(\.tolerance, "a number of 0 or more") { $0 >= 0 }
    try require(\.maximumIterations, "1 or more") { $0 > 0 }
    let x = try x.dense(for: Self.name)
    let generator = RandomGenerator(seed: seed)
    var dictionary = try startingDictionary(x, generator)
    var codes: Tensor?
    var objectives: [Double] = []
    for _ in 0..<maximumIterations {
      let coder = SparseCoder(dictionary: dictionary, method: .coordinateDescent(penalty: penalty))
      var found = try coder.codes(of: x, after: codes)
      improve(&dictionary, &found, x, generator)
      codes = found
      let rest = (x - matmul(found, dictionary)).square().sum().item() / 2
      objectives.append(rest + penalty * found.abs().sum().item())
      if objectives.count > 1,
        objectives[objectives.count - 2] - objectives[objectives.count - 1]
          < tolerance * objectives[objectives.count - 1]
      {
        break
      }
    }
    return Fitted(
      coder: SparseCoder(dictionary: dictionary, method: coding ?? .coordinateDescent(penalty: penalty)),
      objectives: objectives)
  }

  private func startingDictionary(_ x: Tensor, _ generator: RandomGenerator) throws(EstimatorError) -> Tensor {
    let count = atoms ?? x.shape[1]
    if let start {
      guard start.shape == [count, x.shape[1]], start.isFinite().all().item(Bool.self) else {
        throw .hyperparameter(
          "start", of: Self.name, expected: "[\(count), \(x.shape[1])] of finite numbers", found: "\(start.shape)")
      }
      return start.detached().cast(to: x.dtype)
    }
    do {
      let (_, s, vt) = try x.svd()
      let kept = Swift.min(count, s.count)
      let leading = vt[0..<kept] * (vt[0..<kept].rowSigns() * s[0..<kept]).unsqueezed(1)
      if kept == count { return leading }
      let others = Tensor.randomIntegers([count - kept], in: 0..<x.shape[0], using: generator)
      return Tensor.concatenated([leading, x.indexSelected(axis: 0, indices: others)], axis: 0)
    } catch {
      throw .numerical(of: Self.name, finding: "\(error)", fix: "scale the features, or pass a start")
    }
  }

  /// Each atom to its best value, the others as they are: d ← d + (XᵀC − DᵀCᵀC)ₜ/(CᵀC)ₜₜ, cut to length 1. An atom that no sample uses becomes a sample.
  private func improve(_ dictionary: inout Tensor, _ codes: inout Tensor, _ x: Tensor, _ generator: RandomGenerator) {
    let gram = codes.gram()
    let target = matmul(codes.transposed(), x)
    let used = gram.diagonal().scalars(as: Double.self)
    for atom in used.indices {
      var new: Tensor
      if used[atom] > 1e-6 {
        new = dictionary[atom] + (target[atom] - matmul(gram[atom], dictionary)) / used[atom]
      } else {
        let row = Tensor.randomIntegers([1], in: 0..<x.shape[0], using: generator).item(Int.self)
        let deviation = x[row].variance(axis: 0, correction: 0).sqrt().item()
        new = x[row] + Tensor.normal([x.shape[1]], dtype: x.dtype, using: generator) * (0.01 * deviation)
        codes[.all, atom] = Tensor.zeros([x.shape[0]], dtype: x.dtype)
      }
      dictionary[atom] = new / new.square().sum().sqrt().clamped(to: 1...)
    }
  }
}
