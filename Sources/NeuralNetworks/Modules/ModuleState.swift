import TensorCore

extension Module {
  /// The values of all parameters and buffers under PyTorch's names, off the tape. They stay as they are when
  /// training goes on. Tied parameters come once, under their first path.
  ///
  /// ```swift
  /// Linear(2, 1).stateDictionary().names  // → ["weight", "bias"]
  /// ```
  public func stateDictionary() -> StateDictionary {
    var state = StateDictionary()
    for (name, tensor) in slots.map({ ($0.paths[0], $0.read()) }) { state.append(name, tensor.detached()) }
    return state
  }

  /// Takes the values of all parameters and buffers from a state dictionary, which keeps its own copy.
  ///
  /// Floating-point dtypes are converted to the parameter's. A tied parameter may be given under any of its paths.
  /// With `strict` false, missing and unexpected names are passed over and returned. Throws an error that names every
  /// missing, unexpected and mis-shaped tensor; nothing is loaded then.
  ///
  /// ```swift
  /// let (first, second) = (Linear(3, 2), Linear(3, 2))
  /// try second.load(stateDictionary: first.stateDictionary())
  /// (first.weight.value .== second.weight.value).all()  // → true
  /// ```
  @discardableResult
  public func load(
    stateDictionary state: StateDictionary, strict: Bool = true
  ) throws(StateDictionaryError) -> [StateDictionaryError.Problem] {
    let slots = slots
    var absent: [StateDictionaryError.Problem] = []
    var wrong: [StateDictionaryError.Problem] = []
    for slot in slots {
      let given = slot.paths.filter { state[$0] != nil }
      if given.isEmpty { absent.append(.missing(name: slot.paths[0], expected: slot.shape)) }
      for path in given { wrong += state[path]?.problems(loadingAs: path, shape: slot.shape, dtype: slot.dtype) ?? [] }
    }
    let known = Set(slots.flatMap(\.paths))
    for (name, tensor) in state where !known.contains(name) {
      absent.append(.unexpected(name: name, found: tensor.shape))
    }
    let problems = (strict ? absent : []) + wrong
    if !problems.isEmpty { throw StateDictionaryError(target: "\(type(of: self))", problems: problems) }
    for slot in slots {
      if let tensor = slot.paths.lazy.compactMap({ state[$0] }).first {
        slot.write(tensor.copied().cast(to: slot.dtype))
      }
    }
    return absent
  }

  /// One parameter or buffer, as a state dictionary sees it.
  private struct Slot {
    let paths: [String]
    let shape: Shape
    let dtype: DType
    let read: () -> Tensor
    let write: (Tensor) -> Void
  }

  /// All parameters, then all buffers.
  private var slots: [Slot] {
    let contents = Contents(of: self)
    let parameters = contents.parameters.map { tied in
      Slot(paths: tied.paths, shape: tied.object.shape, dtype: tied.object.dtype, read: { tied.object.value }) {
        tied.object.value = $0
      }
    }
    let buffers = contents.buffers.map { tied in
      Slot(paths: tied.paths, shape: tied.object.shape, dtype: tied.object.dtype, read: { tied.object.value }) {
        tied.object.value = $0
      }
    }
    return parameters + buffers
  }
}
