import TensorCore

/// The rounds of a gradient boosting: each adds a tree for each output, grown from the loss's first and second derivatives at the predictions so far
/// (Friedman, "Greedy function approximation: a gradient boosting machine", 2001; by Newton's steps as in Chen & Guestrin, "XGBoost", 2016).
struct BoostingRounds {
  /// The estimator's name, for messages.
  let name: String
  let loss: BoostingLoss
  let count: Int
  let limits: BoostingLimits
  let maximumBins: Int
  let stopping: EarlyStopping?
  let seed: UInt64

  struct EarlyStopping {
    let validationShare: Double
    let patience: Int
    let tolerance: Double
  }

  /// - Parameters:
  ///   - x: May miss values (NaN).
  ///   - y: As ``BoostingLoss`` has targets.
  ///   - groups: Numbers of the samples' groups, whose shares are the same in what is held back to validate.
  func fit(_ x: Tensor, _ y: Tensor, groups: [Int]) throws(EstimatorError) -> BoostedEnsemble {
    guard let stopping else { return try fit(x, y, validation: nil) }
    var held = [Bool](repeating: false, count: x.shape[0])
    let order = Tensor.permutation(x.shape[0], using: RandomGenerator(seed: seed).derived(1)).scalars(as: Int.self)
    for members in Dictionary(grouping: order, by: { groups[$0] }).values {
      for sample in members.prefix(Int((stopping.validationShare * Double(members.count)).rounded())) {
        held[sample] = true
      }
    }
    let (train, validation) = (held.indices.filter { !held[$0] }, held.indices.filter { held[$0] })
    if train.isEmpty || validation.isEmpty { return try fit(x, y, validation: nil) }
    func targets(_ rows: [Int]) -> Tensor {
      y.indexSelected(axis: y.rank - 1, indices: Tensor(rows, shape: [rows.count]))
    }
    return try fit(x.rows(train), targets(train), validation: (x.rows(validation), targets(validation)))
  }

  private func fit(
    _ x: Tensor, _ y: Tensor, validation: (x: Tensor, y: Tensor)?
  ) throws(EstimatorError) -> BoostedEnsemble {
    let bins = FeatureBins(of: x, limit: maximumBins, seed: seed)
    let grower = BoostedTreeGrower(bins.bins(of: x), ends: bins.ends, limits)
    let baseline = loss.baseline(y)
    let rows = x.shape[0]
    var raw = (Tensor.zeros([loss.outputs, rows], dtype: .float64) + baseline).contiguous()
    var validationRaw = validation.map { Tensor.zeros([loss.outputs, $0.x.shape[0]], dtype: .float64) + baseline }
    var losses: [Double] = []
    if let validation, let validationRaw { losses.append(loss.mean(validationRaw, validation.y)) }
    let targets = y.scalars(as: Double.self)
    var trees: [BoostedTree] = []
    for _ in 0..<count {
      let (gradients, curvatures) = loss.gradients(raw, y)
      if !gradients.isFinite().all().item(Bool.self) {
        throw .numerical(
          of: name, finding: "the loss's derivatives are no longer finite after \(trees.count / loss.outputs) rounds",
          fix: "lower the learning rate, or scale the targets")
      }
      for output in 0..<loss.outputs {
        var (tree, leaves) = grower.grow(
          FixedGradients(gradients: gradients[output], curvatures: curvatures?[output]))
        raw.withUnsafeMutableBuffer(of: Double.self) { raw in
          for (node, range) in leaves {
            grower.withSamples(range) { samples in
              if let value = loss.leafValue(residuals(samples, targets, raw)) {
                tree.nodes[node].value = value * limits.learningRate
              }
              let value = tree.nodes[node].value
              for sample in samples { raw[output * rows + Int(sample)] += value }
            }
          }
        }
        trees.append(tree)
      }
      guard let stopping, let validation, let before = validationRaw else { continue }
      let after = BoostedTree.add(trees[(trees.count - loss.outputs)...], of: validation.x, to: before)
      validationRaw = after
      losses.append(loss.mean(after, validation.y))
      if Self.shouldStop(losses, stopping) { break }
    }
    return BoostedEnsemble(
      trees: trees, baseline: baseline, featureCount: x.shape[1], validationLosses: losses)
  }

  private func residuals(
    _ samples: UnsafeBufferPointer<UInt32>, _ targets: [Double], _ raw: UnsafeMutableBufferPointer<Double>
  ) -> [Double] {
    switch loss {
    case .absoluteError, .quantile: samples.map { targets[Int($0)] - raw[Int($0)] }
    default: []
    }
  }

  /// Whether none of the last losses is lower than the one before them.
  private static func shouldStop(_ losses: [Double], _ stopping: EarlyStopping) -> Bool {
    if losses.count <= stopping.patience { return false }
    let reference = losses[losses.count - stopping.patience - 1] - stopping.tolerance
    return losses.suffix(stopping.patience).allSatisfy { $0 >= reference }
  }
}

/// What the rounds of a gradient boosting have learned: raw predictions are the baseline and what all trees add.
public struct BoostedEnsemble: Sendable {
  /// Round by round; of several classes, one for each of them.
  public let trees: [BoostedTree]
  /// What is predicted before the first round. [outputs, 1]
  public let baseline: Tensor
  public let featureCount: Int
  /// The mean loss of what was held back, before the first round and after each; empty where nothing was.
  public let validationLosses: [Double]

  public var roundCount: Int { trees.count / baseline.shape[0] }

  /// Raw predictions, [outputs, samples].
  func raw(_ x: Tensor) -> Tensor { BoostedTree.add(trees[...], of: x, to: start(x.shape[0])) }

  /// The same after each round.
  func stages(_ x: Tensor) -> [Tensor] {
    var (raw, stages) = (start(x.shape[0]), [Tensor]())
    for round in 0..<roundCount {
      let outputs = baseline.shape[0]
      raw = BoostedTree.add(trees[(round * outputs)..<((round + 1) * outputs)], of: x, to: raw)
      stages.append(raw)
    }
    return stages
  }

  private func start(_ rows: Int) -> Tensor {
    Tensor.zeros([baseline.shape[0], rows], dtype: .float64) + baseline
  }
}

extension BoostedEnsemble: Codable {
  init(trees: [BoostedTree], baseline: Tensor, featureCount: Int, validationLosses: [Double], at path: [any CodingKey])
    throws
  {
    guard baseline.rank == 2, baseline.shape[0] > 0, baseline.shape[1] == 1, baseline.dtype == .float64,
      trees.count % baseline.shape[0] == 0, trees.allSatisfy({ $0.featureCount == featureCount })
    else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: path, debugDescription: "\(trees.count) trees for a baseline \(baseline.shape)"))
    }
    self.init(trees: trees, baseline: baseline, featureCount: featureCount, validationLosses: validationLosses)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      trees: try container.decode([BoostedTree].self, forKey: .trees),
      baseline: try container.decode(Tensor.self, forKey: .baseline),
      featureCount: try container.decode(Int.self, forKey: .featureCount),
      validationLosses: try container.decode([Double].self, forKey: .validationLosses), at: decoder.codingPath)
  }
}
