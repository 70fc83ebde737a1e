import ClassicML
import FromScratch
import TensorCore
import Testing

@Suite("Linear regression from scratch")
struct LinearRegressionTests {
  @Test("finds a line")
  func line() throws {
    let fitted = try FromScratch.LinearRegression(
      fitting: Tensor([[0.0], [1.0], [3.0]], dtype: .float64), Tensor([1.0, 3.0, 7.0], dtype: .float64))
    #expect(abs(fitted.w.item() - 2) < 1e-12 && abs(fitted.b.item() - 1) < 1e-12)
  }

  @Test("gives the library's answer, and scikit-learn's")
  func library() throws {
    let wine = try Wine()
    let (x, y) = (wine.x[.all, 0..<12].contiguous(), wine.x[.all, 12].contiguous())
    let fitted = try FromScratch.LinearRegression(fitting: x, y)
    let library = try ClassicML.LinearRegression().fit(x, y)
    #expect((fitted.w - library.coefficients).abs().max().item() < 1e-12)
    #expect((fitted.w - (try wine.golden("linear/w"))).abs().max().item() < 1e-12)
    #expect((fitted.b - (try wine.golden("linear/b"))).abs().max().item() < 1e-12)
    #expect((fitted(x) - (try library.predict(x))).abs().max().item() < 1e-12)
  }

  @Test("has no gradient left at its weights")
  func gradient() throws {
    let wine = try Wine()
    let (x, y) = (wine.x[.all, 0..<12], wine.x[.all, 12])
    let fitted = try FromScratch.LinearRegression(fitting: x, y)
    let gradient = valueWithGradient(of: { (matmul(x, $0) + fitted.b - y).square().mean() }, at: fitted.w).gradient
    #expect(gradient.abs().max().item() < 1e-14)
  }

  @Test("of features that depend on each other throws")
  func dependent() {
    let x = Tensor([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]], dtype: .float64)
    #expect(throws: LinearAlgebraError.self) {
      try FromScratch.LinearRegression(fitting: x, Tensor([1.0, 2.0, 3.0], dtype: .float64))
    }
  }
}
