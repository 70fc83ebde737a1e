import CDNNL
import TensorCore

/// Element-wise work, reductions and matrix products.
var operations: [Workload] {
  var list: [Workload] = []
  for (count, label) in [(16, "16"), (4_000_000, "4M")] {
    let bytes = Double(count * 4)
    list += [
      Workload(name: "add \(label)", bytes: 3 * bytes) {
        let (a, b) = (Tensor.uniform([count]), Tensor.uniform([count]))
        return { consume(a + b) }
      },
      Workload(name: "exp \(label)", bytes: 2 * bytes) {
        let a = Tensor.uniform([count])
        return { consume(a.exp()) }
      },
      Workload(name: "sum \(label)", bytes: bytes) {
        let a = Tensor.uniform([count])
        return { consume(a.sum()) }
      },
    ]
  }
  // What recording costs.
  list.append(
    Workload(name: "add 16, recorded") {
      let (a, b) = (Tensor.uniform([16]).requiringGradient(), Tensor.uniform([16]))
      return { consume(a + b) }
    })
  list.append(
    Workload(name: "softmax 4096×1024", bytes: 2 * 4096 * 1024 * 4) {
      let rows = Tensor.uniform([4096, 1024])
      return { consume(rows.softmax()) }
    })
  for n in [64, 128, 256, 512, 1024, 2048] {
    let work = 2 * Double(n * n * n)
    list.append(
      Workload(name: "matmul \(n)", operations: work) {
        let (a, b) = (Tensor.uniform([n, n]), Tensor.uniform([n, n]))
        return { consume(matmul(a, b)) }
      })
    list.append(
      Workload(name: "matmul \(n), oneDNN's own", operations: work) {
        let (a, b) = (Tensor.uniform([n, n]), Tensor.uniform([n, n]))
        var product = Tensor.zeros([n, n])
        return { multiplyByLibrary(a, b, &product) }
      })
  }
  return list
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
