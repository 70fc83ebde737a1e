import CPNG
import TensorCore

/// The PNG format, by libpng.
enum PNGFile {
  /// Of uint8 [height, width, channels] with 1, 3 or 4 channels.
  static func bytes(_ pixels: Tensor) -> [UInt8] {
    let (height, width, channels) = (Int32(pixels.shape[0]), Int32(pixels.shape[1]), Int32(pixels.shape[2]))
    let bound = glassbox_png_bound(width, height, channels)
    return pixels.withUnsafeBuffer(of: UInt8.self) { source in
      [UInt8](unsafeUninitializedCapacity: bound) { buffer, used in
        guard let from = source.baseAddress, let to = buffer.baseAddress else { return }
        used = glassbox_png_write(from, width, height, channels, to, bound)
        if used == 0 { stop("image", "libpng can't write \(pixels.shape)", fix: "use a smaller picture") }
      }
    }
  }
}
