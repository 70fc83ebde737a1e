import Foundation
import TensorCore
import Testing

@Suite("Writing to a tensor")
struct CopyOnWriteTests {
  /// Where a contiguous tensor's elements stand.
  private func address(_ x: Tensor) -> UnsafeRawPointer? { x.withUnsafeBytes(\.baseAddress) }

  @Test("leaves its copies and views as they were")
  func views() {
    var x = Tensor.range(0, 6).reshaped([2, 3])
    let copy = x
    let (row, column, transposed, backwards) = (x[1], x[.all, 0], x.transposed(), x.flipped([0, 1]))
    x[1, 1] = Tensor(100.0)
    #expect(x.doubles == [0, 1, 2, 3, 100, 5])
    #expect(copy.doubles == [0, 1, 2, 3, 4, 5])
    #expect(row.doubles == [3, 4, 5] && column.doubles == [0, 3])
    #expect(transposed.doubles == [0, 3, 1, 4, 2, 5] && backwards.doubles == [5, 4, 3, 2, 1, 0])
  }

  @Test("through a view leaves what it was taken from as it was")
  func throughView() {
    let x = Tensor.range(0, 6).reshaped([2, 3])
    var row = x[1]
    row += Tensor([10.0, 20.0, 30.0])
    var repeated = Tensor([1.0]).expanded(to: [3])
    repeated[0] = Tensor(5.0)
    var bytes = x.transposed()
    bytes.withUnsafeMutableBuffer(of: Float.self) { $0[1] = -1 }
    #expect(row.doubles == [13, 24, 35])
    #expect(repeated.doubles == [5, 1, 1])
    #expect(bytes.doubles == [0, -1, 1, 4, 2, 5])
    #expect(x.doubles == [0, 1, 2, 3, 4, 5])
  }

  @Test("happens in place when nobody else sees the elements")
  func inPlace() {
    var x = Tensor([1.0, 2.0, 3.0])
    let before = address(x)
    x += Tensor([1.0, 1.0, 1.0])
    x.withUnsafeMutableBuffer(of: Float.self) { $0[0] = 9 }
    #expect(address(x) == before)
    #expect(x.doubles == [9, 3, 4])
  }

  @Test("of itself reads the old elements")
  func itself() {
    var x = Tensor([1.0, 2.0, 3.0])
    x += x
    #expect(x.doubles == [2, 4, 6])
    x[.every(-1)] = x
    #expect(x.doubles == [6, 4, 2])
    x -= x[.every(-1)]
    #expect(x.doubles == [4, 0, -4])
  }

  @Test("does not change what was saved for the backward pass")
  func savedValues() {
    let x = Tensor([1.0, 2.0, 3.0]).requiringGradient()
    var factor = Tensor([10.0, 20.0, 30.0])
    var y = x * factor
    let exponential = x.exp()
    var written = exponential
    factor += Tensor([1.0, 1.0, 1.0])
    factor.withUnsafeMutableBuffer(of: Float.self) { $0[0] = -5 }
    written.withUnsafeMutableBuffer(of: Float.self) { $0[0] = -5 }
    y[0] = Tensor(0.0)
    let found = gradients(of: y.sum() + exponential.sum(), withRespectTo: [x])[0]
    let factors = [0.0, 20.0, 30.0]
    expectClose(
      found, Tensor(zip(factors, [1.0, 2.0, 3.0]).map { factor, x in factor + exp(x) }), within: 1e-6, "saved")
  }

  @Test("does not change a parameter's gradient or an optimiser's input")
  func gradientAliases() {
    let x = Tensor([1.0, 2.0]).requiringGradient()
    let seed = Tensor([3.0, 4.0])
    (x + 0.0).backward(from: seed)
    guard var gradient = x.gradient else {
      Issue.record("no gradient")
      return
    }
    gradient += Tensor([1.0, 1.0])
    #expect(x.gradient?.doubles == [3, 4] && seed.doubles == [3, 4])
  }

  /// Bytes that belong to someone else, like a mapped file's. `@unchecked Sendable`: nobody writes them after `init`.
  private final class Pages: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer

    init(_ floats: [Float]) {
      bytes = .allocate(byteCount: floats.count * 4, alignment: 64)
      bytes.copyBytes(from: floats.withUnsafeBytes { Array($0) })
    }

    var floats: [Float] { Array(bytes.bindMemory(to: Float.self)) }

    deinit { bytes.deallocate() }
  }

  @Test("copies borrowed storage, every time")
  func borrowed() {
    let pages = Pages([1, 2, 3, 4])
    let borrowed = Tensor(borrowing: UnsafeRawBufferPointer(pages.bytes), shape: [2, 2], dtype: .float32, owner: pages)
    #expect(address(borrowed) == UnsafeRawPointer(pages.bytes.baseAddress))
    var (added, written, assigned, stepped) = (borrowed, borrowed, borrowed, borrowed)
    added += Tensor.ones([2, 2])
    written.withUnsafeMutableBuffer(of: Float.self) { $0[0] = -1 }
    assigned[0, 0] = Tensor(-1.0)
    var velocity: Tensor?
    FusedStep.sgd(&stepped, gradient: .ones([2, 2]), velocity: &velocity, learningRate: 1)
    #expect(pages.floats == [1, 2, 3, 4] && borrowed.doubles == [1, 2, 3, 4])
    #expect(added.doubles == [2, 3, 4, 5] && stepped.doubles == [0, 1, 2, 3])
    #expect(written.doubles == [-1, 2, 3, 4] && assigned.doubles == [-1, 2, 3, 4])
  }

  @Test("copies a read-only mapping instead of touching it")
  func mapped() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "glassbox-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data([0, 0, 128, 63, 0, 0, 0, 64]).write(to: file)
    let data = try NSData(contentsOf: file, options: .alwaysMapped)
    let bytes = UnsafeRawBufferPointer(start: data.bytes, count: data.length)
    let owner = Mapping(data: data)
    var x = Tensor(borrowing: bytes, shape: [2], dtype: .float32, owner: owner)
    #expect(x.doubles == [1, 2])
    x.withUnsafeMutableBuffer(of: Float.self) { $0[1] = 7 }
    #expect(x.doubles == [1, 7])
    #expect(try Data(contentsOf: file) == Data([0, 0, 128, 63, 0, 0, 0, 64]))
  }

  // `@unchecked Sendable`: the mapping is only read.
  private final class Mapping: @unchecked Sendable {
    let data: NSData
    init(data: NSData) { self.data = data }
  }
}
