import TensorCore
import Testing

@Suite("Scattered products")
struct ScatterTests {
  // A product is linear in each factor, so that a difference is its derivative, exactly.
  @Test("have the gradient of the other factors where one, or several, are zero")
  func zeros() {
    let x = [0.0, 2, 3, 0]
    let source = [4.0, 0, 5, 0, 0, 6, 7]
    let indices = Tensor([0, 1, 2, 2, 2, 2, 3])
    func y(_ x: [Double], _ source: [Double]) -> Tensor {
      Tensor(x, dtype: .float64).scattered(
        axis: 0, indices: indices, Tensor(source, dtype: .float64), combining: .product)
    }
    func bumped(_ values: [Double], _ place: Int) -> [Double] {
      var values = values
      values[place] += 1
      return values
    }
    let base = y(x, source).sum().item()
    let expected = [
      x.indices.map { y(bumped(x, $0), source).sum().item() - base },
      source.indices.map { y(x, bumped(source, $0)).sum().item() - base },
    ]

    let (a, b) = (
      Tensor(x, dtype: .float64).requiringGradient(), Tensor(source, dtype: .float64).requiringGradient()
    )
    let product = a.scattered(axis: 0, indices: indices, b, combining: .product)
    let found = gradients(of: product.sum(), withRespectTo: [a, b]).map { $0.scalars(as: Double.self) }
    #expect(found == expected)
    #expect(expected[0] == [4, 0, 0, 7] && expected[1] == [0, 2, 0, 0, 0, 0, 0])
  }
}
