import NeuralNetworks
import TensorIO

extension ModelFile {
  /// Gives a network these weights but the head's: those of its last layer, which depend on the classes, stay as they are. What is left to
  /// learn is little then (Yosinski, Clune, Bengio & Lipson, "How transferable are features in deep neural networks?", 2014).
  ///
  /// - Throws: ``TensorIO/FileError`` with the first tensor that is not there, or has another shape. Nothing was loaded then.
  ///
  /// ```swift
  /// let preparation = PicturePreparation(size: 8, channels: 1, mean: [0.5], standardDeviation: [0.25])
  /// let trained = LeNet(pictureSize: 8, classes: 2)
  /// let file = ModelFile(trained, preparation: .picture(preparation, classNames: ["cat", "dog"]))
  /// let model = LeNet(pictureSize: 8, classes: 5)
  /// try file.loadBody(into: model)
  /// model.fc2.weight.value[0, 0].item() == trained.fc2.weight.value[0, 0].item()  // → true
  /// model.fc3.weight.shape  // → [5, 84]
  /// ```
  public func loadBody(into model: any Layer) throws(FileError) {
    let own = model.stateDictionary()
    let last = model.namedParameters().last?.name ?? ""
    let head = last.prefix(through: last.lastIndex(of: ".") ?? last.startIndex)
    var state = StateDictionary()
    for (name, tensor) in own {
      if name.hasPrefix(head) {
        state.append(name, tensor)
        continue
      }
      guard let other = self.state[name], other.shape == tensor.shape else {
        throw .contents(
          file: file, key: name, expected: "the shape \(tensor.shape) of the network that it is for",
          found: self.state[name].map { "\($0.shape)" } ?? "none, in a \(self.model)")
      }
      state.append(name, other)
    }
    do {
      try model.load(stateDictionary: state)
    } catch {
      throw .contents(file: file, key: nil, expected: "the network's weights", found: error.description)
    }
  }
}
