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

  // Linear in each factor, too, are the first derivatives.
  @Test("have the second derivatives of the other factors where one, two or three are zero", arguments: [true, false])
  func second(includingSelf: Bool) {
    let values = [0.0, 2, 3, 0, 4, 0, 5, 0, 0, 6, 7, 0]
    let indices = Tensor([[0, 0, 1, 1], [0, 1, 1, 1]])
    /// The derivatives by all twelve factors: of 2·2 places, and of what is multiplied to them.
    func slopes(_ values: [Double]) -> (x: Tensor, slope: Tensor) {
      let x = Tensor(values, dtype: .float64).requiringGradient()
      let product = x[0..<4].reshaped([2, 2]).scattered(
        axis: 1, indices: indices, x[4..<12].reshaped([2, 4]), combining: .product,
        includingSelf: includingSelf)
      let weighted = (product * Tensor([[1.0, 2.0], [3.0, 4.0]], dtype: .float64)).sum()
      return (x, gradients(of: weighted, withRespectTo: [x], differentiable: true)[0])
    }
    let base = slopes(values)
    for place in values.indices {
      var bumped = values
      bumped[place] += 1
      let expected = (slopes(bumped).slope - base.slope).scalars(as: Double.self)
      let found = gradients(of: base.slope[place], withRespectTo: [base.x])[0]
      #expect(found.scalars(as: Double.self) == expected, "row \(place)")
    }
  }
}
