import Mathematics
import TensorCore
import Testing

@Suite("Entropy")
struct EntropyTests {
  @Test("of eight equal chances is ln 8")
  func uniform() { #expect(abs(entropy(Tensor.full([8], 0.125, dtype: .float64)).item() - 2.0794415416798357) < 1e-15) }
}
