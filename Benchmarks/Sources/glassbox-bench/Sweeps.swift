import TensorCore

/// One op after another, over sizes and shapes.
var sweeps: [Workload] {
  convolutionSweep + attentionSweep + rowSweep + ends + elementwiseSweep + reductionSweep
}

private let sizes = [(100, "1e2"), (10_000, "1e4"), (1_000_000, "1e6"), (10_000_000, "1e7")]

// Calls on a few hundred bytes are overhead; memory does not limit them.
private func traffic(_ bytes: Int) -> Need? { bytes < 4096 ? nil : .traffic(Double(bytes)) }
private func reads(_ bytes: Int) -> Need? { bytes < 4096 ? nil : .reads(Double(bytes)) }

/// The two ends: what a call costs, and what memory gives. And what recording a call on the tape adds.
private var ends: [Workload] {
  let recorded = Workload(name: "add 16, recorded") {
    let (a, b) = (Tensor.uniform([16]).requiringGradient(), Tensor.uniform([16]))
    return { consume(a + b) }
  }
  return [(16, "16"), (4_000_000, "4M")].flatMap { count, label in
    [
      Workload(name: "add \(label)", needs: traffic(12 * count)) {
        let (a, b) = (Tensor.uniform([count]), Tensor.uniform([count]))
        return { consume(a + b) }
      },
      Workload(name: "exp \(label)", needs: traffic(8 * count)) {
        let x = Tensor.uniform([count])
        return { consume(x.exp()) }
      },
      Workload(name: "sum \(label)", needs: reads(4 * count)) {
        let x = Tensor.uniform([count])
        return { consume(x.sum()) }
      },
    ]
  } + [recorded]
}

private var elementwiseSweep: [Workload] {
  let functions: [(name: String, f: (Tensor) -> Tensor)] = [
    ("exp", { $0.exp() }), ("log", { $0.log() }), ("sqrt", { $0.sqrt() }), ("tanh", { $0.tanh() }),
    ("sigmoid", { $0.sigmoid() }), ("relu", { $0.relu() }), ("gelu", { $0.gelu() }), ("silu", { $0.silu() }),
    ("sin", { $0.sin() }), ("erf", { $0.erf() }), ("log1p", { $0.log1p() }),
  ]
  return sizes.flatMap { count, label in
    [
      Workload(name: "add \(label)", needs: traffic(12 * count)) {
        let (a, b) = (Tensor.uniform([count]), Tensor.uniform([count]))
        return { consume(a + b) }
      },
      Workload(name: "multiply \(label)", needs: traffic(12 * count)) {
        let (a, b) = (Tensor.uniform([count]), Tensor.uniform([count]))
        return { consume(a * b) }
      },
    ]
      + functions.map { name, f in
        Workload(name: "\(name) \(label)", needs: traffic(8 * count)) {
          let x = Tensor.uniform([count])
          return { consume(f(x)) }
        }
      }
  }
}

private var reductionSweep: [Workload] {
  let reductions: [(name: String, f: (Tensor) -> Tensor)] = [
    ("sum", { $0.sum() }), ("mean", { $0.mean() }), ("max", { $0.max() }), ("argmax", { $0.argmax() }),
    ("variance", { $0.variance() }),
  ]
  return sizes.flatMap { count, label in
    reductions.map { name, f in
      Workload(name: "\(name) \(label)", needs: reads(4 * count)) {
        let x = Tensor.uniform([count])
        return { consume(f(x)) }
      }
    }
  }
}

/// The shapes of ResNet-18's convolutions at 224×224, batch 8.
private var convolutionSweep: [Workload] {
  [
    (3, 64, 224, 7, 2), (64, 64, 56, 3, 1), (64, 128, 56, 3, 2), (64, 128, 56, 1, 2), (128, 128, 28, 3, 1),
    (256, 256, 14, 3, 1), (512, 512, 7, 3, 1),
  ].map { channels, filters, size, kernel, stride in
    let out = (size - 1) / stride + 1
    let work = 2 * Double(8 * filters * channels * kernel * kernel) * Double(out * out)
    return Workload(
      name: "conv \(channels)→\(filters), \(kernel)×\(kernel)/\(stride), \(size)×\(size)", needs: .operations(work)
    ) {
      let x = Tensor.uniform([8, channels, size, size])
      let w = Tensor.uniform([filters, channels, kernel, kernel])
      let padding = kernel / 2
      return { consume(conv2d(x, w, stride: Size2D(stride, stride), padding: Size2D(padding, padding))) }
    }
  }
}

private var rowSweep: [Workload] {
  [
    Workload(name: "softmax 4096×1024", needs: .traffic(2 * 4096 * 1024 * 4)) {
      let x = Tensor.uniform([4096, 1024])
      return { consume(x.softmax()) }
    },
    Workload(name: "layer norm 4096×1024", needs: .traffic(2 * 4096 * 1024 * 4)) {
      let (x, weight, bias) = (Tensor.uniform([4096, 1024]), Tensor.ones([1024]), Tensor.zeros([1024]))
      return { consume(layerNorm(x, over: [1024], weight: weight, bias: bias)) }
    },
    Workload(name: "embedding gradient, 4096 of 10000×256") {
      let table = Tensor.uniform([10_000, 256]).requiringGradient()
      let ids = Tensor.randomIntegers([4096], in: 0..<10_000)
      let seed = Tensor.ones([4096, 256])
      return { consume(gradients(of: embedding(table, ids), withRespectTo: [table], from: seed)[0]) }
    },
  ]
}

private var attentionSweep: [Workload] {
  [128, 512, 2048].map { length in
    Workload(name: "causal attention, 8 heads of 64, length \(length)") {
      let (q, k, v) = (
        Tensor.uniform([1, 8, length, 64]), Tensor.uniform([1, 8, length, 64]), Tensor.uniform([1, 8, length, 64])
      )
      return { consume(scaledDotProductAttention(q, k, v, causal: true)) }
    }
  }
}
