import TensorCore
import Testing

@Suite("An op without a derivative")
struct NoDerivativeTests {
  // The inputs are on the tape, whatever their dtype: bools come from a comparison, integers from a cast.
  @Test("stops a backward pass by its name", .timeLimit(.minutes(10)))
  func stops() async {
    let names = Op.registry.filter { $0.derivative == .none && !$0.samples[0].inputs.isEmpty }.map(\.name)
    #expect(names.count > 15)
    await Exits.forEach(names) { name in
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        [name = name as String] in
        guard let op = Op.registry.first(where: { $0.name == name }) else { return }
        let inputs = op.samples[0].tensors().map { input in
          switch input.dtype {
          case .bool: input.cast(to: .float64).requiringGradient() .> 0.5
          case .int64: input.cast(to: .float64).requiringGradient().cast(to: .int64)
          default: input.requiringGradient()
          }
        }
        let y = op.samples[0].apply(inputs)[0]
        if y.requiresGradient { y.backward(from: .ones(like: y)) }
      }
      let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(message.contains("backward: \(name) has no gradient: "), "\(name) said: \(message)")
      #expect(message.contains("Fix: "))
    }
  }
}
