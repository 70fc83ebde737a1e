// Sound as it changes: the Fourier transforms of windowed frames, and the way back. Complex tensors are as in FourierTransform.swift.

extension Tensor {
  /// The short-time Fourier transform: frame f of `frame` samples begins at f·hop and is multiplied with `window`
  /// before its `rfft`. [..., samples] → complex [..., frame/2 + 1, frames, 2].
  ///
  /// `centered` frames have sample f·hop in their middle: the sound goes on mirrored before its beginning and after its
  /// end. The window has `frame` elements; by default, all are 1. `hop` is a quarter of a frame by default. Stops when
  /// the sound is shorter than a frame, or, centered, than half of one. (Allen & Rabiner, "A unified approach to
  /// short-time Fourier analysis and synthesis", 1977.)
  ///
  /// ```swift
  /// let sound = Tensor.ones([16])
  /// sound.stft(frame: 8, window: .hannWindow(8)).shape  // → [5, 9, 2]
  /// ```
  public func stft(
    frame: Int, hop: Int? = nil, window: Tensor? = nil, centered: Bool = true
  ) -> Tensor {
    if Autocast.isOn {
      return Autocast.widening(self) { $0.stft(frame: frame, hop: hop, window: window, centered: centered) }
    }
    Fourier.requireNumbers("stft", self)
    let plan = FramePlan("stft", frame: frame, hop: hop ?? Swift.max(frame / 4, 1), window, dtype)
    let margin = centered ? frame / 2 : 0
    guard rank > 0, shape[-1] + 2 * margin >= frame, shape[-1] > margin else {
      stop(
        "stft", "\(shape) has no \(centered ? "half " : "")frame of \(frame) samples",
        fix: "use a longer sound, or a shorter frame")
    }
    let samples = shape[-1]
    let frames = 1 + (samples + 2 * margin - frame) / plan.hop
    let places = plan.places(frames, margin: margin).map { place in
      place < 0 ? -place : place < samples ? place : 2 * (samples - 1) - place
    }
    let outer = shape.dimensions.dropLast()
    let cut = indexSelected(axis: -1, indices: Tensor(places)).reshaped(Shape(outer + [frames, frame]))
    return Fourier.real(cut * plan.window, scale: 1).transposed(-3, -2)
  }

  /// The sound that a short-time Fourier transform was made of: the frames' `irfft`, windowed again, added where they
  /// overlap, and divided by the sum of the squared windows there. Complex [..., frame/2 + 1, frames, 2] → [...,
  /// samples].
  ///
  /// `samples` says how many, where the frames leave it open: the last samples may be in no frame. Stops where the
  /// squared windows sum up to nothing. (Griffin & Lim, "Signal estimation from modified short-time Fourier transform",
  /// 1984.)
  ///
  /// ```swift
  /// let sound = Tensor.linspace(0, 1, count: 32)
  /// let spectra = sound.stft(frame: 8, window: .hannWindow(8))
  /// (spectra.istft(frame: 8, window: .hannWindow(8)) - sound).abs().max().item() < 1e-6  // → true
  /// ```
  public func istft(
    frame: Int, hop: Int? = nil, window: Tensor? = nil, centered: Bool = true, samples: Int? = nil
  ) -> Tensor {
    if Autocast.isOn {
      return Autocast.widening(self) {
        $0.istft(frame: frame, hop: hop, window: window, centered: centered, samples: samples)
      }
    }
    Fourier.requireNumbers("istft", self)
    let plan = FramePlan("istft", frame: frame, hop: hop ?? Swift.max(frame / 4, 1), window, dtype)
    guard rank >= 3, shape[-1] == 2, shape[-3] == frame / 2 + 1, shape[-2] > 0 else {
      stop(
        "istft", "\(shape) is no [..., \(frame / 2 + 1), frames, 2]", fix: "pass what stft gives for frames of \(frame)"
      )
    }
    let frames = shape[-2]
    let margin = centered ? frame / 2 : 0
    let whole = frame + (frames - 1) * plan.hop
    let end = Swift.min(whole, samples.map { $0 + margin } ?? (whole - margin))
    let pieces = Fourier.hermitian(transposed(-3, -2), frame, scale: 1 / Double(frame)) * plan.window
    let places = Tensor(plan.places(frames, margin: 0))
    let outer = pieces.shape.dimensions.dropLast(2)
    let sum = Tensor.zeros(Shape(outer + [whole]), dtype: dtype)
      .indexAdded(axis: -1, indices: places, pieces.reshaped(Shape(outer + [frames * frame])))
    let squares = plan.window.square().expanded(to: [frames, frame]).reshaped([frames * frame])
    let envelope = Tensor.zeros([whole], dtype: dtype).indexAdded(axis: 0, indices: places, squares)
      .sliced(axis: 0, from: margin, to: end)
    if envelope.detached().abs().min().item() < 1e-11 {
      stop(
        "istft", "the squared windows sum up to nothing at a sample, whose value is lost",
        fix: "use a window without zeros, a smaller hop, or centered frames")
    }
    let sound = sum.sliced(axis: sum.rank - 1, from: margin, to: end) / envelope
    let missing = (samples ?? 0) + margin - end
    return missing > 0 ? sound.padded((0..<sound.rank).map { (0, $0 == sound.rank - 1 ? missing : 0) }) : sound
  }
}

/// How a sound is cut into frames.
private struct FramePlan {
  let frame: Int
  let hop: Int
  let window: Tensor

  init(_ op: String, frame: Int, hop: Int, _ window: Tensor?, _ dtype: DType) {
    guard frame > 0, hop > 0 else { stop(op, "frames of \(frame) samples, \(hop) apart", fix: "use 1 or more") }
    if let window, window.shape != [frame] || window.dtype != dtype {
      stop(
        op, "the window is \(window.dtype) \(window.shape), the frames have \(frame) \(dtype) samples",
        fix: "give the window the frame's length and the sound's dtype")
    }
    self.frame = frame
    self.hop = hop
    self.window = window ?? Tensor.ones([frame], dtype: dtype)
  }

  /// Where each sample of each frame stands in the sound.
  func places(_ frames: Int, margin: Int) -> [Int] {
    (0..<frames).flatMap { index in (0..<frame).map { index * hop - margin + $0 } }
  }
}

extension Op {
  static let stft = Op(
    "stft", "rfft of windowed frames",
    samples: [
      Sample("window", [.uniform([20]), .uniform([8], 0.5...1.5)]) { $0[0].stft(frame: 8, window: $0[1]) },
      Sample("batch", [.uniform([2, 11])]) {
        $0[0].stft(frame: 6, hop: 2, window: .hammingWindow(6, dtype: $0[0].dtype))
      },
      Sample("odd without centre", [.uniform([12])]) { $0[0].stft(frame: 5, hop: 3, centered: false) },
      Sample("no sounds", [.uniform([0, 12])]) { $0[0].stft(frame: 4) },
    ],
    misuses: [
      Misuse("too short", says: ["stft", "[3]", "8 samples"]) { _ = Tensor.ones([3]).stft(frame: 8) },
      Misuse("window", says: ["stft", "float32 [4]", "8"]) { _ = Tensor.ones([16]).stft(frame: 8, window: .ones([4])) },
    ])
  static let istft = Op(
    "istft", "the sound of overlapping frames",
    samples: [
      Sample("window", [.uniform([5, 6, 2]), .uniform([8], 0.5...1.5)]) { $0[0].istft(frame: 8, window: $0[1]) },
      Sample("batch", [.uniform([2, 4, 4, 2])]) {
        $0[0].istft(frame: 6, hop: 2, window: .hannWindow(6, dtype: $0[0].dtype), samples: 8)
      },
      Sample("not centered", [.uniform([3, 4, 2])]) { $0[0].istft(frame: 4, centered: false) },
      Sample("no sounds", [.uniform([0, 3, 4, 2])]) { $0[0].istft(frame: 4) },
    ],
    misuses: [
      Misuse("shape", says: ["istft", "[4, 3, 2]", "[..., 5, frames, 2]"]) {
        _ = Tensor.ones([4, 3, 2]).istft(frame: 8)
      },
      Misuse("window", says: ["istft", "sum up to nothing"]) {
        _ = Tensor.ones([3, 4, 2]).istft(frame: 4, hop: 4, window: .hannWindow(4), centered: false)
      },
    ])
}
