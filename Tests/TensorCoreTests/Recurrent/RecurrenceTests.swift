import TensorCore
import Testing

@Suite("A recurrent layer's fused op")
struct RecurrenceTests {
  enum Cell: String, CaseIterable, Sendable { case lstm, gru, tanh, relu }

  /// Sizes that fill no vector, no tile of rows and no panel of units evenly.
  private static let (time, batch, inputs, hidden) = (6, 21, 5, 37)

  private func apply(_ cell: Cell, _ all: [Tensor], _ lengths: [Int]?, _ reversed: Bool) -> [Tensor] {
    let weights = RecurrentWeights(input: all[3], hidden: all[4], inputBias: all[5], hiddenBias: all[6])
    switch cell {
    case .lstm:
      let y = lstm(all[0], hidden: all[1], cell: all[2], weights, lengths: lengths, reversed: reversed)
      return [y.outputs, y.hidden, y.cell]
    case .gru:
      let y = gru(all[0], hidden: all[1], weights, lengths: lengths, reversed: reversed)
      return [y.outputs, y.hidden]
    case .tanh, .relu:
      let y = rnn(
        all[0], hidden: all[1], weights, cell == .tanh ? .tanh : .relu, lengths: lengths, reversed: reversed)
      return [y.outputs, y.hidden]
    }
  }

  private func inputs(_ cell: Cell, _ dtype: DType, hidden: Int = hidden, batch: Int = batch) -> [Tensor] {
    let gates = cell == .lstm ? 4 : cell == .gru ? 3 : 1
    let shapes: [Shape] = [
      [Self.time, batch, Self.inputs], [batch, hidden], [batch, hidden], [gates * hidden, Self.inputs],
      [gates * hidden, hidden], [gates * hidden], [gates * hidden],
    ]
    return shapes.enumerated().map { index, shape in
      Tensor.uniform(shape, from: -0.5, to: 0.5, dtype: dtype, using: RandomGenerator(seed: 60 + UInt64(index)))
    }
  }

  private func lengths(_ batch: Int = batch) -> [Int] { (0..<batch).map { 1 + $0 * 5 % Self.time } }

  /// The sum of weighted outputs.
  private func total(_ outputs: [Tensor]) -> Tensor {
    zip(outputs, outputWeights(outputs)).map { y, w in (y * w).sum() }.reduce(Tensor(0.0, dtype: outputs[0].dtype), +)
  }

  // A recorded backward pass takes the gradients of the unfused version.
  @Test("has the gradients of what it is made of", arguments: Cell.allCases, [false, true])
  func composed(_ cell: Cell, _ reversed: Bool) {
    for lengths in [nil, lengths()] {
      let leaves = inputs(cell, .float64).map { $0.requiringGradient() }
      let used = cell == .lstm ? leaves : [leaves[0], leaves[1]] + leaves[3...]
      let y = total(apply(cell, leaves, lengths, reversed))
      let fused = gradients(of: y, withRespectTo: used)
      let unfused = gradients(of: y, withRespectTo: used, differentiable: true)
      for (index, (found, expected)) in zip(fused, unfused).enumerated() {
        expectClose(found, expected.detached(), within: 1e-12, "gradient \(index)")
      }
    }
  }

  @Test("goes step by step: a sequence in two halves is the whole sequence", arguments: Cell.allCases)
  func halves(_ cell: Cell) {
    var all = inputs(cell, .float64)
    let whole = apply(cell, all, nil, false)
    let x = all[0]
    all[0] = x[..<2]
    let first = apply(cell, all, nil, false)
    all[0] = x[2...]
    for (index, state) in first.dropFirst().enumerated() { all[1 + index] = state }
    let second = apply(cell, all, nil, false)
    expectClose(Tensor.concatenated([first[0], second[0]]), whole[0], within: 1e-13, "outputs")
    for (found, expected) in zip(second, whole).dropFirst() { expectClose(found, expected, within: 1e-13, "state") }
  }

  @Test("treats each sequence as if it were alone and as long as its length", arguments: Cell.allCases, [false, true])
  func alone(_ cell: Cell, _ reversed: Bool) {
    let all = inputs(cell, .float64)
    let lengths = lengths()
    let together = apply(cell, all, lengths, reversed)
    for b in [0, 1, 7, 20] {
      var single = all
      single[0] = all[0][..<lengths[b], b..<(b + 1)]
      (single[1], single[2]) = (all[1][b..<(b + 1)], all[2][b..<(b + 1)])
      let expected = apply(cell, single, nil, reversed)
      expectClose(together[0][..<lengths[b], b..<(b + 1)], expected[0], within: 1e-13, "outputs of \(b)")
      #expect(together[0][lengths[b]..., b].doubles.allSatisfy { $0 == 0 })
      for (found, state) in zip(together, expected).dropFirst() {
        expectClose(found[b..<(b + 1)], state, within: 1e-13, "final state of \(b)")
      }
    }
  }

  @Test("does not depend on what lies beyond a sequence's end", arguments: Cell.allCases, [false, true])
  func beyond(_ cell: Cell, _ reversed: Bool) {
    var all = inputs(cell, .float64)
    let lengths = lengths()
    func run() -> [Tensor] {
      let leaves = all.map { $0.requiringGradient() }
      let outputs = apply(cell, leaves, lengths, reversed)
      return outputs.map { $0.detached() }
        + gradients(of: total(outputs), withRespectTo: [leaves[0], leaves[1], leaves[4]])
    }
    let expected = run()
    for (b, length) in lengths.enumerated() where length < Self.time {
      all[0][length..., b] = Tensor.full([Self.time - length, Self.inputs], 1e3, dtype: .float64)
    }
    for (found, before) in zip(run(), expected) { expectIdentical(found, before, "with other padding") }
  }

  @Test("has the same bits for any number of threads", arguments: Cell.allCases, [DType.float32, .float64])
  func threads(_ cell: Cell, _ dtype: DType) {
    Runtime.threads = max(Runtime.threads, 3)
    let all = inputs(cell, dtype, hidden: 96, batch: 70)
    func run() -> [Tensor] {
      let leaves = all.map { $0.requiringGradient() }
      let used = cell == .lstm ? leaves : [leaves[0], leaves[1]] + leaves[3...]
      let outputs = apply(cell, leaves, lengths(70), false)
      return outputs.map { $0.detached() } + gradients(of: total(outputs), withRespectTo: used)
    }
    let one = Runtime.withThreadLimit(1, run)
    for threads in [2, 3] {
      for (found, expected) in zip(Runtime.withThreadLimit(threads, run), one) {
        expectIdentical(found, expected, "\(threads) threads")
      }
    }
  }
}
