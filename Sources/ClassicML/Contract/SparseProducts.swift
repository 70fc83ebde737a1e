import TensorCore

// Products of a sparse and a dense matrix: each element that is held meets one row of the dense one.
extension SparseMatrix {
  /// A·B, float64 [rows, n], of a dense B [columns, n].
  ///
  /// ```swift
  /// let matrix = SparseMatrix(rows: [[2: 3.0], [0: 1.0, 2: 4.0]], columnCount: 3)
  /// matrix.product(Tensor([[1.0], [0.0], [10.0]]))  // → [[30.0], [41.0]]
  /// ```
  public func product(_ dense: Tensor) -> Tensor {
    guard dense.rank == 2, dense.shape[0] == columnCount else {
      stop(
        "SparseMatrix.product", "[\(rowCount), \(columnCount)] times \(dense.shape)",
        fix: "pass a matrix [\(columnCount), n]")
    }
    let width = dense.shape[1]
    let size = ParallelRows.size(operations: width * (count / Swift.max(1, rowCount) + 1))
    return written([rowCount, width], reading: dense) { y, b in
      ParallelRows.run(count: rowCount, size: size) { rows in
        withElements { starts, columns, values in
          for row in rows {
            let held = (starts[row]..<starts[row + 1])
            let to = y.element + row * width
            var from = 0
            // Sixteen sums at a time stay in registers, however many elements the row holds.
            while from + 16 <= width {
              var (first, second) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
              for place in held {
                let x = b.element + (Int(columns[place]) * width + from)
                first += values[place] * load(x)
                second += values[place] * load(x + 8)
              }
              store(first, to + from)
              store(second, to + (from + 8))
              from += 16
            }
            for place in held { add(values[place], b.element + Int(columns[place]) * width, to, from..<width) }
          }
        }
      }
    }
  }

  /// Aᵀ·B, float64 [columns, n], of a dense B [rows, n]; A is not transposed for it.
  ///
  /// ```swift
  /// let matrix = SparseMatrix(rows: [[2: 3.0], [0: 1.0, 2: 4.0]], columnCount: 3)
  /// matrix.transposedProduct(Tensor([[1.0], [10.0]]))  // → [[10.0], [0.0], [43.0]]
  /// ```
  public func transposedProduct(_ dense: Tensor) -> Tensor {
    guard dense.rank == 2, dense.shape[0] == rowCount else {
      stop(
        "SparseMatrix.transposedProduct", "[\(rowCount), \(columnCount)] transposed times \(dense.shape)",
        fix: "pass a matrix [\(rowCount), n]")
    }
    let width = dense.shape[1]
    return written([columnCount, width], reading: dense) { y, b in
      // Rows of A meet in rows of the result, so that pieces take columns of it instead.
      ParallelRows.run(count: width, size: 16) { part in
        withElements { starts, columns, values in
          for row in 0..<rowCount {
            let (held, x) = (starts[row]..<starts[row + 1], b.element + row * width)
            if part.count == 16 {
              let (first, second) = (load(x + part.lowerBound), load(x + (part.lowerBound + 8)))
              for place in held {
                let to = y.element + (Int(columns[place]) * width + part.lowerBound)
                store(load(to) + values[place] * first, to)
                store(load(to + 8) + values[place] * second, to + 8)
              }
            } else {
              for place in held { add(values[place], x, y.element + Int(columns[place]) * width, part) }
            }
          }
        }
      }
    }
  }

  /// Zeros [rows, n] that `body` adds to, beside the elements of a dense matrix.
  private func written(
    _ shape: Shape, reading dense: Tensor, _ body: (MutableElements, Elements) -> Void
  ) -> Tensor {
    var result = Tensor.zeros(shape, dtype: .float64)
    dense.detached().withUnsafeBuffer(of: Double.self) { b in
      result.withUnsafeMutableBuffer(of: Double.self) { y in
        guard let from = b.baseAddress, let to = y.baseAddress, shape.elementCount > 0 else { return }
        body(MutableElements(element: to), Elements(element: from))
      }
    }
    return result
  }

  /// Where each row begins, and each element's column and value.
  func withElements(
    _ body: (UnsafeBufferPointer<Int>, UnsafeBufferPointer<Int32>, UnsafeBufferPointer<Double>) -> Void
  ) {
    starts.withUnsafeBufferPointer { starts in
      columns.withUnsafeBufferPointer { columns in
        values.withUnsafeBufferPointer { values in body(starts, columns, values) }
      }
    }
  }
}

/// y += a·x for some elements.
@inline(__always)
private func add(
  _ a: Double, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ elements: Range<Int>
) {
  for index in elements { y[index] += a * x[index] }
}

@inline(__always)
private func load(_ x: UnsafePointer<Double>) -> SIMD8<Double> {
  UnsafeRawPointer(x).loadUnaligned(as: SIMD8<Double>.self)
}

@inline(__always)
private func store(_ value: SIMD8<Double>, _ y: UnsafeMutablePointer<Double>) {
  UnsafeMutableRawPointer(y).storeBytes(of: value, as: SIMD8<Double>.self)
}

/// Elements that several threads read.
// @unchecked Sendable: nobody writes while they do.
struct Elements: @unchecked Sendable { let element: UnsafePointer<Double> }
/// Elements of which each thread writes its own.
// @unchecked Sendable: no two threads touch the same element.
struct MutableElements: @unchecked Sendable { let element: UnsafeMutablePointer<Double> }
