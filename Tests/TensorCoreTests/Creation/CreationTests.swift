import TensorCore
import Testing

@Suite("A tensor from nothing")
struct CreationTests {
  @Test("is filled with one value in any dtype", arguments: DType.allCases)
  func filled(_ dtype: DType) {
    #expect(Tensor.zeros([2, 3], dtype: dtype).doubles == [0, 0, 0, 0, 0, 0])
    #expect(Tensor.ones([2], dtype: dtype).doubles == [1, 1] && Tensor.ones([2], dtype: dtype).dtype == dtype)
    #expect(Tensor.full([3], 5, dtype: dtype).doubles == (dtype == .bool ? [1, 1, 1] : [5, 5, 5]))
    #expect(Tensor.ones(like: Tensor.zeros([0, 2], dtype: dtype)).shape == [0, 2])
    #expect(Tensor.full([], 1, dtype: dtype).item() == 1)
  }

  @Test("counts from start to end without the end")
  func range() {
    #expect(Tensor.range(0, 1, by: 0.25).doubles == [0, 0.25, 0.5, 0.75])
    #expect(Tensor.range(5, 0, by: -2, dtype: .int32).doubles == [5, 3, 1])
    #expect(Tensor.range(0, 1, by: 0.3, dtype: .float64).count == 4)
    #expect(Tensor.range(3, 3).count == 0)
    #expect(Tensor.range(0, 300, dtype: .int64).doubles == (0..<300).map(Double.init))
  }

  @Test("spaces numbers evenly, both ends included")
  func linspace() {
    #expect(Tensor.linspace(0, 1, count: 5).doubles == [0, 0.25, 0.5, 0.75, 1])
    #expect(Tensor.linspace(-1, 1, count: 1).doubles == [-1])
    #expect(Tensor.linspace(0, 1, count: 0).doubles == [])
    #expect(Tensor.linspace(0, 0.7, count: 50, dtype: .float64).doubles.last == 0.7)
    #expect(Tensor.linspace(1, -1, count: 3).doubles == [1, 0, -1])
  }

  @Test("is an identity matrix")
  func eye() {
    #expect(Tensor.eye(3).doubles == [1, 0, 0, 0, 1, 0, 0, 0, 1])
    #expect(Tensor.eye(2, columns: 3, dtype: .int64).doubles == [1, 0, 0, 0, 1, 0])
    #expect(Tensor.eye(3, columns: 1).doubles == [1, 0, 0])
    #expect(Tensor.eye(0).shape == [0, 0])
  }
}
