extension Tensor {
  /// The same values, and a backward pass hands their gradient, which has their shape, to `body` when it is complete:
  /// go on with what this returns. For looking at gradients inside a model.
  ///
  /// `body` is called on the thread of the backward pass, each time there is one.
  ///
  /// ```swift
  /// var seen: [Double] = []
  /// let x = Tensor([1.0, 2.0]).requiringGradient()
  /// let y = (x * 3).onGradient { seen = $0.scalars(as: Double.self) }
  /// (y * y).sum().backward()
  /// seen  // → [6.0, 12.0]
  /// ```
  public func onGradient(_ body: @escaping (_ gradient: Tensor) -> Void) -> Tensor {
    mappingGradient { gradient in
      body(gradient)
      return gradient
    }
  }

  /// The same values, whose gradient is replaced by what `transform` makes of it: clipped, scaled, reversed (Ganin &
  /// Lempitsky, 2015).
  ///
  /// ```swift
  /// let x = Tensor([1.0, 2.0]).requiringGradient()
  /// x.mappingGradient { -$0 }.sum().backward()
  /// x.gradient!  // → [-1.0, -1.0]
  /// ```
  public func mappingGradient(_ transform: @escaping (_ gradient: Tensor) -> Tensor) -> Tensor {
    // The tape's rules are Sendable, and a closure that keeps what it sees is not: it runs on the thread of the backward pass alone.
    nonisolated(unsafe) let transform = transform
    return recorded("mappingGradient", from: self) { gradient in transform(gradient) }
  }
}
