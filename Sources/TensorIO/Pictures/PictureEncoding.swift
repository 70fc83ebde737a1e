import CPNG
import TensorCore

extension PictureFile {
  /// The bytes of a PNG file, by libpng: of uint8 [channels, height, width] from 0 to 255, row 0 at the top, with 1 (grey), 3 (red,
  /// green, blue) or 4 channels (and opacity).
  ///
  /// Stops on other dtypes and shapes, and on pictures larger than PNG holds.
  ///
  /// ```swift
  /// let red = Tensor([255, 0, 0].map { UInt8($0) }).reshaped([3, 1, 1])
  /// try PictureFile.decode(PictureFile.png(red)).scalars(as: Int.self)  // → [255, 0, 0]
  /// ```
  public static func png(_ picture: Tensor) -> [UInt8] {
    guard picture.rank == 3, [1, 3, 4].contains(picture.shape[0]), picture.count > 0, picture.dtype == .uint8 else {
      stop(
        "png", "\(picture.dtype) \(picture.shape) is no picture",
        fix: "use uint8 [channels, height, width] with 1, 3 or 4 channels")
    }
    let size = picture.shape.dimensions.map { Int32(clamping: $0) }
    let pixels = picture.detached().permuted([1, 2, 0]).contiguous()
    let bound = glassbox_png_bound(size[2], size[1], size[0])
    return pixels.withUnsafeBuffer(of: UInt8.self) { source in
      [UInt8](unsafeUninitializedCapacity: bound) { buffer, used in
        guard let from = source.baseAddress, let to = buffer.baseAddress else { return }
        used = glassbox_png_write(from, size[2], size[1], size[0], to, bound)
        if used == 0 { stop("png", "libpng can't write \(picture.shape)", fix: "use a smaller picture") }
      }
    }
  }
}
