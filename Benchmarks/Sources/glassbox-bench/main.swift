// Glassbox's side of the benchmark; `Benchmarks/compare.py` runs it beside its peers and speaks to it on its standard
// input and output, one line of JSON each way: first the version and the workloads from here; then, for each line
// {"name": NAME, "seconds": S}, the median time of a call.
//
// Usage: glassbox-bench THREADS

import Foundation
import TensorCore

struct Request: Decodable {
  let name: String
  let seconds: Double
}

func say(_ answer: [String: Any]) throws {
  let line = try JSONSerialization.data(withJSONObject: answer, options: [.sortedKeys]) + Data("\n".utf8)
  FileHandle.standardOutput.write(line)
}

guard CommandLine.arguments.count == 2, let threads = Int(CommandLine.arguments[1]) else {
  FileHandle.standardError.write(Data("usage: glassbox-bench THREADS\n".utf8))
  exit(2)
}
Runtime.threads = threads
let workloads = trainingSteps + networkSteps + operations + sweeps
try say([
  "version": "\(Runtime.matrixLibrary), \(Runtime.instructionSet)",
  "workloads": workloads.map { workload in
    var description: [String: Any] = ["name": workload.name]
    description["operations"] = workload.operations
    description["bytes"] = workload.bytes
    return description
  },
])

// What the current workloads need stays alive between their rounds.
var prepared: [String: () -> Void] = [:]
while let line = readLine() {
  let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
  guard let workload = workloads.first(where: { $0.name == request.name }) else {
    try say(["error": "no workload \(request.name)"])
    continue
  }
  if prepared[workload.name] == nil {
    if prepared.count > 1 { prepared = [:] }
    let work = workload.prepare()
    for _ in 0..<3 { work() }
    prepared[workload.name] = work
  }
  try say(["seconds": Workload.median(of: prepared[workload.name]!, seconds: request.seconds)])
}
