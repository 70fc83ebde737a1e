import TensorCore
import Testing

@Suite("Einsum")
struct EinsumTests {
  private func path(_ equation: String, _ shapes: [Shape]) -> [[Int]] {
    einsumPath(equation, shapes).map { [$0.0, $0.1] }
  }

  @Test("multiplies in the cheapest order")
  func order() {
    #expect(path("ij,jk,kl->il", [[2, 50], [50, 50], [50, 3]]) == [[0, 1], [0, 1]])
    #expect(path("ij,jk,kl->il", [[50, 50], [50, 50], [50, 2]]) == [[1, 2], [0, 1]])
    #expect(path("ij->ji", [[2, 3]]).isEmpty)
    // The textbook's chain of six: ((A₁(A₂A₃))((A₄A₅)A₆)), Cormen et al., "Introduction to Algorithms", 2009, 15.2.
    let chain: [Shape] = [[30, 35], [35, 15], [15, 5], [5, 10], [10, 20], [20, 25]]
    #expect(path("ab,bc,cd,de,ef,fg->ag", chain) == [[1, 2], [0, 4], [0, 1], [0, 2], [0, 1]])
  }

  @Test("gives the same in any order, by subsets and greedily")
  func many() {
    let matrices = (0..<10).map { index in
      Tensor.normal([3, 3], dtype: .float64, using: RandomGenerator(seed: UInt64(80 + index))) * 0.5
    }
    for count in [8, 10] {
      let letters = Array("abcdefghijk")
      let parts = (0..<count).map { "\(letters[$0])\(letters[$0 + 1])" }.joined(separator: ",")
      let product = matrices[1..<count].reduce(matrices[0]) { matmul($0, $1) }
      expectClose(
        einsum("\(parts)->a\(letters[count])", Array(matrices[..<count])), product, within: 1e-13, "chain of \(count)")
    }
  }

  @Test("takes whole numbers, and keeps their dtype")
  func integers() {
    let x = Tensor([1, 2, 3, 4], shape: [2, 2], dtype: .int32)
    #expect(einsum("ij,jk->ik", x, x).scalars(as: Int.self) == [7, 10, 15, 22])
    #expect(einsum("ij->j", x).dtype == .int32)
  }

  @Test("of views is the same as of copies")
  func views() {
    let x = Tensor.normal([2, 5, 3, 4], dtype: .float64, using: RandomGenerator(seed: 77))
    let heads = x.transposed(1, 2)
    expectClose(
      einsum("bhid,bhjd->bhij", heads, heads), matmul(heads.contiguous(), heads.contiguous().transposed()),
      within: 1e-13, "attention")
  }
}
