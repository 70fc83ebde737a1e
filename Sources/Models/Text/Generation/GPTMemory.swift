import NeuralNetworks
import TensorCore

/// The keys and values of all places that a GPT has read: the next place needs no more of them.
public struct GPTMemory {
  /// Of one block.
  struct Layer {
    /// [batch, heads, length, width / heads]
    private(set) var keys = Tensor(0.0)
    private(set) var values = Tensor(0.0)
    private(set) var length = 0

    mutating func append(keys: Tensor, values: Tensor) {
      self.keys = length == 0 ? keys : Tensor.concatenated([self.keys, keys], axis: 2)
      self.values = length == 0 ? values : Tensor.concatenated([self.values, values], axis: 2)
      length += keys.shape[2]
    }

    /// Which of all places each of the last `count` sees, [1, 1, count, length]; nil for one, which sees all.
    func mask(forLast count: Int) -> Tensor? {
      if count == 1 { return nil }
      let places = Tensor.range(0, Double(length), dtype: .int64).unsqueezed(0)
      let own = Tensor.range(Double(length - count), Double(length), dtype: .int64).unsqueezed(1)
      return (places .<= own).reshaped([1, 1, count, length])
    }

    func rows(_ rows: [Int]) -> Layer {
      let indices = Tensor(rows, shape: [rows.count])
      var layer = self
      layer.keys = keys.indexSelected(axis: 0, indices: indices)
      layer.values = values.indexSelected(axis: 0, indices: indices)
      return layer
    }
  }

  var layers: [Layer]

  /// How many places were read.
  public var length: Int { layers.first?.length ?? 0 }
}

extension GPT: LanguageModel {
  public var context: Int? { settings.context }

  public func read(_ tokens: Tensor, _ memory: inout GPTMemory?) -> Tensor {
    var known = memory ?? GPTMemory(layers: Array(repeating: GPTMemory.Layer(), count: settings.layers))
    guard tokens.rank == 2, known.length + tokens.shape[1] <= settings.context else {
      stop(
        "GPT", "tokens of shape \(tokens.shape) behind \(known.length) with a context of \(settings.context)",
        fix: "pass [batch, length] that fits into the context")
    }
    return withEvaluationMode {
      withoutGradients {
        let last = transformer(tokens, after: &known)[.all, -1]
        memory = known
        return linear(last, lmHead.weight.value)
      }
    }
  }

  public func rows(_ rows: [Int], of memory: GPTMemory) -> GPTMemory {
    GPTMemory(layers: memory.layers.map { $0.rows(rows) })
  }
}
