import CKernels

/// One direction of one recurrent layer as a single op of the tape.
///
/// The inputs of all steps are multiplied with their weight in one matrix product. One kernel then goes through the
/// steps, and back again: it keeps the gates, so that the weights' gradients are one product over all steps each.
struct Recurrence: Sendable {
  let op: String
  let cell: gb_cell
  let time: Int
  let batch: Int
  let inputs: Int
  let hidden: Int
  /// nil where every sequence has all steps.
  let lengths: [Int64]?
  let reversed: Bool

  var gates: Int { cell == GB_LSTM ? 4 : cell == GB_GRU ? 3 : 1 }
  private var hasCells: Bool { cell == GB_LSTM }

  /// Stops when something does not fit.
  init(
    _ op: String, _ cell: gb_cell, _ x: Tensor, _ states: [Tensor], _ weights: RecurrentWeights, _ lengths: [Int]?,
    reversed: Bool
  ) {
    Elementwise.requireFloatingPoint(op, x)
    let gates = cell == GB_LSTM ? 4 : cell == GB_GRU ? 3 : 1
    let hidden = states[0].rank == 2 ? states[0].shape[1] : 0
    let biases = [weights.inputBias, weights.hiddenBias].compactMap(\.self)
    guard x.rank == 3, hidden > 0, states.allSatisfy({ $0.shape == [x.shape[1], hidden] }),
      weights.input.shape == [gates * hidden, x.shape[2]], weights.hidden.shape == [gates * hidden, hidden],
      biases.allSatisfy({ $0.shape == [gates * hidden] })
    else {
      stop(
        op,
        "x \(x.shape), states \(states.map(\.shape)), weights \(weights.input.shape) and \(weights.hidden.shape), biases \(biases.map(\.shape)) do not fit",
        fix:
          "x is [time, batch, inputs], a state [batch, hidden], the weights [\(gates)·hidden, inputs] and [\(gates)·hidden, hidden], a bias [\(gates)·hidden]"
      )
    }
    for other in states + weights.tensors where other.dtype != x.dtype { Elementwise.stopOnDTypes(op, x, other) }
    guard x.shape[0] > 0 else {
      stop(op, "x \(x.shape) has no time steps", fix: "pass sequences of one step at least")
    }
    if let lengths, lengths.count != x.shape[1] || lengths.contains(where: { $0 < 1 || $0 > x.shape[0] }) {
      stop(
        op, "the lengths \(lengths) do not fit x \(x.shape)",
        fix: "give each of the \(x.shape[1]) sequences a length in 1...\(x.shape[0])")
    }
    self.op = op
    self.cell = cell
    (time, batch, inputs, self.hidden) = (x.shape[0], x.shape[1], x.shape[2], hidden)
    self.lengths = lengths.flatMap { lengths in
      lengths.allSatisfy { $0 == x.shape[0] } ? nil : lengths.map { Int64($0) }
    }
    self.reversed = reversed
  }

  /// The outputs [time, batch, hidden], 0 beyond a sequence's length, and the final states [batch, hidden].
  func callAsFunction(_ x: Tensor, _ states: [Tensor], _ weights: RecurrentWeights) -> (
    outputs: Tensor, final: [Tensor]
  ) {
    if x.dtype == .bfloat16 {
      let wide = self(
        x.cast(to: .float32), states.map { $0.cast(to: .float32) }, weights.map { $0.cast(to: .float32) })
      return (wide.outputs.cast(to: .bfloat16), wide.final.map { $0.cast(to: .bfloat16) })
    }
    let all = packed(x, states, weights)
    let first = reversed && hasCells ? 1 : 0
    let carried = hasCells ? all.sliced(axis: 0, from: first, to: first + time) : all
    let last = carried.sliced(axis: 0, from: reversed ? 0 : time - 1, to: reversed ? 1 : time).squeezed(0)
    var outputs = carried
    if let running = runningSteps {
      outputs = Tensor.where(running, carried, Tensor(0.0, dtype: x.dtype))
    }
    guard hasCells else { return (outputs, [last]) }
    let cells = all.sliced(axis: 0, from: reversed ? 0 : time, to: reversed ? 1 : time + 1).squeezed(0)
    return (outputs, [last, cells])
  }

  /// Whether a step is within its sequence, [time, batch, 1]; nil where all are.
  var runningSteps: Tensor? {
    guard let lengths else { return nil }
    let steps = Tensor((0..<time).map { Int64($0) }, shape: [time, 1, 1])
    return steps .< Tensor(lengths, shape: [1, batch, 1])
  }

  /// The states after each step, [time, batch, hidden], which stay as they are beyond a sequence's length. With LSTM's
  /// final cells [1, batch, hidden] behind them; before them when `reversed`.
  private func packed(_ x: Tensor, _ states: [Tensor], _ weights: RecurrentWeights) -> Tensor {
    let saved = Saved(self, x.detached(), states.map { $0.detached() }, weights.map { $0.detached() })
    let result = saved.result
    let all = [x] + states + weights.tensors
    guard Tape.records(all) else { return result }
    let wanted = all.map { $0.node != nil }
    return result.recorded(op, from: all) { g in
      if Tape.isRecording {
        return Tape.gradientsOfComposite(all, from: g) { all in
          let split = 1 + states.count
          return self.composed(all[0], Array(all[1..<split]), weights.replaced(by: Array(all[split...])))
        }
      }
      return saved.gradients(from: g, wanted: wanted)
    }
  }
}

/// What a forward pass leaves for the way back. Nothing here is recorded.
private struct Saved: Sendable {
  let layer: Recurrence
  let x: Tensor
  let weights: RecurrentWeights
  /// [time, batch, gates·hidden]
  let gates: Tensor
  /// [time, batch, hidden]: GRU's W_hn·h + b_hn.
  let candidates: Tensor?
  /// Slots of [batch, hidden]: the initial state and those that follow, in the order of time; at the end that time runs
  /// to, LSTM has one more for its final cells.
  let states: Tensor
  let cells: Tensor?

  init(_ layer: Recurrence, _ x: Tensor, _ initial: [Tensor], _ weights: RecurrentWeights) {
    let (time, batch, hidden, dtype) = (layer.time, layer.batch, layer.hidden, x.dtype)
    self.layer = layer
    self.x = x.rowMajor()
    self.weights = weights.map { $0.rowMajor() }
    let bias = withoutGradients { Saved.summedBias(layer, weights) }
    gates = MatrixProduct.run(
      self.x.reshaped([time * batch, layer.inputs]), self.weights.input.transposed(), bias: bias)
    candidates = layer.cell == GB_GRU ? Tensor(uninitialized: [time, batch, hidden], dtype: dtype) : nil
    let extra = layer.cell == GB_LSTM ? 1 : 0
    states = Tensor(uninitialized: [time + 1 + extra, batch, hidden], dtype: dtype)
    cells = initial.count > 1 ? Tensor(uninitialized: [time + 1, batch, hidden], dtype: dtype) : nil
    let start = layer.reversed ? time : 0
    initial[0].copyElements(
      into: states, strides: [hidden, 1], at: (start + (layer.reversed ? extra : 0)) * batch * hidden)
    if let cells { initial[1].copyElements(into: cells, strides: [hidden, 1], at: start * batch * hidden) }
    let single = products(of: initial[0])
    withRecord(products: single) { record in kernels.recurrence(dtype.code, record) }
    if let cells {
      let last = cells.sliced(axis: 0, from: layer.reversed ? 0 : time, to: layer.reversed ? 1 : time + 1)
      last.copyElements(
        into: states, strides: [batch * hidden, hidden, 1], at: (layer.reversed ? 0 : time + 1) * batch * hidden)
    }
  }

  /// What both biases add to the gates before any product; GRU's last hidden bias waits for its reset gate.
  private static func summedBias(_ layer: Recurrence, _ weights: RecurrentWeights) -> Tensor? {
    guard var hidden = weights.hiddenBias else { return weights.inputBias }
    if layer.cell == GB_GRU {
      hidden = hidden[..<(2 * layer.hidden)].padded([(0, layer.hidden)])
    }
    guard let input = weights.inputBias else { return hidden }
    return input + hidden
  }

  /// For one step, the product with the weight as it stands is cheaper than laying it out for many.
  private func products(of state: Tensor) -> Tensor? {
    layer.time > 1 ? nil : MatrixProduct.run(state, weights.hidden.transposed())
  }

  /// Slot 0 of the states, where LSTM's final cells may stand before it.
  private var slots: UnsafeMutableRawPointer {
    let before = layer.reversed && cells != nil ? layer.batch * layer.hidden : 0
    return states.pointer + before * states.dtype.size
  }

  private func withRecord(products: Tensor?, _ body: (UnsafePointer<gb_recurrence>) -> Void) {
    let bias = layer.cell == GB_GRU ? weights.hiddenBias : nil
    let size = x.dtype.size
    let lengths = layer.lengths.map { Tensor($0, shape: [$0.count]) }
    var record = gb_recurrence(
      cell: layer.cell, time: layer.time, batch: layer.batch, hidden: layer.hidden, reversed: layer.reversed,
      lengths: lengths.map { UnsafePointer($0.int64Pointer) }, weight: layer.time == 1 ? nil : weights.hidden.pointer,
      products: products?.pointer, candidate_bias: bias.map { $0.pointer + 2 * layer.hidden * size },
      gates: gates.pointer, candidates: candidates?.pointer, states: slots, cells: cells?.pointer)
    withExtendedLifetime((lengths, products, self)) { body(&record) }
  }

  /// What the tape sees: the states after each step, and LSTM's final cells.
  var result: Tensor {
    let first = layer.reversed ? 0 : 1
    return states.sliced(axis: 0, from: first, to: first + layer.time + (cells == nil ? 0 : 1))
  }

  /// The gradients of x, the states and the weights, where they are wanted.
  func gradients(from g: Tensor, wanted: [Bool]) -> [Tensor?] {
    let (time, batch, hidden, dtype) = (layer.time, layer.batch, layer.hidden, x.dtype)
    let g = g.rowMajor()
    let slot = batch * hidden * dtype.size
    let dgates = Tensor(uninitialized: gates.layout, dtype: dtype)
    let dproducts = layer.cell == GB_GRU ? Tensor(uninitialized: gates.layout, dtype: dtype) : dgates
    var dstate = Tensor.zeros([batch, hidden], dtype: dtype)
    let dcell = cells.map { _ in
      Tensor.copying(
        g.sliced(axis: 0, from: layer.reversed ? 0 : time, to: layer.reversed ? 1 : time + 1), to: dtype
      ).reshaped([batch, hidden])
    }
    var record = gb_recurrence_gradient(
      g: g.pointer + (layer.reversed && cells != nil ? slot : 0), dstate: dstate.pointer, dcell: dcell?.pointer,
      dgates: dgates.pointer, dproducts: dproducts.pointer)
    withExtendedLifetime((g, dstate, dcell, dgates, dproducts)) {
      withRecord(products: nil) { kernels.recurrence_gradient(dtype.code, $0, &record) }
    }
    if time == 1 { dstate = dstate + MatrixProduct.run(dproducts, weights.hidden) }

    var wanted = wanted[...]
    func next(_ gradient: () -> Tensor) -> Tensor? { wanted.popFirst() == true ? gradient() : nil }
    var results = [next { MatrixProduct.run(dgates, weights.input).reshaped(x.shape) }, next { dstate }]
    if let dcell { results.append(next { dcell }) }
    let (first, second) = (wanted.popFirst() == true, wanted.popFirst() == true)
    let inputs = x.reshaped([time * batch, layer.inputs])
    if first && second && layer.cell != GB_GRU {
      // One product for both, and the other way around: the gates' gradients, four times as wide, are laid out once.
      let both = Saved.product(Tensor.concatenated([inputs, statesBefore], axis: 1), dgates)
      results += both.split(sizes: [layer.inputs, hidden], axis: 1).map { Tensor.copying($0, to: dtype) }
    } else {
      results.append(first ? Saved.product(inputs, dgates) : nil)
      results.append(second ? Saved.product(statesBefore, dproducts) : nil)
    }
    let biases = [(weights.inputBias, dgates), (weights.hiddenBias, dproducts)].filter { $0.0 != nil }
    var sums: [Tensor] = []
    for (_, gradient) in biases {
      let isShared = layer.cell != GB_GRU && !sums.isEmpty
      results.append(next { isShared ? sums[0] : gradient.sum(axis: 0) })
      if let sum = results.last ?? nil { sums.append(sum) }
    }
    return results
  }

  /// dᵀ·x as the transpose of xᵀ·d.
  private static func product(_ x: Tensor, _ d: Tensor) -> Tensor {
    Tensor.copying(MatrixProduct.run(x.transposed(), d).transposed(), to: x.dtype)
  }

  /// The state before each step, [time·batch, hidden].
  private var statesBefore: Tensor {
    let first = layer.reversed ? (cells == nil ? 1 : 2) : 0
    return states.sliced(axis: 0, from: first, to: first + layer.time).reshaped([
      layer.time * layer.batch, layer.hidden,
    ])
  }
}
