import Foundation
import TensorCore

// Glassbox's side of a row of classic machine learning: fits on the files of data.py, and prints its seconds, its peak memory and its quality as a line of
// JSON. `run.py` calls it beside scikit-learn's side.
//
//   glassbox-bench-classic ROW FOLDER THREADS

let arguments = CommandLine.arguments
guard arguments.count == 4, let threads = Int(arguments[3]), let row = Row.all[arguments[1]] else {
  FileHandle.standardError.write(
    Data("usage: glassbox-bench-classic \(Row.all.keys.sorted().joined(separator: "|")) FOLDER THREADS\n".utf8))
  exit(64)
}
Runtime.threads = threads

do {
  print(try row.measured(Files(folder: URL(filePath: arguments[2], directoryHint: .isDirectory))))
} catch {
  FileHandle.standardError.write(Data("\(arguments[1]): \(error)\n".utf8))
  exit(1)
}
