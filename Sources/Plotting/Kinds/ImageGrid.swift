import NotebookDisplay
import TensorCore

extension Chart {
  /// Pictures in rows of `columns`, each with a line of text below.
  ///
  /// - Parameters:
  ///   - pictures: [n, height, width], or [n, channels, height, width] with 1, 3 or 4 channels, as ``TensorCore/Tensor/image(range:pixel:columns:)`` takes them.
  ///   - captions: A line for each, or none.
  ///   - columns: As many as make the grid about square, if nil.
  ///   - range: What is black and what is white.
  ///   - size: The width of a picture on the page, in pixels.
  ///
  /// Stops when the shape is another, or the captions are not one for each picture.
  ///
  /// ```swift
  /// Chart.imageGrid(Tensor.zeros([3, 8, 8]), captions: ["0", "1", "2"])  // → image grid chart with 3 points
  /// ```
  public static func imageGrid(
    _ pictures: Tensor, captions: [String]? = nil, columns: Int? = nil, range: PictureRange = .unit, size: Int = 80
  ) -> Chart {
    imageGrid(pictures, captions: captions, isMarked: nil, columns: columns, range: range, size: size)
  }

  /// Those that are marked have a frame, and their captions its colour.
  static func imageGrid(
    _ pictures: Tensor, captions: [String]?, isMarked: [Bool]?, columns: Int?, range: PictureRange, size: Int = 80
  ) -> Chart {
    guard pictures.rank == 3 || pictures.rank == 4, pictures.count > 0 else {
      stop(
        "imageGrid", "\(pictures.shape) is neither [n, height, width] nor [n, channels, height, width]",
        fix: "put a batch axis before a single picture: x.unsqueezed(0)")
    }
    let count = pictures.shape[0]
    if let captions, captions.count != count {
      stop("imageGrid", "\(captions.count) captions for \(count) pictures", fix: "give one for each")
    }
    let columns = min(columns ?? Int(Double(count).squareRoot().rounded(.up)), count)
    if columns < 1 || size < 1 {
      stop("imageGrid", "\(columns) columns of \(size) pixels", fix: "use one or more of each")
    }
    let batch = withoutGradients { PictureBatch(pictures, range: range, op: "imageGrid") }
    let height = size * batch.height / batch.width
    let rows = (count + columns - 1) / columns
    // Room below each picture for its line.
    let step = (x: size + 10, y: height + (captions == nil ? 10 : 28))
    let pixel = max(1, 2 * size / batch.width)
    var table = Table(count: count)
    table.columns["url"] = (0..<count).map { index in
      .string("data:image/png;base64," + base64(batch.png(of: index, pixel: pixel)))
    }
    table.columns["x"] = (0..<count).map { .integer(($0 % columns) * step.x + step.x / 2) }
    table.columns["y"] = (0..<count).map { .integer(($0 / columns) * step.y + height / 2 + 5) }
    if let captions { table.columns["caption"] = captions.map { .string($0) } }
    func place(_ field: String, _ extent: Int) -> JSON {
      .quantity(
        field,
        ["axis": nil, "scale": ["domain": [0, .integer(extent)], "nice": false, "reverse": .bool(field == "y")]])
    }
    let places: JSON = ["x": place("x", columns * step.x), "y": place("y", rows * step.y)]
    let told: JSON = captions == nil ? nil : [.category("caption", ["title": "caption"])]
    var marks = [
      Mark(
        kind: "image grid", style: ["type": "image", "width": .integer(size), "height": .integer(height)], table: table,
        encoding: places.merging(["url": ["field": "url", "type": "nominal"], "tooltip": told]), ink: .own)
    ]
    // The palette's vermilion, which stands out from either paper.
    let mark: JSON = "#D55E00"
    var color: JSON = [:]
    if let isMarked {
      var frames = table.rows(isMarked.indices.filter { isMarked[$0] })
      frames.columns["url"] = nil
      let style: JSON = [
        "type": "rect", "width": .integer(size + 4), "height": .integer(height + 4), "filled": false, "color": mark,
        "strokeWidth": 3,
      ]
      marks.append(
        Mark(kind: "frame", style: style, table: frames, encoding: places.merging(["tooltip": nil]), ink: .own))
      color = ["color": ["condition": ["test": "datum.marked", "value": mark]]]
    }
    if captions != nil {
      var texts = table
      texts.columns["url"] = nil
      texts.columns["marked"] = isMarked.map { $0.map { .bool($0) } }
      let style: JSON = ["baseline": "top", "dy": .integer(height / 2 + 5), "limit": .integer(size + 8)]
      marks.append(
        Mark(
          kind: "caption", style: Mark.textStyle.merging(style), table: texts,
          encoding: places.merging(["text": ["field": "caption"], "tooltip": nil]).merging(color), ink: .text))
    }
    return Chart(marks).changed {
      ($0.width, $0.height) = (columns * step.x, rows * step.y)
      $0.hasFrame = false
    }
  }
}
