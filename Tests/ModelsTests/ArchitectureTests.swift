import Foundation
import Models
import NeuralNetworks
import TensorCore
import TensorIO
import Testing

@Suite("An architecture")
struct ArchitectureTests {
  /// One or two of each kind, with the shape of an input.
  static let all: [(architecture: Architecture, input: Shape, json: String)] = [
    (.mlp(sizes: [12, 8, 3]), [2, 12], #"{"kind":"mlp","sizes":[12,8,3]}"#),
    (
      .leNet(pictureSize: [28, 32], channels: 3, classes: 5), [2, 3, 28, 32],
      #"{"channels":3,"classes":5,"kind":"lenet","pictureSize":{"height":28,"width":32}}"#
    ),
    (
      .leNet(pictureSize: 8), [2, 1, 8, 8],
      #"{"channels":1,"classes":10,"kind":"lenet","pictureSize":{"height":8,"width":8}}"#
    ),
    (
      .resNetCIFAR(blocks: 2, channels: 1, classes: 4, width: 8), [2, 1, 16, 16],
      #"{"blocks":2,"channels":1,"classes":4,"kind":"resnet-cifar","width":8}"#
    ),
    (
      .resNet(.resNet18, classes: 3), [1, 3, 32, 32],
      #"{"blocks":[2,2,2,2],"bottlenecks":false,"channels":3,"classes":3,"kind":"resnet"}"#
    ),
    (
      .resNet(.init(blocks: [1, 2, 1, 1], hasBottlenecks: true), channels: 1, classes: 3), [1, 1, 32, 32],
      #"{"blocks":[1,2,1,1],"bottlenecks":true,"channels":1,"classes":3,"kind":"resnet"}"#
    ),
    (
      .vgg(.init(stages: [[4], [8, 8]]), normalised: true, channels: 1, classes: 3, hidden: 6, dropout: 0.25),
      [2, 1, 32, 32],
      #"{"channels":1,"classes":3,"dropout":0.25,"hidden":6,"kind":"vgg","normalised":true,"stages":[[4],[8,8]]}"#
    ),
    (
      .tabular(numbers: 2, categories: [5, 3], outputs: 2, hidden: [8]), [2, 4],
      #"{"categories":[5,3],"dropout":0,"embeddingDropout":0,"hidden":[8],"kind":"tabular","numbers":2,"outputs":2}"#
    ),
    (
      .tabular(
        numbers: 0, categories: [5], outputs: 1, hidden: [], widths: [7], dropout: 0.5, embeddingDropout: 0.1,
        outputRange: 0...2), [2, 1],
      #"{"categories":[5],"dropout":0.5,"embeddingDropout":0.1,"hidden":[],"kind":"tabular","numbers":0,"outputRange":[0,2],"#
        + #""outputs":1,"widths":[7]}"#
    ),
    (
      .ngrams(vocabulary: 30, classes: 3), [2, 5], #"{"classes":3,"kind":"ngrams","padding":0,"vocabulary":30}"#
    ),
    (
      .textCNN(vocabulary: 30, classes: 3, width: 4, filters: 5, sizes: [2, 3], padding: 1, dropout: 0.25), [2, 7],
      #"{"classes":3,"dropout":0.25,"filters":5,"kind":"text-cnn","padding":1,"sizes":[2,3],"vocabulary":30,"width":4}"#
    ),
    (
      .lstmClassifier(vocabulary: 30, classes: 3, width: 4, hidden: 6, layers: 2, padding: 1, dropout: 0), [2, 7],
      #"{"bidirectional":true,"classes":3,"dropout":0,"hidden":6,"kind":"lstm-classifier","layers":2,"padding":1,"#
        + #""vocabulary":30,"width":4}"#
    ),
    (
      .gpt(
        GPTConfiguration(
          layers: 2, heads: 2, width: 8, context: 4, vocabulary: 5, dropout: 0.25, bias: false, gelu: .tanh)), [2, 3],
      #"{"bias":false,"context":4,"dropout":0.25,"gelu":"tanh","heads":2,"kind":"gpt","layers":2,"vocabulary":5,"width":8}"#
    ),
    (
      .awdLSTM(AWDLSTMConfiguration(vocabulary: 9, width: 6, hidden: 8, layers: 3)), [2, 3],
      #"{"dropouts":[0.1,0.65,0.2,0.4,0.5],"hidden":8,"kind":"awd-lstm","layers":3,"vocabulary":9,"width":6}"#
    ),
  ]

  private func json(_ architecture: Architecture) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(architecture), as: UTF8.self)
  }

  private func decoded(_ json: String) throws -> Architecture {
    try JSONDecoder().decode(Architecture.self, from: Data(json.utf8))
  }

  @Test("comes back from JSON that one can read", arguments: all.indices)
  func json(_ index: Int) throws {
    let (architecture, _, text) = Self.all[index]
    #expect(try json(architecture) == text)
    #expect(try decoded(text) == architecture)
  }

  @Test("makes a network that names it, the same for the same seed", arguments: all.indices)
  func made(_ index: Int) throws {
    let (architecture, input, _) = Self.all[index]
    let model = architecture.makeModel(using: RandomGenerator(seed: 3))
    #expect((model as? any NamesArchitecture)?.architecture == architecture)
    let again = try decoded(try json(architecture)).makeModel(using: RandomGenerator(seed: 3))
    #expect(type(of: model) == type(of: again))
    #expect(model.namedParameters().map(\.name) == again.namedParameters().map(\.name))
    for (p, q) in zip(model.parameters, again.parameters) { #expect((p.value .== q.value).all().item(Bool.self)) }
    model.evaluate()
    // Of networks that read tokens.
    let dtype: DType = Self.all[index].json.contains("vocabulary") ? .int64 : .float32
    #expect(model(Tensor.zeros(input, dtype: dtype)).shape == (try model.outputShape(for: input)))
    // Biases, normalisations and some shortcuts are not counted.
    let count = Double(model.parameterCount)
    #expect(architecture.weightCount <= count && architecture.weightCount > 0.6 * count)
  }

  @Test("is there for every network in Models, but for those that say why not")
  func complete() throws {
    let without = [
      "AttentionTranslator": "it has two vocabularies", "TransformerTranslator": "the same", "GPTBlock": "a part",
      "GPTTransformer": "a part", "GPTAttention": "a part", "GPTFeedForward": "a part", "TiedHead": "a part",
      "BasicBlock": "a part", "BottleneckBlock": "a part", "ResidualBlock": "a part",
      "BERT": "its folder has its sizes", "BERTEmbeddings": "a part", "BERTEncoder": "a part", "BERTBlock": "a part",
      "BERTAttention": "a part", "BERTHeads": "a part", "BERTOutput": "a part", "BERTInner": "a part",
      "BERTPooler": "a part",
      "MatrixFactorization": "RatingModelTests have those of ratings", "RatingBiases": "the same",
      "SVDPlusPlus": "the same", "NeuralCollaborativeFiltering": "the same", "FactorizationMachine": "the same",
      "RatingMachine": "the same", "KnownRatings": "a part", "AutoRec": "the same",
    ]
    let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/Models")
    let paths = FileManager.default.enumerator(atPath: sources.path)?.compactMap { $0 as? String } ?? []
    let text = try paths.filter { $0.hasSuffix(".swift") }.map {
      try String(contentsOf: sources.appending(path: $0), encoding: .utf8)
    }.joined()
    let found = Set(text.matches(of: /final class (\w+)\s*:\s*Module/).map { String($0.output.1) })
    #expect(found.count > 8)
    let made = Set(Self.all.map { "\(type(of: $0.architecture.makeModel()))" })
    #expect(found.subtracting(made).subtracting(without.keys).isEmpty)
    #expect(made.subtracting(found).isEmpty)
  }

  @Test("is unknown for models with parts of one's own")
  func own() {
    #expect(MLP(sizes: [2, 3, 1], activation: Tanh()).architecture == nil)
    #expect(LeNet(pool: AvgPool2d(kernel: 2)).architecture == nil)
    #expect(LeNet(pool: MaxPool2d(kernel: 3, stride: 2)).architecture == nil)
  }

  @Test(
    "that can't be is refused by name",
    arguments: [
      (
        #"{"kind": "transformer"}"#, "kind",
        "awd-lstm, gpt, lenet, lstm-classifier, mlp, ngrams, ratings, resnet, resnet-cifar, tabular, text-cnn, vgg, found \"transformer\""
      ),
      (#"{"kind": "mlp", "sizes": [3]}"#, "sizes", "2 or more, found 1"),
      (#"{"kind": "mlp", "sizes": [3, 0]}"#, "sizes", "found 0"),
      (#"{"kind": "mlp", "sizes": [3, 99999999999]}"#, "sizes", "found 99999999999"),
      (
        #"{"kind": "lenet", "pictureSize": {"height": 3, "width": 9}, "channels": 1, "classes": 2}"#, "pictureSize",
        "found 3"
      ),
      (#"{"kind": "resnet-cifar", "blocks": 0, "channels": 1, "classes": 2, "width": 16}"#, "blocks", "found 0"),
      (
        #"{"kind": "resnet", "blocks": [1, 1], "bottlenecks": true, "channels": 1, "classes": 2}"#, "blocks",
        "4 or more, found 2"
      ),
      (
        #"{"kind": "vgg", "stages": [[4], []], "normalised": true, "channels": 1, "classes": 2, "hidden": 3, "dropout": 0}"#,
        "stages", "1 or more, found 0"
      ),
      (
        #"{"kind": "vgg", "stages": [[4]], "normalised": true, "channels": 1, "classes": 2, "hidden": 3, "dropout": 1}"#,
        "dropout", "0..<1"
      ),
      (
        #"{"kind": "tabular", "numbers": 0, "categories": [], "outputs": 1, "hidden": [], "dropout": 0, "embeddingDropout": 0}"#,
        "numbers", "none"
      ),
      (
        #"{"kind": "tabular", "numbers": 0, "categories": [3], "widths": [1, 2], "outputs": 1, "hidden": [], "dropout": 0, "embeddingDropout": 0}"#,
        "widths", "found 2"
      ),
    ])
  func refused(_ json: String, _ key: String, _ words: String) throws {
    let error = try #require(throws: FileError.self) { try decoded(json) }
    #expect("\(error)".contains("\"\(key)\"") && "\(error)".contains(words), "\(error)")
  }
}

@Suite("Groups of parameters")
struct ParameterGroupingTests {
  @Test("hold every parameter once, from the input to the output", arguments: ArchitectureTests.all.indices)
  func groups(_ index: Int) throws {
    let model = ArchitectureTests.all[index].architecture.makeModel()
    let groups = try #require(model as? any ParameterGrouping).parameterGroups
    #expect(!groups.isEmpty && groups.allSatisfy { !$0.isEmpty })
    #expect(groups.joined().map(ObjectIdentifier.init) == model.parameters.map(ObjectIdentifier.init))
  }

  @Test("are the layers, the stages, or what comes before the last layer")
  func kinds() {
    #expect(MLP(sizes: [4, 3, 2, 1]).parameterGroups.map(\.count) == [2, 2, 2])
    #expect(LeNet().parameterGroups.count == 5)
    #expect(ResNetCIFAR(blocks: 1).parameterGroups.map(\.count) == [3, 6, 6, 6, 2])
    let tabular = TabularNetwork(numbers: 1, categories: [3], outputs: 2, hidden: [4, 4])
    #expect(tabular.parameterGroups.count == 2)
    #expect(tabular.parameterGroups[1].map(\.shape) == [[2, 4], [2]])
  }

  @Test("have tied weights in the first alone")
  func tied() {
    let layer = Linear(3, 3)
    #expect(Sequential([layer, ReLU(), layer, Linear(3, 1)]).parameterGroups.map(\.count) == [2, 2])
  }
}
