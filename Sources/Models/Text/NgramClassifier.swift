import Glibc
import NeuralNetworks
import TensorCore

/// A classifier of texts by which words and pairs of words are in them: each has a weight for each class, and a text's logits are their sum.
///
/// Started by ``start(from:classes:)``, each weight is multiplied by how much the n-gram speaks for a class by counts alone: naive Bayes and
/// a support vector machine between them (Wang & Manning, "Baselines and bigrams", 2012), here with the logistic loss.
///
/// n-grams [batch, count], integers in 0..<vocabulary, each once a text, padded → logits [batch, classes].
///
/// ```swift
/// let model = NgramClassifier(vocabulary: 10, classes: 2)
/// model(Tensor([[3, 4, 0], [5, 0, 0]])).shape  // → [2, 2]
/// ```
public final class NgramClassifier: Module, Layer, NamesArchitecture, ParameterGrouping {
  /// [vocabulary, classes].
  public let weight: Parameter
  public let bias: Parameter
  /// What the weights are multiplied by, [vocabulary, classes].
  public let ratios: Buffer
  public let padding: Int

  public let architecture: Architecture?

  /// All logits are 0 at first. Stops unless the sizes are at least 1.
  public init(vocabulary: Int, classes: Int, padding: Int = 0) {
    guard vocabulary >= 1, classes >= 1 else {
      stop("NgramClassifier", "\(vocabulary) n-grams for \(classes) classes", fix: "use at least one of each")
    }
    architecture = .ngrams(vocabulary: vocabulary, classes: classes, padding: padding)
    weight = Parameter(Tensor.zeros([vocabulary, classes]))
    bias = Parameter(Tensor.zeros([classes]))
    ratios = Buffer(Tensor.ones([vocabulary, classes]))
    self.padding = padding
  }

  /// Takes from labelled texts what each n-gram says of a class by counts alone, log (p(n-gram | class) / p(n-gram | other classes)) with one text of each added, and
  /// starts the weights at `strength`, such that the first logits are naive Bayes'.
  ///
  /// Stops when a number is outside.
  public func start(from texts: some Sequence<[Int]>, classes: [Int], strength: Double = 1) {
    let (vocabulary, count) = (weight.shape[0], weight.shape[1])
    var counts = [Double](repeating: 1, count: vocabulary * count)
    var totals = [Double](repeating: 2, count: count)
    for (text, label) in zip(texts, classes) {
      guard (0..<count).contains(label), text.allSatisfy((0..<vocabulary).contains) else {
        stop("NgramClassifier", "an n-gram or a class that is not there", fix: "use 0..<\(vocabulary) and 0..<\(count)")
      }
      totals[label] += 1
      for ngram in text { counts[ngram * count + label] += 1 }
    }
    let all = totals.reduce(0, +)
    var values = [Double](repeating: 0, count: counts.count)
    for ngram in 0..<vocabulary where ngram != padding {
      let row = ngram * count
      let sum = counts[row..<row + count].reduce(0, +)
      for label in 0..<count {
        let (mine, others) = (counts[row + label] / totals[label], (sum - counts[row + label]) / (all - totals[label]))
        values[row + label] = Glibc.log(mine / others)
      }
    }
    ratios.value = Tensor(values, shape: weight.shape, dtype: weight.value.dtype)
    weight.value = Tensor.full(weight.shape, strength)
  }

  public var parameterGroups: [[Parameter]] { [[weight, bias]] }

  /// What each n-gram adds to each logit, [vocabulary, classes].
  public var weights: Tensor { weight.value * ratios.value }

  public func callAsFunction(_ ngrams: Tensor) -> Tensor {
    embeddingBag(weights, ngrams, mode: .sum, paddingIndex: padding) + bias.value
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 2 else { throw ShapeError(self, input: input, "expects [batch, count]") }
    return [input[0], weight.shape[1]]
  }

  public override var configuration: String { "\(weight.shape[0]) n-grams → \(weight.shape[1])" }
}
