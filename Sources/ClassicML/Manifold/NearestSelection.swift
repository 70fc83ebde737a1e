/// The places of the smallest of many distances, ascending by place; of equals, the first.
struct NearestSelection {
  private(set) var places: [Int32]
  private(set) var distances: [Double]

  /// - Parameter except: A place that is passed over.
  init(_ all: UnsafeBufferPointer<Double>, count: Int, except own: Int) {
    // A heap, the largest on top.
    var heap: [(distance: Double, place: Int32)] = []
    heap.reserveCapacity(count)
    for place in all.indices where place != own {
      let distance = all[place]
      if heap.count < count {
        heap.append((distance, Int32(place)))
        if heap.count == count { for root in (0..<count / 2).reversed() { Self.sink(&heap, from: root) } }
      } else if let top = heap.first, distance < top.distance {
        heap[0] = (distance, Int32(place))
        Self.sink(&heap, from: 0)
      }
    }
    heap.sort { $0.place < $1.place }
    places = heap.map(\.place)
    distances = heap.map(\.distance)
  }

  private static func sink(_ heap: inout [(distance: Double, place: Int32)], from start: Int) {
    var root = start
    while 2 * root + 1 < heap.count {
      var child = 2 * root + 1
      if child + 1 < heap.count
        && (heap[child + 1].distance, heap[child + 1].place) > (heap[child].distance, heap[child].place)
      {
        child += 1
      }
      if (heap[root].distance, heap[root].place) >= (heap[child].distance, heap[child].place) { return }
      heap.swapAt(root, child)
      root = child
    }
  }
}
