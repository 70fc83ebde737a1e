import CKernels
import Synchronization

/// One recorded op: who its tracked inputs are, and how a gradient of the output becomes gradients of them.
final class Node: Sendable {
  /// The op's name, for messages.
  let op: String
  /// The shape of the op's output, which is the shape of its gradient.
  let shape: Shape
  /// Grows with every node, so parents have smaller numbers: descending order is a reverse topological order.
  let sequence: UInt64
  /// Where gradients are added up, at a leaf.
  let accumulator: GradientAccumulator?
  private let contents: Mutex<Contents>

  struct Contents: Sendable {
    var parents: [Node?]
    var backward: Backward
  }

  /// How gradients flow through a node.
  enum Backward: Sendable {
    /// One rule per parent: gradient of the output → gradient of that input.
    case each([@Sendable (Tensor) -> Tensor])
    /// The same for one parent, using the output as well, which is kept off the tape so that it does not own its own
    /// node.
    case fromOutput(Tensor, @Sendable (_ gradient: Tensor, _ output: Tensor) -> Tensor)
    /// All parents' gradients at once, for rules that share work.
    case joint(@Sendable (Tensor) -> [Tensor?])
    /// Gradients end here: a leaf.
    case leaf
    /// No gradient passes, and a backward pass that gets here stops with the reason.
    case none(reason: String)
    /// A backward pass has been here and let go of what the rules held.
    case released
  }

  init(op: String, shape: Shape, parents: [Node?], backward: Backward, accumulator: GradientAccumulator? = nil) {
    self.op = op
    self.shape = shape
    self.accumulator = accumulator
    contents = Mutex(Contents(parents: parents, backward: backward))
    sequence = Node.counter.add(1, ordering: .relaxed).newValue
  }

  private static let counter = Atomic<UInt64>(0)

  /// The sequence number of the newest node: nodes that are made from now on have larger ones.
  static var newest: UInt64 { counter.load(ordering: .relaxed) }

  /// The parents and the rules.
  func read() -> Contents { contents.withLock { $0 } }

  /// The same, and the node lets go of them: what the rules had saved is freed as a backward pass goes along, and
  /// parameters are no longer shared with the tape when an optimiser writes them.
  func take() -> Contents {
    if accumulator != nil { return read() }
    return contents.withLock { contents in
      let taken = contents
      contents = Contents(parents: [], backward: .released)
      return taken
    }
  }

  /// Lets go of the parents one by one: the natural, recursive way overflows the stack on a tape of tens of thousands
  /// of nodes.
  ///
  /// The outermost dying node of a thread keeps a list; nodes that die because of it put what they hold on that list
  /// instead of letting go of it themselves.
  deinit {
    if accumulator != nil { return }
    if let list = gb_teardown() {
      list.assumingMemoryBound(to: [Contents].self).pointee.append(take())
      return
    }
    var held: [Contents] = []
    withUnsafeMutablePointer(to: &held) { list in
      gb_set_teardown(list)
      drop()
      while !list.pointee.isEmpty { Node.dropLast(of: list) }
      gb_set_teardown(nil)
    }
  }

  // Not inlined, so that what they drop is gone when they return: the optimiser is free to let a local live longer, and then the list
  // would be looked at before what it is to hold had been put there.
  @inline(never)
  private func drop() { _ = take() }

  @inline(never)
  private static func dropLast(of list: UnsafeMutablePointer<[Contents]>) { list.pointee.removeLast() }
}

/// Where the gradients of one leaf are added up: what `backward()` fills and an optimiser reads.
public final class GradientAccumulator: Sendable {
  private let sum = Mutex<Tensor?>(nil)

  public init() {}

  /// The sum of the gradients of all backward passes since it was last set to nil.
  public var gradient: Tensor? {
    get { sum.withLock { $0 } }
    set { sum.withLock { $0 = newValue } }
  }

  func add(_ gradient: Tensor) {
    sum.withLock { total in
      if let previous = total.take() { total = previous + gradient } else { total = gradient }
    }
  }
}

/// A leaf's place on the tape. A parameter keeps one for life, and every value that it takes stands at it.
public struct Leaf: Sendable {
  let node: Node
  public let accumulator: GradientAccumulator

  public init(shape: Shape) {
    accumulator = GradientAccumulator()
    node = Node(op: "leaf", shape: shape, parents: [], backward: .leaf, accumulator: accumulator)
  }

  /// `value` as this leaf: gradients that reach it are added to the accumulator.
  public func attached(to value: Tensor) -> Tensor {
    Tensor(storage: value.storage, layout: value.layout, offset: value.offset, node: node)
  }
}
