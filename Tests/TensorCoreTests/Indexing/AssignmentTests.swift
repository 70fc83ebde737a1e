import TensorCore
import Testing

@Suite("Assignment through brackets")
struct AssignmentTests {
  var x = Tensor.zeros([3, 4], dtype: .int64)

  private func rows(_ x: Tensor) -> [[Int]] { (0..<x.shape[0]).map { x[$0].scalars(as: Int.self) } }

  @Test("writes a row, a column, an element")
  mutating func simple() {
    x[0] = Tensor([1, 2, 3, 4])
    x[.all, -1] = Tensor([7, 8, 9])
    x[2, 0] = Tensor(5)
    #expect(rows(x) == [[1, 2, 3, 7], [0, 0, 0, 8], [5, 0, 0, 9]])
  }

  @Test("broadcasts the value")
  mutating func broadcast() {
    x[1...] = Tensor(3)
    x[.all, 1...2] = Tensor([[10], [20], [30]])
    #expect(rows(x) == [[0, 10, 10, 0], [3, 20, 20, 3], [3, 30, 30, 3]])
  }

  @Test("goes by steps, backwards too")
  mutating func steps() {
    x[0, .every(2)] = Tensor([1, 2])
    x[1, .every(-1)] = Tensor([1, 2, 3, 4])
    x[.slice(from: 2, to: 0, by: -2), .every(3)] = Tensor([[8, 9]])
    #expect(rows(x) == [[1, 0, 2, 0], [4, 3, 2, 1], [8, 0, 0, 9]])
  }

  @Test("goes by masks and by positions, the last write winning")
  mutating func tensors() {
    x[Tensor([true, false, true]), 0] = Tensor([1, 2])
    x[Tensor([1, 1, -1]), 3] = Tensor([5, 6, 7])
    x[x .== 0] = Tensor(-1)
    #expect(rows(x) == [[1, -1, -1, -1], [-1, -1, -1, 6], [2, -1, -1, 7]])
  }

  @Test("of nothing changes nothing")
  mutating func empty() {
    x[3...] = Tensor.zeros([0, 4], dtype: .int64)
    x[x .> 100] = Tensor(1)
    #expect(rows(x) == [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
  }

  @Test("works in compound form")
  mutating func compound() {
    x[1] += Tensor([1, 2, 3, 4])
    x[.all, 0] -= Tensor([1, 1, 1])
    x[2, 2] += 5
    #expect(rows(x) == [[-1, 0, 0, 0], [0, 2, 3, 4], [-1, 0, 5, 0]])
  }

  @Test("parts the gradient between what was there and what was written")
  func gradient() {
    let old = Tensor([1.0, 2.0, 3.0], dtype: .float64).requiringGradient()
    let value = Tensor(5.0, dtype: .float64).requiringGradient()
    var y = old
    y[..<2] = value
    let weights = Tensor([10.0, 20.0, 30.0], dtype: .float64)
    let found = gradients(of: (y * weights).sum(), withRespectTo: [old, value])
    #expect(y.doubles == [5, 5, 3] && old.doubles == [1, 2, 3])
    #expect(found[0].doubles == [0, 0, 30] && found[1].doubles == [30])
  }
}
