import TensorCore
import Testing

@Suite("Looking for anomalies")
struct AnomalyTests {
  let x = Tensor([-1.0, 4.0]).requiringGradient()

  @Test("names the op that made the first NaN")
  func forward() {
    #expect(throws: Anomaly(op: "sqrt", place: .forward, shape: [2])) {
      try detectingAnomalies { ((x * 2).sqrt() + 1).log().sum().backward() }
    }
  }

  @Test("names the op whose backward rule made it, where values are finite")
  func backward() {
    // √0 = 0, its derivative ∞, and 0·∞ is not a number.
    let zero = Tensor([0.0, 1.0]).requiringGradient()
    #expect(throws: Anomaly(op: "sqrt", place: .backward, shape: [2])) {
      try detectingAnomalies { (zero.sqrt() * 0).sum().backward() }
    }
    #expect(throws: Anomaly(op: "sqrt", place: .backward, shape: [2])) {
      try detectingAnomalies { gradients(of: (zero.sqrt() * 0).sum(), withRespectTo: [zero]) }
    }
  }

  @Test("tells NaN that came from outside")
  func outside() {
    let nan = Tensor([Double.nan, 1]).requiringGradient()
    #expect(throws: Anomaly(op: "multiply", place: .input, shape: [2])) { try detectingAnomalies { nan * 2 } }
    #expect(throws: Anomaly(op: "multiply", place: .gradient, shape: [2])) {
      try detectingAnomalies { (x * 2).backward(from: Tensor([Double.nan, 1])) }
    }
  }

  @Test("gives the body's result, or its error, when there is none")
  func nothing() throws {
    struct Interrupted: Error {}
    #expect(try detectingAnomalies { (x * 2).sum().item() } == 6)
    #expect(throws: Interrupted.self) { try detectingAnomalies { throw Interrupted() } }
    #expect(throws: Anomaly.self) {
      try detectingAnomalies {
        _ = x.log()
        throw Interrupted()
      }
    }
    // Infinity is no anomaly: masks are made of it.
    #expect(try detectingAnomalies { (x * 0 + 1).log().reciprocal().max().item() } == .infinity)
  }

  @Test("is off outside, and each looks for itself where they are nested")
  func nesting() throws {
    #expect(x.log()[0].item().isNaN)
    let outer = try detectingAnomalies {
      #expect(throws: Anomaly.self) { try detectingAnomalies { x.log() } }
      return x.detached().log().sum()
    }
    #expect(outer.item().isNaN)
  }
}
