import DataPipelines
import Foundation
import Learning
import Synchronization

/// How far a download is: a line that is written over on a terminal; in a pipe, a line when a file begins.
enum DownloadLine {
  private static let current = Mutex<(file: String, percent: Int)>(("", -1))

  static func show(_ progress: DownloadProgress) {
    let percent = progress.total == 0 ? 100 : 100 * progress.received / progress.total
    let isNewFile = current.withLock { shown -> Bool? in
      guard shown.file != progress.file || shown.percent != percent else { return nil }
      defer { shown = (progress.file, percent) }
      return shown.file != progress.file
    }
    guard let isNewFile else { return }
    if ProgressBar.isSupported() {
      Output.text("\rdownloading \(progress.file)  \(percent)%\u{1B}[K")
    } else if isNewFile {
      Output.line("downloading \(progress.file), \(progress.total) bytes")
    }
  }

  /// Goes to a new line, if anything was shown.
  static func close() {
    if ProgressBar.isSupported(), current.withLock({ $0.percent >= 0 }) { Output.line() }
  }
}
