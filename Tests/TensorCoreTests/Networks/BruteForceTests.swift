import TensorCore
import Testing

// Sizes beyond the samples', against sums that are written out.
@Suite("A window that slides over pictures")
struct BruteForceTests {
  struct Setting: Sendable, CustomTestStringConvertible {
    var batch = 2, channels = 2, filters = 4, groups = 1
    var size = (7, 6), kernel = (3, 3), stride = (1, 1), padding = (0, 0), dilation = (1, 1)

    var testDescription: String {
      "\(batch)×\(channels)→\(filters)/\(groups), \(size) by \(kernel), stride \(stride), padding \(padding), dilation \(dilation)"
    }

    var out: (Int, Int) {
      func along(_ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int) -> Int {
        (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
      }
      return (
        along(size.0, kernel.0, stride.0, padding.0, dilation.0),
        along(size.1, kernel.1, stride.1, padding.1, dilation.1)
      )
    }
  }

  static let settings: [Setting] = [
    Setting(), Setting(size: (1, 1), kernel: (1, 1)), Setting(stride: (2, 3), padding: (2, 1)),
    Setting(kernel: (2, 4), dilation: (3, 1)), Setting(channels: 4, filters: 8, groups: 4, padding: (1, 1)),
    Setting(channels: 3, filters: 6, groups: 3, size: (9, 8), stride: (3, 2)),
    Setting(batch: 1, channels: 1, filters: 1, size: (28, 28), kernel: (5, 5)),
    Setting(batch: 3, channels: 16, filters: 24, size: (12, 12), padding: (1, 1)),
    Setting(batch: 2, channels: 17, filters: 5, size: (5, 9), kernel: (5, 1), padding: (2, 0)),
    Setting(batch: 5, channels: 8, filters: 8, groups: 8, size: (10, 10), stride: (2, 2), padding: (1, 1)),
    Setting(size: (3, 3), kernel: (3, 3), padding: (4, 4)),
    // By Winograd's algorithm in float32.
    Setting(batch: 3, channels: 32, filters: 40, size: (9, 13)),
    Setting(batch: 2, channels: 33, filters: 35, size: (16, 35), padding: (1, 1)),
    Setting(batch: 5, channels: 48, filters: 17, size: (1, 4), padding: (2, 2)),
    // So many weights that the filters are shared out.
    Setting(batch: 2, channels: 256, filters: 131, size: (4, 3), padding: (1, 1)),
  ]

  @Test("convolves, forwards and in both gradients", arguments: settings, [DType.float32, .float64])
  func convolution(_ s: Setting, _ dtype: DType) {
    let generator = RandomGenerator(seed: 31)
    let x = Tensor.normal([s.batch, s.channels, s.size.0, s.size.1], dtype: dtype, using: generator).requiringGradient()
    let w = Tensor.normal([s.filters, s.channels / s.groups, s.kernel.0, s.kernel.1], dtype: dtype, using: generator)
      .requiringGradient()
    let b = Tensor.normal([s.filters], dtype: dtype, using: generator).requiringGradient()
    let y = conv2d(
      x, w, b, stride: Size2D(s.stride.0, s.stride.1), padding: Size2D(s.padding.0, s.padding.1),
      dilation: Size2D(s.dilation.0, s.dilation.1), groups: s.groups)
    let g = Tensor.normal(y.shape, dtype: dtype, using: generator)
    let found = gradients(of: y, withRespectTo: [x, w, b], from: g)

    let (values, weights, biases, seeds) = (x.doubles, w.doubles, b.doubles, g.doubles)
    var expected = [Double](repeating: 0, count: y.count)
    var (dx, dw, db) = (
      [Double](repeating: 0, count: x.count), [Double](repeating: 0, count: w.count),
      [Double](repeating: 0, count: b.count)
    )
    for n in 0..<s.batch {
      for f in 0..<s.filters {
        for i in 0..<s.out.0 {
          for j in 0..<s.out.1 {
            let o = ((n * s.filters + f) * s.out.0 + i) * s.out.1 + j
            expected[o] += biases[f]
            db[f] += seeds[o]
            visit(s, f, i, j) { channel, row, column, tap in
              let p = ((n * s.channels + channel) * s.size.0 + row) * s.size.1 + column
              expected[o] += weights[tap] * values[p]
              dx[p] += weights[tap] * seeds[o]
              dw[tap] += values[p] * seeds[o]
            }
          }
        }
      }
    }
    let tolerance = dtype == .float32 ? 1e-5 : 1e-13
    #expect(y.shape == [s.batch, s.filters, s.out.0, s.out.1])
    #expect(distance(y.doubles, expected) < tolerance)
    #expect(distance(found[0].doubles, dx) < tolerance)
    #expect(distance(found[1].doubles, dw) < tolerance)
    #expect(distance(found[2].doubles, db) < tolerance)
  }

  /// The taps of filter f at output (i, j) that lie inside the picture.
  private func visit(
    _ s: Setting, _ f: Int, _ i: Int, _ j: Int, _ body: (_ channel: Int, _ row: Int, _ column: Int, _ tap: Int) -> Void
  ) {
    let perGroup = s.channels / s.groups
    let first = f / (s.filters / s.groups) * perGroup
    for c in 0..<perGroup {
      for u in 0..<s.kernel.0 {
        for v in 0..<s.kernel.1 {
          let row = i * s.stride.0 + u * s.dilation.0 - s.padding.0
          let column = j * s.stride.1 + v * s.dilation.1 - s.padding.1
          guard (0..<s.size.0).contains(row), (0..<s.size.1).contains(column) else { continue }
          body(first + c, row, column, ((f * perGroup + c) * s.kernel.0 + u) * s.kernel.1 + v)
        }
      }
    }
  }
}

@Suite("A matrix product")
struct MatrixProductTests {
  @Test(
    "is the sum that is written out, for every layout of its operands",
    arguments: [(1, 1, 1), (5, 7, 3), (16, 16, 16), (33, 65, 17), (1, 100, 40), (50, 1, 30), (128, 70, 1)],
    [DType.float32, .float64])
  func sizes(_ size: (Int, Int, Int), _ dtype: DType) {
    let (m, k, n) = size
    let generator = RandomGenerator(seed: 32)
    let a = Tensor.normal([m, k], dtype: dtype, using: generator)
    let b = Tensor.normal([k, n], dtype: dtype, using: generator)
    let (left, right) = (a.doubles, b.doubles)
    let expected = (0..<(m * n)).map { place in
      (0..<k).reduce(0.0) { $0 + left[place / n * k + $1] * right[$1 * n + place % n] }
    }
    for first in [a] + Arrangement.allCases.map({ $0.of(a) }) {
      for second in [b] + Arrangement.allCases.map({ $0.of(b) }) {
        #expect(distance(matmul(first, second).doubles, expected) < (dtype == .float32 ? 1e-5 : 1e-13))
      }
    }
  }

  @Test("of whole numbers is exact")
  func integers() {
    let a = Tensor.randomIntegers([20, 30], in: -1000..<1000, using: RandomGenerator(seed: 33))
    let expected = matmul(a.cast(to: .float64), a.cast(to: .float64).transposed())
    expectIdentical(matmul(a, a.transposed()), expected.cast(to: .int64), "int64")
  }
}
