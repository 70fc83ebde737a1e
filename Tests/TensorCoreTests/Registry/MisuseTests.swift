import TensorCore
import Testing

@Suite("A wrong call of an op")
struct MisuseTests {
  @Test("stops with a message that has all its parts", .timeLimit(.minutes(10)))
  func message() async {
    let calls = Op.registry.flatMap { op in op.misuses.map { (op: op.name, label: $0.label, parts: $0.message) } }
    #expect(calls.count > 100)
    await Exits.forEach(calls) { call in
      let (name, label) = (call.op, call.label)
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        [name = name as String, label = label as String] in
        Op.registry.first { $0.name == name }?.misuses.first { $0.label == label }?.run()
      }
      let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      for part in call.parts + ["Fix: "] {
        #expect(message.contains(part), "\(name), \(label): “\(part)” is missing in: \(message)")
      }
    }
  }

  @Test("is part of every op's description that can be called wrongly")
  func everyOpHasOne() {
    // Defined for every tensor, so that there is nothing to do wrong.
    let total: Set = [
      "negate", "add scalar", "subtract scalar", "multiply scalar", "divide scalar", "relu", "abs", "sign", "square",
      "power scalar",
      "floor", "ceil", "round", "isNaN", "isFinite", "clamped", "cast", "relu6", "hardTanh", "hardShrink",
      "thresholded", "unique",
    ]
    for op in Op.registry where !total.contains(op.name) {
      #expect(!op.misuses.isEmpty, "\(op.name) has no misuse")
    }
  }

  @Test("is told apart by its op and label")
  func labels() {
    for op in Op.registry {
      #expect(Set(op.misuses.map(\.label)).count == op.misuses.count, "\(op.name)")
      #expect(Set(op.samples.map(\.label)).count == op.samples.count, "\(op.name)")
    }
    #expect(Set(Op.registry.map(\.name)).count == Op.registry.count)
  }
}
