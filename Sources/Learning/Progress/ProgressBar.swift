import Foundation

/// A line at the bottom of a terminal that is written over as a training goes on, about ten times a second.
public struct ProgressBar {
  private let descriptor: Int32
  private let interval: Duration
  private var lastDrawn: ContinuousClock.Instant?
  private var isOpen = false

  /// Whether a file descriptor is a terminal that can go back to the beginning of a line.
  public static func isSupported(by descriptor: Int32 = STDOUT_FILENO) -> Bool {
    isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  public init(descriptor: Int32 = STDOUT_FILENO, interval: Duration = .milliseconds(100)) {
    self.descriptor = descriptor
    self.interval = interval
  }

  /// Draws the line anew, unless that was done less than `interval` ago.
  public mutating func show(_ progress: TrainingProgress) {
    let now = ContinuousClock.now
    if let lastDrawn, now - lastDrawn < interval { return }
    draw(progress)
  }

  /// Draws the line for the last time and goes to the next one.
  public mutating func finish(_ progress: TrainingProgress) {
    draw(progress)
    close()
  }

  /// Goes to the next line, so that other text can follow.
  public mutating func close() {
    if isOpen { write("\n") }
    isOpen = false
  }

  private mutating func draw(_ progress: TrainingProgress) {
    lastDrawn = .now
    isOpen = true
    // The last column stays empty: some terminals go to the next line once it is written. ESC [ K clears the rest.
    write("\r" + progress.line(width: width - 1) + "\u{1B}[K")
  }

  /// The terminal's width now: it may have been resized.
  private var width: Int {
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 80
  }

  /// A bar that can't be drawn is no reason to stop a training.
  private func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written <= 0 { return }
      bytes = bytes.dropFirst(written)
    }
  }
}
