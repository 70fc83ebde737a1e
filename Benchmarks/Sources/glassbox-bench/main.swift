// The same work as Benchmarks/pytorch.py, in Glassbox. Prints {workload: seconds} as JSON.
//
// Usage: glassbox-bench THREADS SECONDS_PER_WORKLOAD [NAME_PART]

import Benchmark
import Foundation
import TensorCore

func run(threads: Int, seconds: Double, only part: String?) throws {
  Runtime.threads = threads
  // Each workload is repeated so often in one measurement that the clock's own cost does not count.
  var repetitions: [String: Int] = [:]
  let suite = BenchmarkSuite(name: "Glassbox")
  func measure(_ name: String, _ repeated: Int, _ work: @escaping () -> Void) {
    if let part, !name.contains(part) { return }
    repetitions[name] = repeated
    suite.benchmark(name) { for _ in 0..<repeated { work() } }
  }
  trainingSteps(measure)
  operations(measure)

  let settings: [any BenchmarkSetting] = [Format(.none), Quiet(true), WarmupIterations(5), MinTime(seconds: seconds)]
  var runner = BenchmarkRunner(suites: [suite], settings: settings)
  try runner.run()
  var medians: [String: Double] = [:]
  for result in runner.results {
    let sorted = result.measurements.sorted()
    medians[result.benchmarkName] = sorted[sorted.count / 2] * 1e-9 / Double(repetitions[result.benchmarkName] ?? 1)
  }
  let report: [String: Any] = ["version": "\(Runtime.matrixLibrary), \(Runtime.instructionSet)", "seconds": medians]
  print(String(decoding: try JSONSerialization.data(withJSONObject: report, options: [.sortedKeys]), as: UTF8.self))
}

let arguments = CommandLine.arguments
guard arguments.count >= 3, let threads = Int(arguments[1]), let seconds = Double(arguments[2]) else {
  FileHandle.standardError.write(Data("usage: glassbox-bench THREADS SECONDS_PER_WORKLOAD [NAME_PART]\n".utf8))
  exit(2)
}
try run(threads: threads, seconds: seconds, only: arguments.count > 3 ? arguments[3] : nil)
