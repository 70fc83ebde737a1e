import CDNNL
import TensorCore

/// Adds one workload: a name, how often one measurement repeats it, and the work.
typealias Measure = (_ name: String, _ repeated: Int, _ work: @escaping () -> Void) -> Void

func operations(_ measure: Measure) {
  for (count, label, repeated) in [(16, "16", 1000), (4_000_000, "4M", 1)] {
    let (a, b) = (Tensor.uniform([count]), Tensor.uniform([count]))
    measure("add \(label)", repeated) { consume(a + b) }
    measure("exp \(label)", repeated) { consume(a.exp()) }
    measure("sum \(label)", repeated) { consume(a.sum()) }
  }
  // Not compared with a peer: what recording costs.
  let (a, b) = (Tensor.uniform([16]).requiringGradient(), Tensor.uniform([16]))
  measure("add 16, recorded", 1000) { consume(a + b) }

  let rows = Tensor.uniform([4096, 1024])
  measure("softmax 4096×1024", 1) { consume(rows.softmax()) }

  for n in [64, 128, 256, 512, 1024, 2048] {
    let (p, q) = (Tensor.uniform([n, n]), Tensor.uniform([n, n]))
    var product = Tensor.zeros([n, n])
    measure("matmul \(n)", n < 256 ? 20 : 1) { consume(matmul(p, q)) }
    measure("matmul \(n), oneDNN's own", n < 256 ? 20 : 1) { multiplyByLibrary(p, q, &product) }
  }
}

/// The same product by oneDNN's own sgemm, on as many threads.
private func multiplyByLibrary(_ a: Tensor, _ b: Tensor, _ c: inout Tensor) {
  let n = Int64(a.shape[0])
  omp_set_num_threads(Int32(Runtime.threads))
  a.withUnsafeBuffer(of: Float.self) { a in
    b.withUnsafeBuffer(of: Float.self) { b in
      c.withUnsafeMutableBuffer(of: Float.self) { c in
        let status = dnnl_sgemm(
          Int8(UInt8(ascii: "N")), Int8(UInt8(ascii: "N")), n, n, n, 1, a.baseAddress, n, b.baseAddress, n, 0,
          c.baseAddress, n)
        precondition(status == dnnl_success)
      }
    }
  }
}

/// Keeps the optimiser from removing unused work.
@inline(never)
func consume(_ x: Tensor) {}
