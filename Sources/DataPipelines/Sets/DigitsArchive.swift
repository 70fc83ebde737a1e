import CDigits
import TensorIO

/// The file behind the embedded data set: 1,797 hand-written digits of 8×8 pixels, part of the program itself
/// (E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998,
/// CC BY 4.0; the test part of that set).
public enum DigitsArchive {
  /// The CSV text, in ASCII: 1,797 lines of 64 whole numbers from 0 to 16, the picture row by row, and the digit.
  ///
  /// - Throws: ``GzipError`` if the program was built from a damaged file.
  public static func csv() throws(GzipError) -> [UInt8] {
    let archive = UnsafeRawBufferPointer(start: glassbox_digits_archive(), count: glassbox_digits_archive_size())
    return try Gzip.decompress(archive, limit: 1 << 20)
  }
}
