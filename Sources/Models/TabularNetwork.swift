import Glibc
import NeuralNetworks
import TensorCore

/// A network for rows of tables, with a learned vector for each category (Guo & Berkhahn, "Entity embeddings of categorical variables", 2016,
/// in the form of fastai's TabularModel): the categories' vectors and the normalised numbers side by side go through affine maps, each
/// followed by a rectifier, batch normalisation and dropout; a last affine map gives logits, or a value.
///
/// [batch, numbers + categories] → [batch, outputs]: a row's numbers and then its categories' indices, as `TabularInputs.packed` has them.
/// State-dict names are fastai's: `embeds.0.weight` [size, width], `bn_cont.weight`, `layers.0.0.weight`, `layers.0.2.running_mean`, ….
/// Stops for an index that is not below its column's size.
///
/// ```swift
/// let model = TabularNetwork(numbers: 2, categories: [10, 3], outputs: 2, hidden: [16, 8])
/// model(Tensor([[0.5, -1.0, 9, 0], [0.1, 2.0, 3, 2]])).shape  // → [2, 2]
/// model.embeds.map(\.width)  // → [6, 3]
/// model.namedParameters().map(\.name)[2...4]  // → ["bn_cont.weight", "bn_cont.bias", "layers.0.0.weight"]
/// ```
public final class TabularNetwork: Module, Layer, ParameterGrouping, NamesArchitecture {
  /// The vectors of each column's categories.
  public let embeds: [Embedding]
  public let embeddingDropout: Dropout
  /// Of the numbers; nil without any.
  public let bnCont: BatchNorm1d?
  public let layers: Sequential
  /// How many numbers a row has.
  public let numbers: Int
  /// Where outputs lie, if they are bounded.
  public let outputRange: ClosedRange<Double>?
  public let architecture: Architecture?

  /// - Parameters:
  ///   - numbers: How many numbers a row has.
  ///   - categories: How many indices each column of categories has: `TablePreparation.categorySizes`.
  ///   - outputs: The number of classes; 1 for a value.
  ///   - hidden: The widths of the layers between.
  ///   - widths: Those of the categories' vectors, instead of ``width(ofSize:)``.
  ///   - dropout: The probability behind each hidden layer.
  ///   - embeddingDropout: The probability behind the vectors.
  ///   - outputRange: Bounds the outputs y: low + (high − low)·sigmoid(y).
  ///
  /// Stops unless a row has a number or a category, and there are as many widths as categories.
  public init(
    numbers: Int, categories: [Int], outputs: Int, hidden: [Int] = [200, 100], widths: [Int]? = nil,
    dropout: Double = 0, embeddingDropout: Double = 0, outputRange: ClosedRange<Double>? = nil,
    using generator: RandomGenerator = .default
  ) {
    architecture = .tabular(
      numbers: numbers, categories: categories, outputs: outputs, hidden: hidden, widths: widths, dropout: dropout,
      embeddingDropout: embeddingDropout, outputRange: outputRange)
    let widths = widths ?? categories.map(Self.width(ofSize:))
    guard numbers >= 0, numbers + categories.count > 0, widths.count == categories.count else {
      stop(
        "TabularNetwork", "\(numbers) numbers, and \(widths.count) widths for \(categories.count) categories",
        fix: "pass at least one column, and one width for each of the categories")
    }
    embeds = zip(categories, widths).map { size, width in
      let embedding = Embedding(size, width, using: generator)
      embedding.weight.initialize(.truncatedNormal(standardDeviation: 0.01), using: generator)
      return embedding
    }
    bnCont = numbers > 0 ? BatchNorm1d(numbers) : nil
    self.embeddingDropout = Dropout(embeddingDropout, using: generator)
    self.numbers = numbers
    self.outputRange = outputRange
    let sizes = [numbers + widths.reduce(0, +)] + hidden
    layers = Sequential {
      for (inputs, outputs) in zip(sizes, hidden) {
        Sequential {
          Linear(inputs, outputs, bias: false, using: generator)
          ReLU()
          BatchNorm1d(outputs)
          if dropout > 0 { Dropout(dropout, using: generator) }
        }
      }
      Sequential { Linear(sizes[sizes.count - 1], outputs, using: generator) }
    }
  }

  /// fastai's rule for the width of a category's vector: min(600, round(1.6·size^0.56)).
  ///
  /// ```swift
  /// [3, 17, 43, 100_000].map(TabularNetwork.width(ofSize:))  // → [3, 8, 13, 600]
  /// ```
  public static func width(ofSize size: Int) -> Int {
    min(600, Int((1.6 * pow(Double(size), 0.56)).rounded(.toNearestOrEven)))
  }

  /// Two: all but the last layer, and that one.
  public var parameterGroups: [[Parameter]] {
    let inputs: [(any Layer)?] = embeds + [bnCont]
    return [inputs.compactMap(\.self) + layers.dropLast(), Array(layers.suffix(1))].parameterGroups
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    if x.rank != 2 || x.shape[1] != numbers + embeds.count {
      stop(
        "TabularNetwork", "x is \(x.shape)",
        fix: "pass [batch, \(numbers + embeds.count)]: \(numbers) numbers and \(embeds.count) categories")
    }
    return self(
      numbers: x[.all, .slice(to: numbers)],
      categories: x[.all, .slice(from: numbers)].detached().cast(to: .int64))
  }

  /// The outputs for numbers [batch, numbers] and indices [batch, categories].
  public func callAsFunction(numbers x: Tensor, categories: Tensor) -> Tensor {
    var parts: [Tensor] = []
    if !embeds.isEmpty {
      let vectors = embeds.enumerated().map { column, embedding in embedding(categories[.all, column]) }
      parts.append(embeddingDropout(Tensor.concatenated(vectors, axis: 1)))
    }
    if let bnCont { parts.append(bnCont(x)) }
    let y = layers(Tensor.concatenated(parts, axis: 1))
    guard let range = outputRange else { return y }
    return y.sigmoid() * (range.upperBound - range.lowerBound) + range.lowerBound
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    let columns = numbers + embeds.count
    guard input.rank == 2, input[1] == columns else {
      throw ShapeError(self, input: input, "expects [batch, \(columns)]")
    }
    return try layers.outputShape(for: [input[0], numbers + embeds.reduce(0) { $0 + $1.width }])
  }
}
