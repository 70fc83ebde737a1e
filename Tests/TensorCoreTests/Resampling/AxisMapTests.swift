import TensorCore
import Testing

@Suite("Resampling")
struct AxisMapTests {
  @Test("spoils what a broken pixel touches, and no more")
  func brokenPixel() {
    var x = Tensor.ones([1, 1, 4, 4])
    x[0, 0, 0, 0] = Tensor(Float.nan)
    for (name, y) in [
      ("bilinear", resized(x, to: 8, by: .bilinear)), ("bicubic", resized(x, to: 8, by: .bicubic)),
      ("adaptive", adaptiveAveragePool2d(x, to: 3)),
    ] {
      let broken = y.isNaN()[0, 0]
      #expect(broken[0, 0].item(Bool.self), "\(name)")
      let last = broken.shape[0] - 1
      #expect(!broken[last].any().item(Bool.self) && !broken[.all, last].any().item(Bool.self), "\(name)")
    }
  }
}
