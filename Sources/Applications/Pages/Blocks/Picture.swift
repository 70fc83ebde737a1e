import NotebookDisplay
import Plotting
import TensorCore
import TensorIO

extension ResultPage {
  /// A picture with a caption of two lines, and perhaps a second one that shows where the model looks.
  ///
  /// ```swift
  /// let cat = ResultPage.Picture(Tensor.zeros([3, 8, 8], dtype: .uint8), "is cat", "predicted dog, 93 %")
  /// cat.caption  // → is cat
  /// ```
  public struct Picture: Sendable, Hashable {
    /// PNG files.
    public var png: [UInt8]
    public var heat: [UInt8]?
    public var caption: String
    public var detail: String
    /// Whether its pixels are shown as squares.
    public var isSmall: Bool

    /// A picture [1, 3 or 4 channels, height, width], uint8 from 0 to 255 or floating-point: from 0 to 1, or else from its least to its greatest number.
    ///
    /// - Parameter heat: How much each place matters, [height, width] of the picture's size, at least 0, as `gradCAM` gives it: it colours a second copy.
    public init(_ picture: Tensor, _ caption: String, _ detail: String = "", heat: Tensor? = nil) {
      let picture = picture.detached()
      let isUnit = picture.dtype == .uint8 || (picture.min().item() >= 0 && picture.max().item() <= 1)
      png = picture.image(range: isUnit ? .unit : .fitted, pixel: 1).bytes
      self.heat = heat.map { HeatPicture.png(picture, isUnit: isUnit, $0.detached()) }
      isSmall = Swift.max(picture.shape[1], picture.shape[2]) < 100
      (self.caption, self.detail) = (caption, detail)
    }
  }
}

/// A picture in grey under the colours of what matters: from clear (0) over orange to yellow (the greatest).
private enum HeatPicture {
  static func png(_ picture: Tensor, isUnit: Bool, _ heat: Tensor) -> [UInt8] {
    withoutGradients {
      var x = picture.cast(to: .float32)[0..<min(3, picture.shape[0])]
      if picture.dtype == .uint8 { x = x / 255 }
      if !isUnit {
        let (low, high) = (x.min().item(), x.max().item())
        x = high > low ? (x - low) / (high - low) : x * 0
      }
      let grey = x.mean(axis: 0) * 0.8 + 0.1
      let most = heat.max().item()
      let share = most > 0 ? heat.cast(to: .float32) / most : heat.cast(to: .float32) * 0
      let color = Tensor.stacked([share * 0.15 + 0.85, share * 0.75 + 0.15, share * 0.2])
      let opacity = share * 0.8
      let mixed = grey.unsqueezed(0) * (1 - opacity).unsqueezed(0) + color * opacity.unsqueezed(0)
      return mixed.image(pixel: 1).bytes
    }
  }
}

extension [ResultPage.Picture] {
  var markup: Markup { .element("div", ["class": "pictures"], map(\.markup)) }
}

extension ResultPage.Picture {
  fileprivate var markup: Markup {
    let kind = isSmall ? "small" : "large"
    func image(_ png: [UInt8], _ label: String) -> Markup {
      .element("img", ["class": kind, "alt": label, "src": "data:image/png;base64,\(base64(png))"], [])
    }
    let images = [image(png, caption)] + (heat.map { [image($0, "where the model looks")] } ?? [])
    let lines = [Markup.element("b", [.text(caption)])] + (detail.isEmpty ? [] : [.element("span", [.text(detail)])])
    return .element(
      "figure", ["class": heat == nil ? "single" : "pair"],
      [.element("div", images), .element("figcaption", lines)])
  }
}
