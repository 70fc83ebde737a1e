import TensorCore
import Testing

@Suite("A printed tensor")
struct PrintingTests {
  @Test("shows small ones on a line")
  func small() {
    #expect("\(Tensor(2.5))" == "2.5")
    #expect("\(Tensor([1, -2, 3]))" == "[1, -2, 3]")
    #expect("\(Tensor([true, false]))" == "[true, false]")
    #expect("\(Tensor([[1.0, 2.0], [3.0, 4.5]]))" == "[[1.0, 2.0], [3.0, 4.5]]")
    #expect("\(Tensor([0.1, 0.2], dtype: .float64))" == "[0.1, 0.2]")
    #expect("\(Tensor([0.1, 0.2], dtype: .bfloat16))" == "[0.100097656, 0.20019531]")
    #expect("\(Tensor([200, 7], dtype: .uint8))" == "[200, 7]")
  }

  @Test("aligns the columns of large ones")
  func aligned() {
    #expect(
      "\(Tensor([[1.0, -20.5, 3.0, 4.0, 5.0], [6.0, 7.0, 8.0, 9.0, 10.0], [100.0, 0.0, 0.0, 0.0, 0.25]]))" == """
        [[  1.0, -20.5,   3.0,   4.0,   5.0],
         [  6.0,   7.0,   8.0,   9.0,  10.0],
         [100.0,   0.0,   0.0,   0.0,  0.25]]
        """)
  }

  @Test("sets a blank line between matrices")
  func matrices() {
    #expect(
      "\(Tensor.range(0, 12, dtype: .int64).reshaped([2, 3, 2]))" == """
        [[[ 0,  1],
          [ 2,  3],
          [ 4,  5]],

         [[ 6,  7],
          [ 8,  9],
          [10, 11]]]
        """)
    #expect(
      "\(Tensor.range(0, 4, dtype: .int64).reshaped([2, 1, 1, 2]))" == """
        [[[[0, 1]]],


         [[[2, 3]]]]
        """)
  }

  @Test("leaves out the middle of more than a thousand elements")
  func abbreviated() {
    #expect("\(Tensor.range(0, 1001, dtype: .int64))" == "[0, 1, 2, …, 998, 999, 1000]")
    #expect("\(Tensor.range(0, 1000, dtype: .int64))".hasSuffix("997, 998, 999]"))
    #expect(!"\(Tensor.range(0, 1000, dtype: .int64))".contains("…"))
    #expect(
      "\(Tensor.range(0, 10_000, dtype: .int64).reshaped([100, 100]))" == """
        [[   0,    1,    2, …,   97,   98,   99],
         [ 100,  101,  102, …,  197,  198,  199],
         [ 200,  201,  202, …,  297,  298,  299],
         …,
         [9700, 9701, 9702, …, 9797, 9798, 9799],
         [9800, 9801, 9802, …, 9897, 9898, 9899],
         [9900, 9901, 9902, …, 9997, 9998, 9999]]
        """)
  }

  @Test("shows what numbers can be besides numbers")
  func special() {
    #expect("\(Tensor([Float.nan, .infinity, -.infinity, -0.0]))" == "[nan, inf, -inf, -0.0]")
    #expect("\(Tensor([Float(1e-40), 1e30]))" == "[1e-40, 1e+30]")
  }

  @Test("shows empty axes as empty brackets, and many of them abbreviated")
  func empty() {
    #expect("\(Tensor.zeros([0]))" == "[]")
    #expect("\(Tensor.zeros([2, 0]))" == "[[], []]")
    #expect("\(Tensor.zeros([0, 3]))" == "[]")
    #expect("\(Tensor.zeros([1_000_000, 0]))".count < 100)
  }

  @Test("shows the elements' order, not the memory's")
  func views() {
    let x = Tensor([[1, 2], [3, 4]])
    #expect("\(x.transposed())" == "[[1, 3], [2, 4]]")
    #expect("\(x.flipped([0, 1]))" == "[[4, 3], [2, 1]]")
    #expect("\(Tensor(7).expanded(to: [3]))" == "[7, 7, 7]")
    #expect("\(Tensor([1.0]).requiringGradient())" == "[1.0]")
  }

  @Test("adds dtype and shape for a debugger")
  func debug() {
    #expect(Tensor([1.0, 2.0]).debugDescription == "[1.0, 2.0] float32 [2]")
    #expect(Tensor.zeros([0, 3], dtype: .bool).debugDescription == "[] bool [0, 3]")
    #expect(String(reflecting: Tensor(1)) == "1 int64 []")
  }
}
