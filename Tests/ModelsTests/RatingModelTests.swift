import Foundation
import Models
import NeuralNetworks
import TensorCore
import TensorIO
import Testing

@Suite("A model of ratings")
struct RatingModelTests {
  /// With the sizes of the goldens: 5 users, 6 items.
  static let all: [RatingArchitecture] = [
    RatingArchitecture(.bias, users: 5, items: 6), RatingArchitecture(.mf, users: 5, items: 6, width: 3),
    RatingArchitecture(.svdpp, users: 5, items: 6, known: known, width: 3),
    RatingArchitecture(.ncf, users: 5, items: 6, width: 3, hidden: [4, 2]),
    RatingArchitecture(.fm, users: 5, items: 6, width: 3, features: [15, 2, 2]),
    RatingArchitecture(.autorec, users: 5, items: 6, known: known, width: 3),
  ]

  private static let known = 12

  private static let goldens = (try? SafeTensors(contentsOf: file).tensors()) ?? [:]
  private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Goldens/recommendation.safetensors")

  private func group(_ prefix: String) -> [String: Tensor] {
    let chosen = Self.goldens.filter { $0.key.hasPrefix(prefix) }
    return Dictionary(uniqueKeysWithValues: chosen.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
  }

  private func difference(_ a: Tensor?, _ b: Tensor?) throws -> Double {
    let (a, b) = (try #require(a).detached(), try #require(b))
    guard a.shape == b.shape, a.dtype == b.dtype else { return .infinity }
    return (a - b).abs().max().item()
  }

  @Test("computes its paper's formula, written out in PyTorch, with the same gradients", arguments: all)
  func equalsPyTorch(_ architecture: RatingArchitecture) throws {
    let given = group("\(architecture.network.rawValue).")
    let model = architecture.makeModel()
    try model.load(stateDictionary: StateDictionary(group("\(architecture.network.rawValue).state.")))
    let y = model(try #require(given["pairs"]))
    #expect(try difference(y, given["y"]) < 1e-5)
    y.backward(from: given["dy"])
    let gradients = group("\(architecture.network.rawValue).gradient.")
    #expect(gradients.count == model.parameters.count)
    for (name, parameter) in model.namedParameters() {
      #expect(try difference(parameter.gradient, gradients[name]) < 1e-5, "\(name)")
    }
    if let evaluated = given["evaluated"] {
      model.evaluate()
      #expect(try difference(model(try #require(given["pairs"])), evaluated) < 1e-5)
    }
  }

  @Test("is made again from its architecture, and gives each item a vector", arguments: all)
  func architecture(_ architecture: RatingArchitecture) throws {
    let whole = Architecture.ratings(architecture)
    let model = try #require(whole.makeModel(using: RandomGenerator(seed: 3)) as? any RatingModel)
    #expect(model.architecture == whole)
    let json = try JSONEncoder().encode(whole)
    #expect(try JSONDecoder().decode(Architecture.self, from: json) == whole)
    #expect(model.itemVectors.shape[0] == 6 && !model.itemVectors.requiresGradient)
    let stored = model.stateDictionary().reduce(0.0) { $0 + Double($1.tensor.count) }
    #expect(whole.weightCount <= stored)
    #expect(throws: ShapeError.self) { try model.outputShape(for: [4]) }
  }

  @Test("keeps ratings in their range when it is not trained, and ranks by what lies beyond")
  func range() {
    let model = RatingBiases(users: 2, items: 2, mean: 9, range: 1...5)
    let pairs = Tensor([[0, 1]])
    #expect(model(pairs).item() == 9)
    model.evaluate()
    #expect(model(pairs).item() == 5 && model.scores(of: pairs).item() == 9)
  }

  @Test("refuses sizes that no model can have, by name")
  func refusals() throws {
    func error(_ change: (inout [String: Any]) -> Void) throws -> String {
      let json = try JSONEncoder().encode(Architecture.ratings(Self.all[4]))
      var fields = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
      change(&fields)
      let changed = try JSONSerialization.data(withJSONObject: fields)
      let error = #expect(throws: (any Error).self) { try JSONDecoder().decode(Architecture.self, from: changed) }
      return "\(try #require(error))"
    }
    #expect(try error { $0["users"] = 0 }.contains("users"))
    #expect(try error { $0["features"] = [15, 2] }.contains("features"))
    #expect(try error { $0["range"] = [5, 1] }.contains("range"))
    #expect(try error { $0["dropout"] = 1 }.contains("dropout"))
    #expect(try error { $0["network"] = "svd" }.contains("svd"))
  }

  @Test("known ratings: lists that can't be are told")
  func lists() {
    let known = KnownRatings([[(0, 5.0), (2, 3.0)], [], [(1, 4.0)]])
    #expect(known.problem(limit: 3) == nil && known.problem(limit: 2) == "a rating of 2 of 2")
    known.starts.value = Tensor([0, 3, 2, 3])
    #expect(known.problem(limit: 3) == "lists that do not stand behind one another")
    let hidden = KnownRatings([[(0, 5.0), (2, 3.0)]]).bags(of: Tensor([0]), without: Tensor([2]))
    #expect(hidden.others.scalars(as: Int.self) == [0] && hidden.sizes == [1])
  }
}
