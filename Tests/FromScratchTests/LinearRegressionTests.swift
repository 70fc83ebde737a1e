import FromScratch
import TensorCore
import Testing

@Suite("Linear regression from scratch")
struct LinearRegressionTests {
  @Test("finds a line")
  func line() throws {
    let fitted = try LinearRegression(
      fitting: Tensor([[0.0], [1.0], [3.0]], dtype: .float64), Tensor([1.0, 3.0, 7.0], dtype: .float64))
    #expect(abs(fitted.w.item() - 2) < 1e-12 && abs(fitted.b.item() - 1) < 1e-12)
  }
}
