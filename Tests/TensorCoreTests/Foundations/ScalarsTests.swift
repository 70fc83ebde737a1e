import TensorCore
import Testing

@Suite("A tensor's elements")
struct ScalarsTests {
  @Test("come from nested arrays, and keep their dtype but for Double")
  func fromArrays() {
    #expect(Tensor([[1.0, 2.0], [3.0, 4.0]]).dtype == .float32)
    #expect(Tensor([[1.0]], dtype: .float64).dtype == .float64)
    #expect(Tensor([Float(1)]).dtype == .float32 && Tensor([1]).dtype == .int64 && Tensor([true]).dtype == .bool)
    #expect(Tensor([Int32(1)]).dtype == .int32 && Tensor([UInt8(1)]).dtype == .uint8)
    #expect(Tensor([BFloat16(1)]).dtype == .bfloat16)
    #expect(Tensor([[[1], [2]], [[3], [4]]]).shape == [2, 2, 1])
    #expect(Tensor([[Double]]()).shape == [0] && Tensor([[Double]]([[], []])).shape == [2, 0])
  }

  @Test("are converted towards zero, saturating, NaN to 0; to bool by being other than 0")
  func conversions() {
    let x = Tensor([1.9, -1.9, 300.0, -300.0, 1e30, .nan, .infinity, 0.0], dtype: .float64)
    #expect(x.scalars(as: Int.self) == [1, -1, 300, -300, .max, 0, .max, 0])
    #expect(x.scalars(as: Int32.self) == [1, -1, 300, -300, .max, 0, .max, 0])
    #expect(x.scalars(as: UInt8.self) == [1, 0, 255, 0, 255, 0, 255, 0])
    #expect(x.scalars(as: Bool.self) == [true, true, true, true, true, true, true, false])
    #expect(Tensor([true, false]).scalars(as: Float.self) == [1, 0])
    #expect(Tensor([Int.max, Int.min]).scalars(as: Int.self) == [.max, .min])
  }

  @Test("round to the nearest bfloat16, ties to even")
  func bfloat16() {
    // 1 + 2⁻⁸ lies between 1 and 1 + 2⁻⁷; 1 + 3·2⁻⁸ between 1 + 2⁻⁷ and 1 + 2⁻⁶.
    let x = Tensor([1 + 0x1p-8, 1 + 0x3p-8, 1 + 0x1.8p-8, 3.4e38, .nan], dtype: .float64).cast(to: .bfloat16)
    let found = x.scalars(as: Float.self)
    #expect(found[0] == 1 && found[1] == 1 + 0x1p-6 && found[2] == 1 + 0x1p-7)
    #expect(found[3] == .infinity && found[4].isNaN)
    #expect(BFloat16(1 + 0x1p-8).float == 1 && BFloat16(.nan).float.isNaN)
  }

  @Test("come back in row-major order from any view")
  func fromViews() {
    let x = Tensor.range(0, 6).reshaped([2, 3])
    #expect(x.transposed().scalars(as: Int.self) == [0, 3, 1, 4, 2, 5])
    #expect(x[.all, .every(-2)].scalars(as: Float.self) == [2, 0, 5, 3])
    #expect(x[1, 2].item() == 5 && x[1, 2].item(UInt8.self) == 5)
    x.transposed().withUnsafeBytes { bytes in
      #expect(bytes.count == 24 && bytes.load(fromByteOffset: 4, as: Float.self) == 3)
    }
  }

  @Test("make the round trip through bytes", arguments: DType.allCases)
  func bytes(_ dtype: DType) {
    let x = Tensor([0, 1, 1, 0, 1, 0], shape: [2, 3]).cast(to: dtype)
    expectIdentical(x.withUnsafeBytes { Tensor(bytes: $0, shape: [2, 3], dtype: dtype) }, x, "\(dtype)")
  }

  @Test("stop what does not fit", arguments: 0..<8)
  func stops(_ index: Int) async {
    let parts = [
      ["Tensor", "rows of other lengths"], ["Tensor", "[2, 2]", "4 elements", "3 are given"],
      ["item", "[2]", "2 elements"],
      ["Shape", "negative"], ["Shape", "9 dimensions"], ["withUnsafeMutableBuffer", "float32", "float64"],
      ["Tensor(bytes:)", "float32 [2]", "8 bytes", "4"], ["Tensor(borrowing:)", "not aligned to 4"],
    ]
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [index = index as Int] in
      switch index {
      case 0: _ = Tensor([[1.0, 2.0], [3.0]])
      case 1: _ = Tensor([1, 2, 3], shape: [2, 2])
      case 2: _ = Tensor([1, 2]).item()
      case 3: _ = Tensor.zeros(Shape([2, -3]))
      case 4: _ = Tensor.zeros(Shape([Int](repeating: 1, count: 9)))
      case 5:
        var x = Tensor([1.0])
        x.withUnsafeMutableBuffer(of: Double.self) { _ in }
      case 6: [UInt8](repeating: 0, count: 4).withUnsafeBytes { _ = Tensor(bytes: $0, shape: [2], dtype: .float32) }
      default:
        final class Nobody: Sendable {}
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 8)
        _ = Tensor(
          borrowing: UnsafeRawBufferPointer(rebasing: bytes[1..<5]), shape: [1], dtype: .float32, owner: Nobody())
      }
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    for part in parts[index] + ["Fix: "] { #expect(message.contains(part), "\(message)") }
  }
}
