import CDNNL
import TensorCore

/// Matrix products: square ones beside the library's own, and others of shapes that networks have.
var products: [Workload] { squares + rectangles }

private var squares: [Workload] {
  [64, 128, 256, 512, 1024, 2048].flatMap { n in
    let work = 2 * Double(n * n * n)
    return [
      Workload(name: "matmul \(n)", needs: .operations(work)) {
        let (a, b) = (Tensor.uniform([n, n]), Tensor.uniform([n, n]))
        return { consume(matmul(a, b)) }
      },
      Workload(name: "matmul \(n), oneDNN's own", needs: .operations(work)) {
        let (a, b) = (Tensor.uniform([n, n]), Tensor.uniform([n, n]))
        var product = Tensor.zeros([n, n])
        return { multiplyByLibrary(a, b, &product) }
      },
    ]
  }
}

private var rectangles: [Workload] {
  [(1, 768, 768), (16, 1024, 1024), (64, 4096, 256), (128, 784, 512), (333, 777, 555), (2048, 64, 2048)].map {
    m, k, n in
    Workload(name: "matmul \(m)×\(k)×\(n)", needs: .operations(2 * Double(m * k * n))) {
      let (a, b) = (Tensor.uniform([m, k]), Tensor.uniform([k, n]))
      return { consume(matmul(a, b)) }
    }
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
