import CKernels

extension Recurrence {
  /// The same as the fused op from simpler ones, step by step: what higher derivatives are taken of, and the tests'
  /// reference.
  func composed(_ x: Tensor, _ states: [Tensor], _ weights: RecurrentWeights) -> Tensor {
    let fromInputs = linear(x, weights.input, weights.inputBias)
    let running = runningSteps
    var states = states
    var history = [Tensor](repeating: states[0], count: time)
    for step in 0..<time {
      let t = reversed ? time - 1 - step : step
      let next = advanced(states, fromInputs[t], linear(states[0], weights.hidden, weights.hiddenBias))
      if let running {
        let now = running[t]
        states = zip(next, states).map { Tensor.where(now, $0, $1) }
      } else {
        states = next
      }
      history[t] = states[0]
    }
    let outputs = Tensor.stacked(history)
    guard states.count > 1 else { return outputs }
    let cells = states[1].unsqueezed(0)
    return Tensor.concatenated(reversed ? [cells, outputs] : [outputs, cells])
  }

  /// The states after one step, from what the input and the state before add to the gates.
  private func advanced(_ states: [Tensor], _ x: Tensor, _ h: Tensor) -> [Tensor] {
    let x = x.split(every: hidden, axis: 1)
    let h = h.split(every: hidden, axis: 1)
    switch cell {
    case GB_LSTM:
      let (i, f) = ((x[0] + h[0]).sigmoid(), (x[1] + h[1]).sigmoid())
      let (g, o) = ((x[2] + h[2]).tanh(), (x[3] + h[3]).sigmoid())
      let c = f * states[1] + i * g
      return [o * c.tanh(), c]
    case GB_GRU:
      let (r, z) = ((x[0] + h[0]).sigmoid(), (x[1] + h[1]).sigmoid())
      let n = (x[2] + r * h[2]).tanh()
      return [n + z * (states[0] - n)]
    case GB_RNN_RELU: return [(x[0] + h[0]).relu()]
    default: return [(x[0] + h[0]).tanh()]
    }
  }
}
