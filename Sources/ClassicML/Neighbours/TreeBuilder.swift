import TensorCore

/// Grows a ``NeighborTree``: each node's samples are halved at the median of the feature that spreads most.
struct TreeBuilder {
  let width: Int
  let firstLeaf: Int
  private(set) var starts: [Int]
  private(set) var counts: [Int]
  private(set) var rows: [Int]
  private var boxes: [Double]
  private let samples: [Double]

  init(_ samples: Tensor, leafSize: Int) {
    let count = samples.shape[0]
    width = samples.shape[1]
    self.samples = samples.scalars(as: Double.self)
    var levels = 1
    while (count + (1 << (levels - 1)) - 1) >> (levels - 1) > leafSize { levels += 1 }
    firstLeaf = (1 << (levels - 1)) - 1
    let nodes = (1 << levels) - 1
    starts = [Int](repeating: 0, count: nodes)
    counts = starts
    boxes = [Double](repeating: 0, count: nodes * 2 * width)
    rows = Array(0..<count)
  }

  /// Makes the node of these places, and all below it.
  mutating func build(_ node: Int, _ places: Range<Int>) {
    (starts[node], counts[node]) = (places.lowerBound, places.count)
    let widest = bound(node, places)
    if node >= firstLeaf { return }
    let middle = (places.lowerBound + places.upperBound) / 2
    halve(places, at: middle, by: widest)
    build(2 * node + 1, places.lowerBound..<middle)
    build(2 * node + 2, middle..<places.upperBound)
  }

  /// Sets the node's box, and gives the feature in which it is widest.
  private mutating func bound(_ node: Int, _ places: Range<Int>) -> Int {
    let low = node * 2 * width
    let high = low + width
    for feature in 0..<width { (boxes[low + feature], boxes[high + feature]) = (.infinity, -.infinity) }
    for place in places {
      let start = rows[place] * width
      for feature in 0..<width {
        let value = samples[start + feature]
        if value < boxes[low + feature] { boxes[low + feature] = value }
        if value > boxes[high + feature] { boxes[high + feature] = value }
      }
    }
    var widest = 0
    for feature in 1..<max(1, width)
    where boxes[high + feature] - boxes[low + feature] > boxes[high + widest] - boxes[low + widest] {
      widest = feature
    }
    return widest
  }

  /// Orders the places so that none before `middle` is above one behind it (Hoare, "Algorithm 65: Find", 1961). Equal
  /// numbers keep to their rows' order, so that the tree is one and the same.
  private mutating func halve(_ places: Range<Int>, at middle: Int, by feature: Int) {
    var (low, high) = (places.lowerBound, places.upperBound - 1)
    func key(_ row: Int) -> (Double, Int) { (samples[row * width + feature], row) }
    while low < high {
      let pivot = key(rows[(low + high) / 2])
      var (i, j) = (low, high)
      while i <= j {
        while key(rows[i]) < pivot { i += 1 }
        while key(rows[j]) > pivot { j -= 1 }
        if i <= j {
          rows.swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      if middle <= j { high = j } else if middle >= i { low = i } else { return }
    }
  }

  /// The samples in the tree's order, and the nodes' bounds.
  func finished(_ shape: NeighborTree.Shape, _ metric: NeighborMetric) -> (points: [Double], bounds: [Double]) {
    var points: [Double] = []
    points.reserveCapacity(samples.count)
    for row in rows { points += samples[row * width..<(row + 1) * width] }
    return (points, shape == .boxes ? boxes : balls(points, metric))
  }

  /// Around the mean of a node's samples.
  private func balls(_ points: [Double], _ metric: NeighborMetric) -> [Double] {
    var balls: [Double] = []
    points.withUnsafeBufferPointer { points in
      guard let points = points.baseAddress else { return }
      for node in starts.indices {
        var ball = [Double](repeating: 0, count: width + 1)
        let places = starts[node]..<starts[node] + counts[node]
        for place in places { for feature in 0..<width { ball[feature] += points[place * width + feature] } }
        for feature in 0..<width { ball[feature] /= Double(max(1, places.count)) }
        ball[width] = places.map { NeighborTree.distance(metric, points + $0 * width, ball, width) }.max() ?? 0
        balls += ball
      }
    }
    return balls
  }
}
