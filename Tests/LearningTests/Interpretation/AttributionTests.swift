import Foundation
import Learning
import NeuralNetworks
import TensorCore
import TensorIO
import Testing

/// Goldens of captum's, written by scripts/goldens/attributions.py.
@Suite("An attribution")
struct AttributionTests {
  private let goldens: [String: Tensor]
  private let model = Sequential {
    Conv2d(2, 5, kernel: 3, padding: 1)
    BatchNorm2d(5)
    Tanh()
    MaxPool2d(kernel: 2)
    Conv2d(5, 4, kernel: 3, padding: 1)
    ReLU()
    AdaptiveAvgPool2d(2)
    Flatten()
    Dropout(0.5)
    Linear(16, 6)
  }

  init() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    goldens = try SafeTensors(contentsOf: folder.appending(path: "Goldens/attributions.safetensors")).tensors()
    let state = goldens.filter { $0.key.hasPrefix("state.") }.map { (String($0.key.dropFirst(6)), $0.value) }
    model.cast(to: .float64)
    try model.load(stateDictionary: StateDictionary(Dictionary(uniqueKeysWithValues: state)))
  }

  private func golden(_ name: String) throws -> Tensor { try #require(goldens[name], "no golden named \(name)") }

  private func difference(_ a: Tensor, _ b: Tensor) -> Double {
    a.shape == b.shape ? (a - b).abs().max().item() : .infinity
  }

  @Test("is captum's, and leaves mode, statistics and gradients alone")
  func goldenValues() throws {
    let (x, classes) = (try golden("x"), try golden("classes"))
    let before = model.stateDictionary()
    #expect(difference(saliency(model, x, classes: classes), try golden("saliency")) < 1e-13)
    let integrated = integratedGradients(model, x, classes: classes, steps: 16)
    #expect(difference(integrated, try golden("integrated")) < 1e-13)
    let other = integratedGradients(model, x, classes: classes, baseline: try golden("baseline"), steps: 8)
    #expect(difference(other, try golden("integrated.baseline")) < 1e-13)
    #expect(difference(gradCAM(model, at: model[5], x, classes: classes), try golden("cam")) < 1e-13)
    #expect(try golden("cam").max().item() > 0.01)
    #expect(model.isTraining && model[1].isTraining)
    #expect(model.parameters.allSatisfy { $0.gradient == nil })
    for (old, new) in zip(before, model.stateDictionary()) {
      #expect((old.tensor .== new.tensor).all().item(Bool.self), "\(old.name)")
    }
  }

  @Test("by integrated gradients adds up to what the logit gained")
  func completeness() throws {
    let (x, classes) = (try golden("x"), try golden("classes"))
    let smooth = Sequential {
      Flatten()
      Linear(160, 8, using: RandomGenerator(seed: 1))
      Tanh()
      Linear(8, 6, using: RandomGenerator(seed: 2))
    }
    smooth.cast(to: .float64)
    let rows = classes.unsqueezed(1)
    func logits(_ x: Tensor) -> Tensor { smooth(x).detached().gathered(axis: 1, indices: rows).squeezed(1) }
    let gained = logits(x) - logits(Tensor.zeros(x.shape, dtype: .float64))
    #expect(gained.abs().min().item() > 0.01)
    // The midpoint rule: ten times as many steps, a hundredth of the error.
    let errors = [10, 100].map { steps in
      let found = integratedGradients(smooth, x, classes: classes, steps: steps).sum(axes: [1, 2, 3])
      return difference(found, gained)
    }
    #expect(errors[1] < 1e-5)
    #expect((80.0...120.0).contains(errors[0] / errors[1]), "\(errors)")
  }

  @Test("works where all parameters are frozen")
  func frozen() throws {
    let (x, classes) = (try golden("x"), try golden("classes"))
    for parameter in model.parameters { parameter.requiresGradient = false }
    #expect(difference(gradCAM(model, at: model[5], x, classes: classes), try golden("cam")) < 1e-13)
    #expect(difference(saliency(model, x, classes: classes), try golden("saliency")) < 1e-13)
  }

  @Test("stops for a layer that is not the model's")
  func strange() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Sequential([Conv2d(1, 2, kernel: 1), Flatten()])
      _ = gradCAM(model, at: ReLU(), Tensor.zeros([1, 1, 2, 2]), classes: Tensor([0]))
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("gradCAM: ReLU is not in the chain"), "\(message)")
  }
}
