import CPNG
import NotebookDisplay
import Plotting
import TensorCore
import Testing

@Suite("Pictures")
struct PictureTests {
  /// The pixels of a PNG, as red, green, blue and opacity each.
  private func pixels(_ png: PNG, _ width: Int, _ height: Int) throws -> [[UInt8]] {
    var bytes = [UInt8](repeating: 0, count: 4 * width * height)
    try #require(glassbox_png_read(png.bytes, png.bytes.count, Int32(width), Int32(height), &bytes) != 0)
    return stride(from: 0, to: bytes.count, by: 4).map { Array(bytes[$0..<($0 + 4)]) }
  }

  private func grey(_ values: [UInt8]) -> [[UInt8]] { values.map { [$0, $0, $0, 255] } }

  @Test("of a table are grey, 0 black and 1 white, clamped")
  func unit() throws {
    let png = Tensor([[0.0, 0.5, 1.0], [-3.0, 0.2, 7.0]]).image(pixel: 1)
    #expect(try pixels(png, 3, 2) == grey([0, 128, 255, 0, 51, 255]))
  }

  @Test("of bytes have these bytes")
  func bytes() throws {
    let values: [UInt8] = [0, 1, 127, 254, 255, 60]
    #expect(try pixels(Tensor(values, shape: [2, 3]).image(pixel: 1), 3, 2) == grey(values))
  }

  @Test("go from the least to the greatest number, or between given ones")
  func ranges() throws {
    let x = Tensor([[2.0, 4.0, .infinity, 6.0]])
    #expect(try pixels(x.image(range: .fitted, pixel: 1), 4, 1) == grey([0, 128, 255, 255]))
    #expect(try pixels(x.image(range: .from(0...8), pixel: 1), 4, 1) == grey([64, 128, 255, 191]))
    #expect(try pixels(Tensor([[5.0, 5.0]]).image(range: .fitted, pixel: 1), 2, 1) == grey([0, 0]))
  }

  @Test("of three and four channels are coloured, and transparent")
  func channels() throws {
    let red = Tensor([[[1.0, 0.0]], [[0.0, 0.0]], [[0.0, 1.0]]])
    #expect(try pixels(red.image(pixel: 1), 2, 1) == [[255, 0, 0, 255], [0, 0, 255, 255]])
    let opacity = Tensor([[[1.0]], [[1.0]], [[1.0]], [[0.0]]])
    #expect(try pixels(opacity.image(pixel: 1), 1, 1).map(\.last) == [0])
  }

  @Test("show NaN in magenta")
  func notANumber() throws {
    #expect(try pixels(Tensor([[0.0, .nan]]).image(pixel: 1), 2, 1) == [[0, 0, 0, 255], [255, 0, 255, 255]])
  }

  @Test("of a batch stand in rows with a line between, their pixels squares")
  func batch() throws {
    let x = Tensor([0.0, 1.0, 0.2]).reshaped([3, 1, 1, 1])
    #expect(try pixels(x.image(pixel: 1, columns: 2), 3, 3) == grey([0, 128, 255, 128, 128, 128, 51, 128, 128]))
    let large = try pixels(Tensor([[0.0, 1.0]]).image(pixel: 2), 4, 2)
    #expect(large == grey([0, 0, 255, 255, 0, 0, 255, 255]))
    // 8 × 8 pixels are made 200 wide.
    #expect(try pixels(Tensor.zeros([8, 8]).image(), 200, 200).count == 40_000)
  }

  @Test("say what tensor they are of")
  func caption() {
    let picture = Tensor([[0.0, .nan], [0.5, 3.0]]).image()
    #expect(picture.caption == "float32 [2, 2], 0.0 … 3.0, 1 NaN")
    guard case .text(let html)? = picture.notebookDisplay["text/html"] else { return #expect(Bool(false)) }
    #expect(html.contains("data:image/png;base64,iVBOR") && html.contains(">float32 [2, 2], 0.0 … 3.0, 1 NaN</div>"))
    #expect(picture.notebookDisplay["image/png"] == .data(picture.bytes))
  }

  @Test("in a grid of a chart are PNG in the data, with a caption each")
  func chart() throws {
    let layers = try Drawn(.imageGrid(Tensor.ones([3, 2, 2]), captions: ["a", "b", "c"], columns: 2)).layers
    #expect(layers.map(\.type) == ["image", "text"])
    #expect(layers[0].texts("url").allSatisfy { $0.hasPrefix("data:image/png;base64,iVBOR") })
    #expect(layers[1].texts("caption") == ["a", "b", "c"])
    #expect(
      layers[0].numbers("x")[0] == layers[0].numbers("x")[2] && layers[0].numbers("y")[2] > layers[0].numbers("y")[0])
  }
}
