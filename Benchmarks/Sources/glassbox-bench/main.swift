// Glassbox's side of the benchmark; `Benchmarks/compare.py` runs it beside its peers and speaks to it on its standard
// input and output, one line of JSON each way: first the version and the workloads from here; then, for each line
//
//   {"ask": "time", "name": NAME, "seconds": S}    the median seconds of a call
//   {"ask": "limit", "name": NAME, "seconds": S}   how much of what NAME needs the hardware does in a second
//   {"ask": "memory", "name": NAME, "steps": N, "after": FIRST}
//       the bytes that N calls make the process grow by, after N calls of FIRST; only once in a process
//
// Usage: glassbox-bench THREADS

import Foundation
import TensorCore

/// A question of compare.py.
struct Request: Decodable {
  enum Question: String, Decodable { case time, limit, memory }
  let ask: Question
  let name: String
  let seconds: Double?
  let steps: Int?
  let after: String?
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
let networks = trainingSteps + networkSteps
let operations = products + sweeps
let workloads = networks + operations

func describe(_ workload: Workload, isNetwork: Bool) -> [String: Any] {
  var description: [String: Any] = ["name": workload.name, "network": isNetwork]
  if let needs = workload.needs { description["needs"] = ["kind": needs.kind, "amount": needs.amount] }
  return description
}

try say([
  "version": "\(Runtime.matrixLibrary), \(Runtime.instructionSet)",
  "workloads": networks.map { describe($0, isNetwork: true) }
    + operations.map { describe($0, isNetwork: false) },
])

// What the current workloads need stays alive between their rounds.
var prepared: [String: () -> Void] = [:]
while let line = readLine() {
  let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
  guard let workload = workloads.first(where: { $0.name == request.name }) else {
    try say(["error": "no workload \(request.name)"])
    continue
  }
  switch request.ask {
  case .time:
    if prepared[workload.name] == nil {
      if prepared.count > 1 { prepared = [:] }
      let work = workload.prepare()
      for _ in 0..<3 { work() }
      prepared[workload.name] = work
    }
    try say(["seconds": Workload.median(of: prepared[workload.name]!, seconds: request.seconds ?? 0.1)])
  case .limit:
    try say(["rate": workload.needs?.limit(threads: threads, seconds: request.seconds ?? 0.1) ?? 0])
  case .memory:
    let steps = request.steps ?? 1
    if let first = workloads.first(where: { $0.name == request.after })?.prepare() {
      for _ in 0..<steps { first() }
    }
    try say(["bytes": residentGrowth(steps: steps, of: workload.prepare)])
  }
}
