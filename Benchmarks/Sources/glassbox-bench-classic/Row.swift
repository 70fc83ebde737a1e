import Foundation

/// Work that is timed, and how good its result is.
struct Row: Sendable {
  /// Reads the data; gives what is timed, which gives what tells the quality, which is not timed.
  let prepare: @Sendable (Files) throws -> () throws -> () throws -> Double

  /// A line of JSON.
  func measured(_ files: Files) throws -> String {
    let work = try prepare(files)
    let start = ContinuousClock.now
    let quality = try work()
    let seconds = start.duration(to: .now) / .seconds(1)
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return "{\"seconds\": \(seconds), \"memory\": \(usage.ru_maxrss * 1024), \"quality\": \(try quality())}"
  }
}
