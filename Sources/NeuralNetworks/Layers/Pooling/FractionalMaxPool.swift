import TensorCore

/// What `FractionalMaxPool2d` and `FractionalMaxPool3d` have in common: the largest element of each of so many windows
/// of one size, that begin at places drawn at random, so that the output may be smaller by any factor (Graham,
/// "Fractional max-pooling", 2014).
///
/// Along an axis of `size` with n windows of k, and u uniform in 0..<1 for each sample, channel and axis: window i
/// begins at ⌊(i + u)·α⌋ − ⌊u·α⌋ with α = (size − k)/(n − 1), and the last one ends at the edge.
///
/// ```swift
/// let x = Tensor.range(0, 25).reshaped([1, 1, 5, 5])
/// FractionalMaxPool2d(kernel: 2, to: 2)(x, samples: Tensor([[[0.0, 0.0]]]))[0, 0]  // → [[6.0, 9.0], [21.0, 24.0]]
/// ```
public class FractionalPooling<Size: WindowSize>: Module {
  public final let kernel: Size
  /// The output's size.
  public final let size: Size
  private let generator: RandomGenerator

  /// Draws from `generator` at each call. Stops unless both sizes are at least 1.
  public init(kernel: Size, to size: Size, using generator: RandomGenerator = .default) {
    if (kernel.extents + size.extents).contains(where: { $0 < 1 }) {
      stop("\(type(of: self))", "a kernel of \(kernel) and a size of \(size)", fix: "use at least 1 in every direction")
    }
    self.kernel = kernel
    self.size = size
    self.generator = generator
  }

  public final func callAsFunction(_ x: Tensor) -> Tensor { self(x, samples: nil) }

  /// With `samples` [batch, channels, axes], u is given and not drawn; in the order of the axes.
  public final func callAsFunction(_ x: Tensor, samples: Tensor?) -> Tensor {
    let axes = Size.axes.count
    let fits =
      x.rank == axes + 2
      && zip(x.shape.dimensions[2...], zip(kernel.extents, size.extents)).allSatisfy {
        $0 >= $1.0 + $1.1 - 1
      }
    guard fits, samples == nil || samples?.shape == [x.shape[0], x.shape[1], axes] else {
      stop(
        title, "x is \(x.shape)\(samples.map { ", samples \($0.shape)" } ?? "")",
        fix: "pass \(Size.inputAxes()), as large as kernel + size − 1, and samples [batch, channels, \(axes)]")
    }
    let sizes = Array(x.shape.dimensions[2...])
    let planes = x.shape[0] * x.shape[1]
    let u = (samples ?? Tensor.uniform([x.shape[0], x.shape[1], axes], dtype: .float64, using: generator))
      .scalars(as: Double.self)
    var indices: [Int] = []
    for plane in 0..<planes {
      let begins = (0..<axes).map { axis in
        starts(u[plane * axes + axis], size: sizes[axis], windows: size.extents[axis], kernel: kernel.extents[axis])
      }
      for window in coordinates(size.extents) {
        for place in coordinates(kernel.extents) {
          indices.append((0..<axes).reduce(0) { $0 * sizes[$1] + begins[$1][window[$1]] + place[$1] })
        }
      }
    }
    let (windows, area) = (size.extents.reduce(1, *), kernel.extents.reduce(1, *))
    return x.reshaped([planes, sizes.reduce(1, *)])
      .gathered(axis: 1, indices: Tensor(indices, shape: [planes, windows * area]))
      .reshaped([planes, windows, area]).maxWithIndices(axis: 2).values
      .reshaped(Shape([x.shape[0], x.shape[1]] + size.extents))
  }

  private func starts(_ u: Double, size: Int, windows: Int, kernel: Int) -> [Int] {
    let step = windows > 1 ? Double(size - kernel) / Double(windows - 1) : 0
    return (0..<windows).map { $0 == windows - 1 ? size - kernel : Int((Double($0) + u) * step) - Int(u * step) }
  }

  /// All places of a grid, row by row.
  private func coordinates(_ sizes: [Int]) -> [[Int]] {
    sizes.reduce([[]]) { rows, size in rows.flatMap { row in (0..<size).map { row + [$0] } } }
  }

  public final func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == Size.axes.count + 2 else { throw ShapeError(self, input: input, "expects \(Size.inputAxes())") }
    return Shape([input[0], input[1]] + size.extents)
  }

  public final override var configuration: String { "kernel \(kernel), to \(size)" }
}

/// Fractional max pooling of pictures (Graham, 2014): see `FractionalPooling`.
///
/// [batch, channels, height, width] → [batch, channels, size.height, size.width].
///
/// ```swift
/// FractionalMaxPool2d(kernel: 2, to: 5)(Tensor.ones([1, 3, 8, 8])).shape  // → [1, 3, 5, 5]
/// ```
public final class FractionalMaxPool2d: FractionalPooling<Size2D>, Layer {}

/// Fractional max pooling of volumes (Graham, 2014): see `FractionalPooling`.
///
/// [batch, channels, depth, height, width] → [batch, channels, size.depth, size.height, size.width].
///
/// ```swift
/// FractionalMaxPool3d(kernel: 2, to: [2, 3, 3])(Tensor.ones([1, 3, 4, 5, 6])).shape  // → [1, 3, 2, 3, 3]
/// ```
public final class FractionalMaxPool3d: FractionalPooling<Size3D>, Layer {}
