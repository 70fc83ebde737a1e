import Models
import NeuralNetworks
import Optimizers
import TensorCore
import Testing

@Suite("A classifier of texts")
struct TextClassifierTests {
  /// Texts of the tokens 1…9 with a class that asks for order: whether the last 8 comes behind the last 9.
  private static func texts(_ count: Int, seed: UInt64) -> (tokens: Tensor, classes: Tensor) {
    let drawn = Tensor.uniform([count, 6], using: RandomGenerator(seed: seed)).scalars(as: Double.self).map {
      1 + Int($0 * 7)
    }
    var (rows, classes): ([Int], [Int]) = ([], [])
    for row in 0..<count {
      var text = Array(drawn[row * 6..<row * 6 + 6])
      let label = row % 2
      text[text[0] % 3] = label == 1 ? 9 : 8
      text[3 + text[5] % 3] = label == 1 ? 8 : 9
      rows += text + [0, 0]
      classes.append(label)
    }
    return (Tensor(rows, shape: [count, 8]), Tensor(classes, shape: [count]))
  }

  private func learned(_ model: any Layer, steps: Int, rate: Double) -> Double {
    let (train, test) = (Self.texts(200, seed: 1), Self.texts(100, seed: 2))
    let optimizer = Adam(model.parameters, learningRate: rate)
    for _ in 0..<steps {
      optimizer.zeroGradients()
      crossEntropy(model(train.tokens), train.classes).backward()
      optimizer.step()
    }
    model.evaluate()
    let predicted = withoutGradients { model(test.tokens) }.argmax(axis: 1)
    return (predicted .== test.classes).cast(to: .float64).mean().item()
  }

  @Test("by an LSTM learns what comes behind what")
  func lstm() {
    let model = LSTMClassifier(
      vocabulary: 10, classes: 2, width: 8, hidden: 12, dropout: 0.1, using: RandomGenerator(seed: 1))
    #expect(learned(model, steps: 60, rate: 0.02) >= 0.95)
    // What stands behind the end changes nothing, nor who stands beside.
    let alone = withoutGradients { model(Tensor([[8, 2, 9]])) }
    let beside = withoutGradients { model(Tensor([[8, 2, 9, 0, 0], [1, 2, 3, 4, 5], [0, 0, 0, 0, 0]])) }
    #expect((alone[0] - beside[0]).abs().max().item() < 1e-5)
    #expect(beside.isFinite().all().item(Bool.self))
  }

  @Test("by convolutions learns patterns, and reads texts shorter than its filters")
  func convolutions() {
    let model = TextCNN(
      vocabulary: 10, classes: 2, width: 8, filters: 12, sizes: [3, 6], dropout: 0.1, using: RandomGenerator(seed: 2))
    #expect(learned(model, steps: 80, rate: 0.02) >= 0.9)
    #expect(model(Tensor([[1]])).shape == [1, 2])
    // Who stands beside changes nothing, even where biases are all that answers.
    for convolution in model.convolutions { convolution.bias?.value = Tensor.full([12], 3) }
    for text in [[8, 2, 9], [7], [1, 2, 3, 4, 5, 6, 7]] {
      let alone = withoutGradients { model(Tensor(text, shape: [1, text.count])) }
      let padded = text + Array(repeating: 0, count: 9 - text.count)
      let beside = withoutGradients { model(Tensor(padded + [1, 2, 3, 4, 5, 6, 7, 8, 9], shape: [2, 9])) }
      #expect((alone[0] - beside[0]).abs().max().item() < 1e-5)
    }
    #expect(model.sizes == [3, 6])
  }

  @Test("by n-grams starts as naive Bayes")
  func ngrams() {
    let model = NgramClassifier(vocabulary: 4, classes: 2)
    #expect(model(Tensor([[1, 2]])).scalars(as: Double.self) == [0, 0])
    model.start(from: [[1, 2], [1], [3], [2, 3]], classes: [0, 0, 1, 1])
    // log((2 + 1)/4 / (0 + 1)/4): two of two texts of class 0 have the n-gram 1, and none of the others'; one is added to each.
    let logits = model(Tensor([[1, 0], [2, 0], [3, 0]])).scalars(as: Double.self)
    let ratio = 1.0986122886681098
    for (found, wanted) in zip(logits, [ratio, -ratio, 0, 0, -ratio, ratio]) { #expect(abs(found - wanted) < 1e-6) }
  }
}
