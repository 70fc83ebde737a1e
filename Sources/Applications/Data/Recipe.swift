import DataPipelines
import Models
import NeuralNetworks

/// How a network is trained: sizes, optimiser, schedule, augmentation, and all else that is chosen rather than learned.
///
/// The recipes of all tasks are here. A recipe is a value: change what you like, and keep it as JSON with what came of it.
///
/// ```swift
/// var recipe = Recipe.pictures
/// recipe.epochs = 5
/// recipe.mixup = 0.2
/// recipe.optimizer  // → sgd
/// Recipe.table.hidden  // → [200, 100]
/// ```
public struct Recipe: Sendable, Hashable, Codable {
  /// An optimiser's rule.
  public enum Optimizer: String, Sendable, Hashable, Codable, CaseIterable {
    case sgd, adam, adamw
  }

  /// How learning rate and momentum change from step to step.
  public enum Course: String, Sendable, Hashable, Codable {
    /// Up to the highest in a quarter of the steps and down along a cosine, the momentum the other way: `Learner.fitOneCycle`.
    case oneCycle = "one cycle"
    /// Up in a straight line and down along a cosine to 0: `Schedule.warmUpThenCosine`.
    case warmUpThenCosine = "warm-up, then cosine"
    /// The head alone, then all layers, the earlier the slower: `Learner.fineTune`.
    case fineTuning = "fine-tuning"
  }

  // MARK: - Steps

  public var epochs: Int
  /// Examples a batch.
  public var batchSize: Int
  public var optimizer: Optimizer
  /// The highest of the schedule.
  public var learningRate: Double
  /// Of ``Optimizer/sgd``. One cycle moves it, or Adam's β₁, between 0.95 and 0.85.
  public var momentum = 0.0
  public var nesterov = false
  public var weightDecay = 0.0
  public var course = Course.oneCycle
  /// The share of the steps in which the rate rises, for ``Course/warmUpThenCosine``.
  public var warmUp = 0.0
  /// The epochs of the head alone, before ``epochs`` of all, for ``Course/fineTuning``.
  public var frozenEpochs = 0
  public var labelSmoothing = 0.0

  // MARK: - Pictures

  /// Random crops of the picture with so many black pixels around it; 0 for none.
  public var cropPadding = 0
  /// Whether pictures are mirrored, left and right, at random.
  public var flips = false
  /// The α of `Mixup` and `Cutmix`; nil for none.
  public var mixup: Double?
  public var cutmix: Double?

  // MARK: - Sizes

  /// The blocks a stage and the first stage's channels of ``PictureNetwork/resnet``.
  public var blocks = 3
  public var width = 16
  /// The widths of a table's network, and its dropout.
  public var hidden = [200, 100]
  public var dropout = 0.1

  // MARK: - Texts

  /// The most tokens, or n-grams, that count.
  public var vocabulary = 20_000
  /// The most tokens of a text: its beginning.
  public var maximumLength = 400
  /// The longest runs of words, for ``TextNetwork/ngrams``.
  public var ngramOrder = 2
  /// The length of a token's vector.
  public var embedding = 128
  /// Of a GPT, whose layers are ``blocks``, ``width`` wide, over ``maximumLength`` places. (Of an AWD-LSTM, ``width`` is that of a token's vector, ``embedding``
  /// that of the layers, and ``dropout`` what all of its dropouts are multiplied by.)
  public var heads = 4

  // MARK: - Callbacks

  /// The greatest norm of a step's gradients; nil for any.
  public var clipping: Double?
  /// How many batches make a step.
  public var accumulation = 1
  /// The decay of an average of the weights; nil for none.
  public var averaging: Double?
  /// Whether products are computed in bfloat16.
  public var mixedPrecision = false
  /// The epochs without improvement after which a fit ends; nil for none.
  public var patience: Int?

  public init(epochs: Int, batchSize: Int, optimizer: Optimizer, learningRate: Double) {
    (self.epochs, self.batchSize) = (epochs, batchSize)
    (self.optimizer, self.learningRate) = (optimizer, learningRate)
  }

  /// All epochs of its fits together.
  public var totalEpochs: Int { epochs + (course == .fineTuning ? frozenEpochs : 0) }
}

// MARK: - The recipes

extension Recipe {
  /// Pictures in folders, 32×32 or so, from nothing: a residual network, SGD along one cycle, random crops and mirroring.
  public static var pictures: Recipe {
    var recipe = Recipe(epochs: 20, batchSize: 128, optimizer: .sgd, learningRate: 0.4)
    (recipe.momentum, recipe.nesterov, recipe.weightDecay) = (0.9, true, 5e-4)
    recipe.labelSmoothing = 0.1
    (recipe.cropPadding, recipe.flips) = (4, true)
    return recipe
  }

  /// Pictures in folders, from the weights of another training.
  public static var transfer: Recipe {
    var recipe = Recipe(epochs: 10, batchSize: 64, optimizer: .adamw, learningRate: 0.01)
    (recipe.course, recipe.frozenEpochs, recipe.weightDecay) = (.fineTuning, 2, 0.01)
    recipe.labelSmoothing = 0.1
    (recipe.cropPadding, recipe.flips) = (4, true)
    return recipe
  }

  /// Rows of a table.
  public static var table: Recipe {
    var recipe = Recipe(epochs: 5, batchSize: 256, optimizer: .adam, learningRate: 0.003)
    (recipe.course, recipe.warmUp) = (.warmUpThenCosine, 0.1)
    return recipe
  }

  /// Texts in classes.
  public static func text(_ network: TextNetwork) -> Recipe {
    switch network {
    case .ngrams:
      var recipe = Recipe(epochs: 3, batchSize: 64, optimizer: .adam, learningRate: 0.001)
      (recipe.course, recipe.warmUp, recipe.vocabulary) = (.warmUpThenCosine, 0.05, 300_000)
      return recipe
    case .cnn:
      var recipe = Recipe(epochs: 3, batchSize: 64, optimizer: .adamw, learningRate: 0.002)
      (recipe.weightDecay, recipe.dropout) = (0.01, 0.5)
      return recipe
    case .lstm:
      var recipe = Recipe(epochs: 4, batchSize: 64, optimizer: .adamw, learningRate: 0.004)
      (recipe.weightDecay, recipe.dropout, recipe.clipping, recipe.maximumLength) = (0.01, 0.4, 1, 250)
      return recipe
    }
  }

  /// Long texts, character by character.
  public static func language(_ network: LanguageNetwork) -> Recipe {
    // Small batches: many steps of few tokens learn more of as many.
    var recipe = Recipe(epochs: 1, batchSize: 8, optimizer: .adamw, learningRate: 0.006)
    (recipe.weightDecay, recipe.vocabulary, recipe.maximumLength) = (0.1, 1024, 64)
    switch network {
    case .gpt:
      (recipe.course, recipe.warmUp, recipe.clipping) = (.warmUpThenCosine, 0.05, 1)
      (recipe.blocks, recipe.width, recipe.heads, recipe.dropout) = (4, 128, 4, 0)
    case .awdLSTM:
      (recipe.epochs, recipe.batchSize, recipe.learningRate, recipe.clipping) = (2, 32, 0.005, 0.25)
      (recipe.blocks, recipe.width, recipe.embedding, recipe.dropout) = (2, 128, 256, 0.2)
    }
    return recipe
  }

  /// Ratings. The figures were chosen on a part of the first fold's training ratings of MovieLens 100K.
  public static func recommendation(_ network: RatingNetwork) -> Recipe {
    var recipe = Recipe(epochs: 20, batchSize: 1000, optimizer: .adam, learningRate: 0.005)
    (recipe.course, recipe.warmUp, recipe.weightDecay) = (.warmUpThenCosine, 0.1, 3e-4)
    (recipe.embedding, recipe.hidden, recipe.dropout) = (20, [], 0)
    switch network {
    case .bias: recipe.weightDecay = 3e-5
    case .mf, .fm: break
    case .svdpp: recipe.weightDecay = 5e-4
    case .ncf:
      (recipe.epochs, recipe.weightDecay, recipe.dropout) = (15, 2e-3, 0.1)
      (recipe.hidden, recipe.embedding) = ([32, 16], 16)
    case .autorec:
      (recipe.epochs, recipe.batchSize, recipe.learningRate) = (40, 8000, 0.001)
      (recipe.weightDecay, recipe.embedding) = (1e-4, 500)
    }
    return recipe
  }

  /// The 28×28 digits of MNIST.
  public static func mnist(_ network: PictureNetwork) -> Recipe {
    if network != .resnet { return digits(epochs: 10, batchSize: 128) }
    var recipe = Recipe(epochs: 8, batchSize: 128, optimizer: .adamw, learningRate: 0.01)
    (recipe.weightDecay, recipe.cropPadding, recipe.blocks) = (0.01, 2, 2)
    return recipe
  }

  /// The 8×8 digits that come with the library.
  public static func digits(_ network: PictureNetwork) -> Recipe {
    var recipe = digits(epochs: network == .mlp ? 40 : 30, batchSize: 32)
    recipe.blocks = 1
    return recipe
  }

  private static func digits(epochs: Int, batchSize: Int) -> Recipe {
    var recipe = Recipe(epochs: epochs, batchSize: batchSize, optimizer: .adamw, learningRate: 0.003)
    (recipe.weightDecay, recipe.course, recipe.warmUp) = (0.01, .warmUpThenCosine, 0.05)
    return recipe
  }

  /// The recipe with another optimiser, and the learning rate, momentum and weight decay that usually go with it; as it is for its own.
  public func using(_ optimizer: Optimizer) -> Recipe {
    if optimizer == self.optimizer { return self }
    var recipe = self
    recipe.optimizer = optimizer
    recipe.nesterov = false
    (recipe.learningRate, recipe.momentum, recipe.weightDecay) =
      switch optimizer {
      case .sgd: (0.05, 0.9, 5e-4)
      case .adam: (0.003, 0, 0)
      case .adamw: (0.003, 0, 0.01)
      }
    return recipe
  }

  /// Why no training can follow it; nil for one that can.
  public var problem: String? {
    let rates = [learningRate, clipping ?? 1, mixup ?? 1, cutmix ?? 1]
    let sizes = [
      epochs, batchSize, accumulation, patience ?? 1, blocks, width, vocabulary, maximumLength, ngramOrder, embedding,
      heads,
    ]
    if !(sizes + hidden).allSatisfy((1...1_000_000).contains) {
      return "epochs, batch size, accumulation, patience and sizes must be in 1...1000000"
    }
    if !rates.allSatisfy({ $0 > 0 && $0.isFinite }) {
      return "learning rate, clipping, mixup and cutmix must be more than 0"
    }
    if !([momentum, labelSmoothing, dropout, averaging ?? 0, warmUp].allSatisfy { (0..<1).contains($0) }) {
      return "momentum, label smoothing, dropout, averaging and warm-up must be in 0..<1"
    }
    if weightDecay < 0 || !weightDecay.isFinite || frozenEpochs < 0 || cropPadding < 0 {
      return "weight decay, frozen epochs and padding must be 0 or more"
    }
    return mixup != nil && cutmix != nil ? "mixup and cutmix can't be had together" : nil
  }
}
