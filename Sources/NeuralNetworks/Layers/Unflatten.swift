import TensorCore

/// One axis cut into several: the reverse of `Flatten`. One size may be −1 and follows from the others.
///
/// [..., n, ...] → [..., sizes, ...]. Stops unless the sizes' product is n.
///
/// ```swift
/// Unflatten(axis: 1, [3, -1])(Tensor.ones([2, 12])).shape  // → [2, 3, 4]
/// ```
public final class Unflatten: Module, Layer {
  public let axis: Int
  public let sizes: [Int]

  /// Stops unless all sizes but one are at least 1.
  public init(axis: Int, _ sizes: [Int]) {
    guard !sizes.isEmpty, sizes.count(where: { $0 == -1 }) <= 1, sizes.allSatisfy({ $0 >= 1 || $0 == -1 }) else {
      stop("Unflatten", "sizes \(sizes)", fix: "use sizes of at least 1; one of them may be -1")
    }
    self.axis = axis
    self.sizes = sizes
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    do {
      return x.reshaped(try outputShape(for: x.shape))
    } catch {
      stop("Unflatten", "x is \(x.shape), sizes are \(sizes)", fix: "use sizes with the product of axis \(axis)")
    }
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    let given = sizes.filter { $0 != -1 }.reduce(1, *)
    guard (-input.rank..<input.rank).contains(axis), input[axis] % given == 0,
      sizes.contains(-1) || input[axis] == given
    else { throw ShapeError(self, input: input, "expects an axis \(axis) of the size that \(sizes) make") }
    var all = input.dimensions
    let place = axis < 0 ? axis + input.rank : axis
    all.replaceSubrange(place...place, with: sizes.map { $0 == -1 ? input[axis] / given : $0 })
    return Shape(all)
  }

  public override var configuration: String { "axis \(axis), \(sizes)" }
}
