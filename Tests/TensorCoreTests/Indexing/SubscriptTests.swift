import TensorCore
import Testing

@Suite("A tensor's brackets")
struct SubscriptTests {
  /// 0 … 23 as [2, 3, 4]: the element at [i, j, k] is 12i + 4j + k.
  let x = Tensor.range(0, 24, dtype: .int64).reshaped([2, 3, 4])

  private func expect(
    _ found: Tensor, _ shape: Shape, _ elements: [Int], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.shape == shape, sourceLocation: sourceLocation)
    #expect(found.scalars(as: Int.self) == elements, sourceLocation: sourceLocation)
  }

  @Test("take positions, from either end")
  func positions() {
    expect(x[1], [3, 4], Array(12..<24))
    expect(x[-2], [3, 4], Array(0..<12))
    expect(x[1, 2], [4], [20, 21, 22, 23])
    expect(x[1, -1, -4], [], [20])
    expect(x[.all, 1], [2, 4], [4, 5, 6, 7, 16, 17, 18, 19])
    expect(x[], [2, 3, 4], Array(0..<24))
  }

  @Test("take every kind of Swift range")
  func ranges() {
    let row = Tensor.range(0, 6, dtype: .int64)
    expect(row[1..<4], [3], [1, 2, 3])
    expect(row[1...4], [4], [1, 2, 3, 4])
    expect(row[2...], [4], [2, 3, 4, 5])
    expect(row[..<2], [2], [0, 1])
    expect(row[...2], [3], [0, 1, 2])
    expect(row[(-2)...], [2], [4, 5])
    expect(row[..<(-2)], [4], [0, 1, 2, 3])
    expect(row[...(-2)], [5], [0, 1, 2, 3, 4])
    expect(row[...(-1)], [6], [0, 1, 2, 3, 4, 5])
    expect(row[-3 ... -1], [3], [3, 4, 5])
    expect(row[-3 ..< -1], [2], [3, 4])
  }

  @Test("clip ranges to the axis, as Python does")
  func clipped() {
    let row = Tensor.range(0, 6, dtype: .int64)
    expect(row[4..<100], [2], [4, 5])
    expect(row[100...], [0], [])
    expect(row[(-100)...], [6], [0, 1, 2, 3, 4, 5])
    expect(row[..<(-100)], [0], [])
    expect(row[3..<3], [0], [])
    expect(row[.slice(from: 4, to: 2)], [0], [])
    expect(Tensor.zeros([0, 3])[1...], [0, 3], [])
  }

  @Test("step forwards and backwards")
  func steps() {
    let row = Tensor.range(0, 7, dtype: .int64)
    expect(row[.every(2)], [4], [0, 2, 4, 6])
    expect(row[.every(3)], [3], [0, 3, 6])
    expect(row[.every(-1)], [7], [6, 5, 4, 3, 2, 1, 0])
    expect(row[.every(-3)], [3], [6, 3, 0])
    expect(row[.slice(from: 1, to: 6, by: 2)], [3], [1, 3, 5])
    expect(row[.slice(from: 1, to: -1)], [5], [1, 2, 3, 4, 5])
    expect(row[.slice(from: -2, to: 1, by: -2)], [2], [5, 3])
    expect(row[.slice(from: 100, to: -100, by: -4)], [2], [6, 2])
    expect(row[.slice(from: 2, by: -1)], [3], [2, 1, 0])
    expect(row[.every(100)], [1], [0])
  }

  @Test("insert axes, and stand for as many as are left")
  func newAxes() {
    expect(x[.newAxis, 1, 1], [1, 4], [16, 17, 18, 19])
    expect(x[0, 0, .newAxis], [1, 4], [0, 1, 2, 3])
    expect(x[0, .all, .newAxis, 0], [3, 1], [0, 4, 8])
    expect(x[.ellipsis, 0], [2, 3], [0, 4, 8, 12, 16, 20])
    expect(x[0, .ellipsis, 1...2], [3, 2], [1, 2, 5, 6, 9, 10])
    expect(x[.ellipsis], [2, 3, 4], Array(0..<24))
    expect(x[.ellipsis, .newAxis].sum(axis: 0), [3, 4, 1], (0..<12).map { 2 * $0 + 12 })
    expect(x[0, 1, .ellipsis, 2], [], [6])
    expect(Tensor(5)[.newAxis, .newAxis], [1, 1], [5])
  }

  @Test("select by a mask of one axis, of several, or of all")
  func masks() {
    expect(x[x .> 20], [3], [21, 22, 23])
    expect(x[Tensor([false, true])], [1, 3, 4], Array(12..<24))
    expect(x[.all, Tensor([true, false, true]), 0], [2, 2], [0, 8, 12, 20])
    expect(x[Tensor([[true, false, false], [false, false, true]])], [2, 4], [0, 1, 2, 3, 20, 21, 22, 23])
    expect(
      x[1, Tensor([[false, true, false, false], [false, false, false, false], [true, false, false, true]])], [3],
      [13, 20, 23])
    expect(x[x .< 0], [0], [])
    expect(x[.ellipsis, Tensor([true, false, false, true])][1], [3, 2], [12, 15, 16, 19, 20, 23])
  }

  @Test("select by positions, whose shape takes the axis' place")
  func integerTensors() {
    expect(x[Tensor([1, 0, -1]), 0, 0], [3], [12, 0, 12])
    expect(x[0, Tensor([[2, 0], [1, 1]]), 1...2], [2, 2, 2], [9, 10, 1, 2, 5, 6, 5, 6])
    expect(x[.all, .all, Tensor(3)], [2, 3], [3, 7, 11, 15, 19, 23])
    expect(x[Tensor([UInt8(1)]), 0, 0], [1], [12])
    expect(x[Tensor.zeros([0], dtype: .int64)], [0, 3, 4], [])
  }

  @Test("give views of the same memory where no tensor selects")
  func views() {
    #expect(x[.all, 1...2, .every(-2)].strides == [12, 4, -2])
    #expect(x[1].transposed()[0].strides == [4])
    #expect(x.transposed()[.newAxis, 1].shape == [1, 4, 3])
  }

  @Test("pass gradients back to where the elements came from")
  func gradient() {
    let y = Tensor.range(0, 6, dtype: .float64).requiringGradient()
    #expect(gradients(of: y[.slice(from: 4, by: -2)].sum(), withRespectTo: [y])[0].doubles == [1, 0, 1, 0, 1, 0])
    #expect(gradients(of: y[Tensor([5, 0, 5])].sum(), withRespectTo: [y])[0].doubles == [1, 0, 0, 0, 0, 2])
    #expect(gradients(of: (y[1..<3] * y[2..<4]).sum(), withRespectTo: [y])[0].doubles == [0, 2, 4, 2, 0, 0])
  }

  @Test("stop where they make no sense", arguments: 0..<9)
  func stops(_ index: Int) async {
    let parts = [
      ["position 2", "axis 0", "[2, 3, 4]", "-2..<2"], ["position -5", "axis 2 of [2, 3, 4]", "-4..<4"],
      ["4 axes", "[2, 3, 4]"], ["2 ellipses"],
      ["step of 0", "axis 0"], ["two indices are tensors"], ["mask of shape [2]", "[3]"],
      ["float32 tensor can't index"],
      ["index 7", "axis 1"],
    ]
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [index = index as Int] in
      let x = Tensor.zeros([2, 3, 4])
      switch index {
      case 0: _ = x[2]
      case 1: _ = x[0, 0, -5]
      case 2: _ = x[0, 0, 0, 0]
      case 3: _ = x[.ellipsis, .ellipsis]
      case 4: _ = x[.every(0)]
      case 5: _ = x[Tensor([0]), Tensor([0])]
      case 6: _ = x[.all, Tensor([true, false])]
      case 7: _ = x[Tensor([0.0])]
      default: _ = x[.all, Tensor([7])]
      }
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    for part in parts[index] + ["Fix: "] { #expect(message.contains(part), "\(message)") }
  }
}
