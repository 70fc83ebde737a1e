import CKernels
import COneDNN

/// The primitive kernels that every op is made of: a table of functions, so that another device is another table.
///
/// `@unchecked Sendable`: the table is constant, and its one pointer, the name, points to a string literal.
struct Backend: @unchecked Sendable {
  let kernels: gb_kernels

  /// This processor's kernels; matrix products and convolutions run on oneDNN and OpenBLAS, in the same thread pool.
  static let cpu: Backend = {
    gb_onednn_set_parallel(gb_parallel_for_libraries)
    return Backend(kernels: gb_cpu_kernels().pointee)
  }()
}

/// The kernels in use.
@inline(__always)
var kernels: gb_kernels { Backend.cpu.kernels }

/// What the program runs on: threads, instruction set, libraries.
public enum Runtime {
  /// The number of threads that ops use; results do not depend on it. Default: the cores this process may run on.
  public static var threads: Int {
    get { Int(gb_threads()) }
    set {
      guard newValue >= 1 else { stop("Runtime.threads", "\(newValue) threads", fix: "use 1 or more") }
      gb_set_threads(Int32(newValue))
    }
  }

  /// Caps the threads of ops on the calling thread while `body` runs: a background worker says 1.
  public static func withThreadLimit<R>(_ limit: Int, _ body: () throws -> R) rethrows -> R {
    gb_set_thread_limit(Int32(limit))
    defer { gb_set_thread_limit(0) }
    return try body()
  }

  /// The instruction set of the kernels: "avx512", "avx2" or "portable".
  public static var instructionSet: String { String(cString: kernels.name) }

  /// The version of the library behind matrix products and convolutions.
  public static var matrixLibrary: String { String(cString: gb_onednn_version()) }
}
