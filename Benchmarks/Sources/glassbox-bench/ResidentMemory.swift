import Foundation

/// How many bytes of memory this process grows by at its peak, from here through `steps` calls of the work that `prepare` makes.
func residentGrowth(steps: Int, of prepare: () -> () -> Void) throws -> Int {
  /// The kernel's own figure, in bytes: `VmRSS` is what is resident now, `VmHWM` the most since the last reset.
  func status(_ key: String) throws -> Int {
    let lines = try String(contentsOfFile: "/proc/self/status", encoding: .utf8).split(separator: "\n")
    let line = lines.first { $0.hasPrefix("\(key):") }
    guard let kilobytes = (line?.split(separator: " ").dropFirst().first).flatMap({ Int($0) }) else {
      throw CocoaError(.fileReadCorruptFile, userInfo: [NSFilePathErrorKey: "/proc/self/status, which has no \(key)"])
    }
    return kilobytes * 1024
  }
  // 5 resets the peak (proc(5)).
  try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
  let before = try status("VmRSS")
  let work = prepare()
  for _ in 0..<steps { work() }
  return try status("VmHWM") - before
}
