import NeuralNetworks
import TensorCore

/// A model that reads one sequence and writes another: translation, dates, sums.
///
/// As a layer it takes both, as it is trained: int64 [batch, 2, length], a source and a target that begins with the start token, both padded behind → logits
/// [batch, length, vocabulary], those at place i for the target's token at i + 1.
public protocol SequenceToSequence: Layer {
  /// What the source leaves for the target's places.
  associatedtype Encoded

  /// The token that fills sequences up.
  var padding: Int { get }
  /// Source [batch, length].
  func encoded(_ source: Tensor) -> Encoded
  /// Target [batch, length] → logits [batch, length, vocabulary].
  func logits(for target: Tensor, _ encoded: Encoded) -> Tensor
  /// The same source in so many rows; it has one.
  func repeated(_ encoded: Encoded, _ count: Int) -> Encoded
}

extension SequenceToSequence {
  public func callAsFunction(_ pairs: Tensor) -> Tensor {
    guard pairs.rank == 3, pairs.shape[1] == 2 else {
      stop("SequenceToSequence", "an input \(pairs.shape)", fix: "pass [batch, 2, length]: sources and targets")
    }
    return logits(for: pairs[.all, 1], encoded(pairs[.all, 0]))
  }

  /// The best translation of a source, in evaluation mode, that a search with so many beams finds (1: the likeliest token at each place).
  ///
  /// - Parameters:
  ///   - start: The token that targets begin with.
  ///   - end: The token that ends them.
  ///   - count: The most tokens.
  ///
  /// ```swift
  /// let model = AttentionTranslator(sources: 12, targets: 9, width: 8, hidden: 8)
  /// model.translation(of: [3, 4, 5], start: 1, end: 2, count: 6).count <= 6  // → true
  /// ```
  public func translation(
    of source: [Int], start: Int, end: Int, count: Int, beams: Int = 1, lengthPenalty: Double = 1
  ) -> [Int] {
    withEvaluationMode {
      let source = Tensor(source, shape: [1, source.count])
      let writer = TargetWriter(model: self, encoded: withoutGradients { encoded(source) })
      let found = writer.beamSearch(
        after: [start], beams: beams, count: count, lengthPenalty: lengthPenalty, ends: [end])
      return found.first?.tokens ?? []
    }
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 3, input[1] == 2 else { throw ShapeError(self, input: input, "expects [batch, 2, length]") }
    return [input[0], input[2], vocabulary]
  }
}

extension SequenceToSequence {
  /// How many tokens targets have.
  fileprivate var vocabulary: Int {
    withoutGradients { logits(for: Tensor([[0]]), encoded(Tensor([[0]]))).shape[2] }
  }
}

/// What follows a target's beginning, for one source. The whole target is read again for every token.
private struct TargetWriter<Model: SequenceToSequence>: LanguageModel {
  let model: Model
  let encoded: Model.Encoded

  /// The tokens so far, [batch, length].
  typealias Memory = Tensor

  var context: Int? { nil }

  func read(_ tokens: Tensor, _ memory: inout Tensor?) -> Tensor {
    let all = memory.map { Tensor.concatenated([$0, tokens], axis: 1) } ?? tokens
    memory = all
    return withoutGradients { model.logits(for: all, model.repeated(encoded, all.shape[0]))[.all, -1] }
  }

  func rows(_ rows: [Int], of memory: Tensor) -> Tensor {
    memory.indexSelected(axis: 0, indices: Tensor(rows, shape: [rows.count]))
  }
}
