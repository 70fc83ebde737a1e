import TensorCore

/// How often values fall between fixed limits that grow by a tenth from one to the next, as TensorFlow's and PyTorch's writers count
/// them: TensorBoard draws coarser bars from these.
struct TensorBoardHistogram {
  var minimum = 0.0
  var maximum = 0.0
  var count = 0
  var sum = 0.0
  var sumOfSquares = 0.0
  /// The upper limit of each bucket, and how many values are in it: from an empty one to the last that has any.
  var limits: [Double] = []
  var counts: [Double] = []

  /// 0, ±1e-12·1.1ᵏ below 1e20, and the largest numbers on either side.
  private static let edges: Tensor = {
    let positive = Array(sequence(first: 1e-12) { $0 * 1.1 }.prefix { $0 < 1e20 }) + [.greatestFiniteMagnitude]
    return Tensor(positive.reversed().map { -$0 } + [0] + positive, dtype: .float64)
  }()

  /// Of a tensor of any shape and dtype. NaN and infinities are in no bucket, nor in the sums.
  init(_ tensor: Tensor) {
    let all = tensor.detached().cast(to: .float64).reshaped([tensor.count])
    let values = all[all.isFinite()]
    count = values.count
    if count == 0 { return }
    minimum = values.min().item()
    maximum = values.max().item()
    sum = values.sum().item()
    sumOfSquares = values.square().sum().item()

    // Bucket i is [edge i, edge i + 1), the last one closed.
    let edges = TensorBoardHistogram.edges
    let last = edges.count - 2
    let places = (edges.searchSorted(values, after: true) - 1).clamped(to: 0...Double(last))
    let numbers = places.binCount(minimumLength: last + 1).scalars(as: Double.self)
    let first = places.min().item(Int.self)
    let end = places.max().item(Int.self) + 1
    counts = first > 0 ? Array(numbers[(first - 1)..<end]) : [0] + numbers[..<end]
    limits = Array(edges.scalars(as: Double.self)[first...end])
  }

  /// TensorBoard's `HistogramProto`.
  func write(to message: inout ProtobufMessage) {
    message.double(1, minimum)
    message.double(2, maximum)
    message.double(3, Double(count))
    message.double(4, sum)
    message.double(5, sumOfSquares)
    message.doubles(6, limits)
    message.doubles(7, counts)
  }
}
