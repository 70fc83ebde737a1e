/// What the library knows of one op, beside the code that computes it. The list of all of them (`Op.registry`) drives
/// the tests: gradient checks, PyTorch's values, odd layouts and sizes, the messages for wrong shapes.
public struct Op: Sendable {
  /// The name as messages say it.
  public let name: String
  /// What it computes.
  public let formula: String
  public let derivative: Derivative
  public let samples: [Sample]
  public let misuses: [Misuse]

  /// How far an op can be differentiated.
  public enum Derivative: Sendable, Equatable {
    /// To any order.
    case everyOrder
    /// Once: a backward pass through its gradient stops.
    case firstOrder
    /// Not at all, and a backward pass through it stops.
    case none
  }

  public init(
    _ name: String, _ formula: String, derivative: Derivative = .everyOrder, samples: [Sample], misuses: [Misuse] = []
  ) {
    self.name = name
    self.formula = formula
    self.derivative = derivative
    self.samples = samples
    self.misuses = misuses
  }

  /// One way of calling the op, on inputs that are drawn from a fixed seed.
  public struct Sample: Sendable {
    public let label: String
    public let inputs: [Input]
    public let apply: @Sendable ([Tensor]) -> [Tensor]

    public init(_ label: String, _ inputs: [Input], _ apply: @escaping @Sendable ([Tensor]) -> [Tensor]) {
      self.label = label
      self.inputs = inputs
      self.apply = apply
    }

    public init(_ label: String, _ inputs: [Input], _ apply: @escaping @Sendable ([Tensor]) -> Tensor) {
      self.init(label, inputs) { [apply($0)] }
    }

    /// The inputs as tensors, floating ones in `dtype`.
    public func tensors(_ dtype: DType = .float64) -> [Tensor] {
      inputs.enumerated().map { index, input in input.tensor(dtype, seed: UInt64(index)) }
    }
  }

  /// How one input of a sample is drawn.
  public struct Input: Sendable {
    public let shape: Shape
    public let values: Values

    public enum Values: Sendable {
      /// Floating, uniform in a range, no two closer than the step of a gradient check.
      case uniform(ClosedRange<Double>)
      case integers(Range<Int>)
      case bools
      /// Given numbers, floating.
      case exactly([Double])
    }

    public init(_ shape: Shape, _ values: Values) {
      self.shape = shape
      self.values = values
    }

    public static func uniform(_ shape: Shape, _ range: ClosedRange<Double> = -2...2) -> Input {
      Input(shape, .uniform(range))
    }
    public static func integers(_ shape: Shape, _ range: Range<Int>) -> Input { Input(shape, .integers(range)) }
    public static func bools(_ shape: Shape) -> Input { Input(shape, .bools) }
    public static func exactly(_ values: [Double]) -> Input { Input([values.count], .exactly(values)) }

    func tensor(_ dtype: DType, seed: UInt64) -> Tensor {
      let generator = RandomGenerator(seed: 1000 + seed)
      switch values {
      case .uniform(let range):
        // A random order of evenly spaced values: distances stay clear of zero, so that no gradient check straddles
        // a kink or a tie between elements.
        let order = Tensor.permutation(shape.elementCount, using: generator).cast(to: .float64)
        let step = (range.upperBound - range.lowerBound) / Double(Swift.max(shape.elementCount, 1))
        return ((order + 0.37) * step + range.lowerBound).reshaped(shape).cast(to: dtype)
      case .integers(let range):
        return Tensor.randomIntegers(shape, in: range, using: generator)
      case .bools:
        return Tensor.bernoulli(shape, probability: 0.5, dtype: .bool, using: generator)
      case .exactly(let values):
        return Tensor(values, shape: shape, dtype: dtype)
      }
    }
  }

  /// A wrong call, and what its message must say.
  public struct Misuse: Sendable {
    public let label: String
    /// Parts that the message contains: the op, the shapes, the rule, the fix.
    public let message: [String]
    public let run: @Sendable () -> Void

    public init(_ label: String, says message: [String], _ run: @escaping @Sendable () -> Void) {
      self.label = label
      self.message = message
      self.run = run
    }
  }
}

extension Op {
  /// An element-wise function of one tensor; unless `misuses` says otherwise, one that stops on integers.
  static func unary(
    _ name: String, _ formula: String, over range: ClosedRange<Double> = -2...2, derivative: Derivative = .everyOrder,
    misuses: [Misuse]? = nil, _ f: @escaping @Sendable (Tensor) -> Tensor
  ) -> Op {
    Op(
      name, formula, derivative: derivative,
      samples: [
        Sample("matrix", [.uniform([3, 5], range)]) { f($0[0]) },
        Sample("scalar", [.uniform([], range)]) { f($0[0]) },
        Sample("empty", [.uniform([2, 0], range)]) { f($0[0]) },
        Sample("odd", [.uniform([37], range)]) { f($0[0]) },
      ],
      misuses: misuses ?? [
        Misuse("integers", says: [name, "int64 [3]", "floating-point", "cast(to: .float32)"]) {
          _ = f(Tensor([1, 2, 3]))
        }
      ])
  }

  /// An element-wise function of two tensors, with broadcasting.
  static func binary(
    _ name: String, _ formula: String, over a: ClosedRange<Double> = -2...2, _ b: ClosedRange<Double> = 0.5...2.5,
    derivative: Derivative = .everyOrder, _ f: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) -> Op {
    Op(
      name, formula, derivative: derivative,
      samples: [
        Sample("same shape", [.uniform([3, 5], a), .uniform([3, 5], b)]) { f($0[0], $0[1]) },
        Sample("row", [.uniform([3, 5], a), .uniform([5], b)]) { f($0[0], $0[1]) },
        Sample("column", [.uniform([3, 1], a), .uniform([3, 5], b)]) { f($0[0], $0[1]) },
        Sample("both ways", [.uniform([2, 1, 4], a), .uniform([3, 1], b)]) { f($0[0], $0[1]) },
        Sample("scalar", [.uniform([], a), .uniform([2, 2], b)]) { f($0[0], $0[1]) },
        Sample("empty", [.uniform([0, 3], a), .uniform([3], b)]) { f($0[0], $0[1]) },
      ],
      misuses: [
        Misuse("shapes", says: [name, "[2, 3]", "[4]", "broadcast", "Fix"]) {
          _ = f(Tensor.ones([2, 3]), Tensor.ones([4]))
        },
        Misuse("dtypes", says: [name, "float32", "int64", "cast(to:"]) {
          _ = f(Tensor.ones([2]), Tensor.ones([2], dtype: .int64))
        },
      ])
  }
}
