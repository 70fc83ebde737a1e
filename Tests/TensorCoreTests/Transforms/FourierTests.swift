import TensorCore
import Testing

@Suite("A Fourier transform")
struct FourierTests {
  /// The sum that the transform stands for, as a product with the matrix of e^(−2πijk/n), [n, n] each.
  private func matrix(_ n: Int) -> (re: Tensor, im: Tensor) {
    let angles = (0..<(n * n)).map { index in -2 * Double.pi * Double(index / n * (index % n) % n) / Double(n) }
    let x = Tensor(angles, shape: [n, n], dtype: .float64)
    return (x.cos(), x.sin())
  }

  // Every radix, their products, and primes that become convolutions.
  @Test(
    "equals the sum that defines it, for any length",
    arguments: Array(1...40) + [49, 64, 74, 96, 97, 121, 125, 211, 240, 256])
  func definition(_ n: Int) {
    let x = Tensor.normal([2, n, 2], dtype: .float64, using: RandomGenerator(seed: UInt64(n)))
    let (re, im) = (x[.ellipsis, 0], x[.ellipsis, 1])
    let (c, s) = matrix(n)
    let expected = Tensor.stacked([matmul(re, c) - matmul(im, s), matmul(re, s) + matmul(im, c)], axis: -1)
    expectClose(x.fft(), expected, within: 1e-13, "fft")
    expectClose(x.fft().ifft(), x, within: 1e-13, "ifft")
    expectClose(x.cast(to: .float32).fft().cast(to: .float64), expected, within: 1e-6, "float32")
    let half = Tensor.stacked([matmul(re, c), matmul(re, s)], axis: -1)[.all, 0..<(n / 2 + 1)]
    expectClose(re.rfft(), half, within: 1e-13, "rfft")
    expectClose(re.rfft().irfft(length: n), re, within: 1e-13, "irfft")
  }

  @Test("of great length keeps its exactness", arguments: [1 << 17, 100_003, 99_999])
  func long(_ n: Int) {
    let x = Tensor.normal([n, 2], dtype: .float32, using: RandomGenerator(seed: 5))
    expectClose(x.fft().cast(to: .float64), x.cast(to: .float64).fft(), within: 2e-6, "fft")
    expectClose(x.fft().ifft(), x, within: 2e-6, "there and back")
  }

  @Test("has the same bits with any number of threads", arguments: [DType.float32, .float64])
  func threads(_ dtype: DType) {
    let x = Tensor.normal([301, 210, 2], dtype: dtype, using: RandomGenerator(seed: 6))
    Runtime.threads = max(Runtime.threads, 3)
    func all() -> [Tensor] { [x.fft(), x.ifft(), x.reshaped([301, 420]).rfft(), x.irfft(), x.fft(axis: 0)] }
    for (x, y) in zip(Runtime.withThreadLimit(3, all), Runtime.withThreadLimit(1, all)) {
      expectIdentical(x, y, "a transform")
    }
  }

  @Test("leaves other rows alone when one is not finite")
  func rows() {
    let x = Tensor([[1.0, .nan, 2.0, 0.0], [1.0, 2.0, 3.0, 4.0]])
    #expect(x.rfft()[1].doubles == [10, 0, -2, 2, -2, 0])
  }

  @Test("of frames gives the sound back, with and without a rest", arguments: [64, 67, 70])
  func frames(_ samples: Int) {
    let sound = Tensor.normal([2, samples], dtype: .float64, using: RandomGenerator(seed: 7))
    for window in [Tensor.hannWindow(16, dtype: .float64), Tensor.hammingWindow(16, dtype: .float64)] {
      let spectra = sound.stft(frame: 16, window: window)
      #expect(spectra.shape == [2, 9, 1 + samples / 4, 2])
      let covered = samples / 4 * 4
      expectClose(spectra.istft(frame: 16, window: window), sound[.all, ..<covered], within: 1e-12, "sound")
    }
  }
}
