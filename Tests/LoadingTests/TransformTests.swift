import DataPipelines
import Foundation
import TensorCore
import TensorIO
import Testing

private let torchvision = try? SafeTensors(
  contentsOf: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Goldens/pictures/transforms.safetensors")
).tensors()

private func golden(_ key: String) throws -> Tensor { try #require(torchvision?[key], "\(key)") }

/// The greatest difference of two tensors of one dtype and shape.
private func difference(_ a: Tensor, _ b: Tensor) -> Double {
  if a.shape != b.shape || a.dtype != b.dtype { return .infinity }
  return (a.cast(to: .float64) - b.cast(to: .float64)).abs().max().item()
}

/// Pictures of noise.
private func noise(_ count: Int, _ size: Int = 16) -> Batch {
  let pixels = Tensor.randomIntegers(
    [count, 3, size, size], in: 0..<256, dtype: .uint8, using: RandomGenerator(seed: 5))
  return Batch(inputs: pixels, targets: Tensor((0..<count).map { $0 % 10 }))
}

private func isSame(_ a: Tensor, _ b: Tensor) -> Bool { difference(a, b) == 0 }

@Suite("A transform gives torchvision's values")
struct TorchvisionTests {
  @Test("resized, to one step of a byte", arguments: [Size2D(7, 9), Size2D(26, 20), Size2D(13, 8)])
  func resizing(size: Size2D) throws {
    let batch = Batch(inputs: try golden("x"), targets: Tensor([0]))
    let resized = batch.transformed(by: [Resize(size)], seed: 0).inputs
    #expect(difference(resized, try golden("resize/\(size.height)x\(size.width)")) <= 1)
  }

  @Test(
    "in colour: floats to rounding, bytes to one step",
    arguments: ["brightness", "contrast", "saturation", "sharpness", "hue"])
  func colours(name: String) throws {
    let x = try golden("x")
    for factor in name == "hue" ? [-0.3, 0.1] : [0.3, 1.7] {
      for pixels in [x, x.cast(to: .float32) / 255] {
        let changed =
          switch name {
          case "brightness": ColorAdjustment.brightness(pixels, by: factor)
          case "contrast": ColorAdjustment.contrast(pixels, by: factor)
          case "saturation": ColorAdjustment.saturation(pixels, by: factor)
          case "sharpness": ColorAdjustment.sharpness(pixels, by: factor)
          default: ColorAdjustment.hue(pixels, by: factor)
          }
        let distance = difference(changed, try golden("\(name)/\(factor)/\(pixels.dtype)"))
        #expect(distance <= (pixels.dtype == .uint8 ? 1 : 2e-6), "\(factor) \(pixels.dtype)")
      }
    }
  }

  @Test("turned, moved, scaled and sheared")
  func affine() throws {
    let x = try golden("x")
    let map = AffineMap(angle: 20, translation: (2, -1), scale: 1.2, shear: (10, 5))
    let pixels = x.cast(to: .float32) / 255
    #expect(difference(AffineMap.apply([map], to: pixels), try golden("affine/bilinear")) < 1e-4)
    #expect(difference(AffineMap.apply([map], to: x), try golden("affine/bilinear/uint8")) <= 1)
    #expect(isSame(AffineMap.apply([map], to: x, by: .nearest), try golden("affine/nearest/uint8")))
  }

  @Test("by every operation of RandAugment", arguments: RandAugment.Operation.allCases)
  func randAugment(operation: RandAugment.Operation) throws {
    let name =
      "\(operation)" == "autocontrast"
      ? "AutoContrast" : "\(operation)".prefix(1).uppercased() + "\(operation)".dropFirst()
    let x = try golden("x")
    for level in [9, 30] {
      for (sign, isNegative) in [("1", false), ("-1", true)] {
        guard let expected = torchvision?["randaugment/\(name)/\(level)/\(sign)"] else {
          // Only those with a direction have two.
          #expect(isNegative, "\(name)")
          continue
        }
        let changed = RandAugment(magnitude: level).apply(operation, to: x, isNegative: isNegative)
        #expect(difference(changed, expected) <= 1, "\(level) \(sign)")
      }
    }
  }
}

@Suite("Transforms of a batch")
struct TransformTests {
  private static let all: [any BatchTransform] = [
    RandomCrop(16, padding: 2), RandomFlip(.horizontal), RandomFlip(.vertical), RandAugment(),
    RandomResizedCrop(12), ColorJitter(brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.1),
    RandomAffine(degrees: -20...20, translation: 0.1, scale: 0.9...1.1, shear: -5...5), Cutout(4), RandomErasing(),
    Resize(10), CenterCrop(8), Normalize.cifar10,
  ]

  @Test("depend on the seed, the epoch and the example, and on nothing else")
  func determinism() throws {
    let batch = noise(12)
    let indices = (0..<12).map { 100 + 7 * $0 }
    func result(_ rows: [Int], seed: UInt64 = 1, epoch: Int = 3) -> Tensor {
      let part = Batch(
        inputs: batch.inputs.indexSelected(axis: 0, indices: Tensor(rows)), targets: Tensor(rows))
      return part.transformed(by: Self.all, seed: seed, epoch: epoch, indices: rows.map { indices[$0] }).inputs
    }
    let whole = result(Array(0..<12))
    #expect(whole.shape == [12, 3, 8, 8] && whole.dtype == .float32)
    let threads = Runtime.threads
    defer { Runtime.threads = threads }
    for count in [1, 2, 5] {
      Runtime.threads = count
      #expect(isSame(result(Array(0..<12)), whole))
    }
    let some = [7, 2, 11]
    #expect(isSame(result(some), whole.indexSelected(axis: 0, indices: Tensor(some))))
    for other in [result(Array(0..<12), seed: 2), result(Array(0..<12), epoch: 4)] { #expect(!isSame(other, whole)) }
  }

  @Test("crop windows of the padded picture, every one now and then")
  func crops() {
    let picture = Tensor.range(1, 10).reshaped([1, 1, 3, 3])
    let batch = Batch(inputs: picture.expanded(to: [200, 1, 3, 3]).contiguous(), targets: Tensor.zeros([200]))
    let cropped = batch.transformed(by: [RandomCrop(3, padding: 1)], seed: 4).inputs
    let padded = picture.padded([(0, 0), (0, 0), (1, 1), (1, 1)])
    let windows = (0..<9).map { padded[0, 0, ($0 / 3)..<($0 / 3 + 3), ($0 % 3)..<($0 % 3 + 3)].scalars(as: Int.self) }
    let found = (0..<200).map { cropped[$0, 0].scalars(as: Int.self) }
    #expect(found.allSatisfy(windows.contains) && Set(found) == Set(windows))
    let middle = Batch(inputs: padded, targets: Tensor([0])).transformed(by: [CenterCrop(3)], seed: 0).inputs
    #expect(isSame(middle, picture))
  }

  @Test("flip about half of the pictures")
  func flips() {
    let batch = noise(400, 4)
    for (direction, axis) in [(RandomFlip.Direction.horizontal, 3), (.vertical, 2)] {
      let flipped = batch.transformed(by: [RandomFlip(direction)], seed: 2).inputs
      let mirror = batch.inputs.flipped([axis])
      let count = (0..<400).count { isSame(flipped[$0], mirror[$0]) }
      #expect((0..<400).allSatisfy { isSame(flipped[$0], mirror[$0]) || isSame(flipped[$0], batch.inputs[$0]) })
      // Binomial(400, ½): 200 ± 10; five standard deviations.
      #expect((150...250).contains(count))
    }
  }

  @Test("blank a square or a rectangle of the size asked for")
  func erasing() {
    let batch = Batch(inputs: Tensor.ones([300, 2, 20, 20]), targets: Tensor.zeros([300]))
    let cut = batch.transformed(by: [Cutout(6)], seed: 1).inputs
    let areas = (1 - cut).sum(axes: [1, 2, 3]).scalars(as: Int.self)
    #expect(areas.allSatisfy { (18...72).contains($0) } && areas.contains(72) && areas.contains { $0 < 72 })
    let erased = batch.transformed(by: [RandomErasing(probability: 0.5, scale: 0.1...0.2)], seed: 1).inputs
    let shares = (1 - erased).mean(axes: [1, 2, 3]).scalars(as: Double.self)
    #expect(shares.allSatisfy { $0 == 0 || (0.07...0.24).contains($0) })
    #expect((105...195).contains(shares.count { $0 == 0 }))
  }

  @Test("mix examples and their targets by the same share")
  func mixing() {
    let classes = Tensor([0, 1, 2, 3])
    // Picture i is i everywhere.
    let pictures = classes.cast(to: .float32).reshaped([4, 1, 1, 1]).expanded(to: [4, 1, 10, 10]).contiguous()
    let batch = Batch(inputs: pictures, targets: classes)
    var shares: Set<Float> = []
    for epoch in 0..<20 {
      for mixing in [Mixup(classes: 4, alpha: 1), Cutmix(classes: 4)] as [any BatchTransform] {
        let mixed = batch.transformed(by: [mixing], seed: 3, epoch: epoch)
        // The mean of a picture is the expected class.
        let expected = (mixed.targets * Tensor([0, 1, 2, 3], dtype: .float32)).sum(axis: 1)
        #expect(difference(mixed.inputs.mean(axes: [1, 2, 3]), expected) < 1e-5)
        #expect(difference(mixed.targets.sum(axis: 1), Tensor.ones([4])) < 1e-6)
        #expect(mixed.targets[1, 0].item() + mixed.targets[1, 1].item() > 0.99999)
        shares.insert(mixed.targets[1, 1].item(Float.self))
      }
    }
    #expect(shares.count > 20)
  }

  @Test("come with the loader, the same by any number of threads")
  func loading() {
    let set = TensorDataset(inputs: noise(50).inputs, targets: Tensor(Array(0..<50)))
    func epoch(_ number: Int, prefetch: Int = 0, workers: Int = 1, batchSize: Int = 8) -> [Batch] {
      Array(
        DataLoader(
          set, batchSize: batchSize, shuffle: true, seed: 6, prefetch: prefetch, workers: workers, transforms: Self.all
        ).epoch(number))
    }
    let first = epoch(0)
    for (prefetch, workers) in [(1, 1), (4, 2), (3, 5), (100, 3)] {
      let again = epoch(0, prefetch: prefetch, workers: workers)
      #expect(again.count == 7 && zip(again, first).allSatisfy { isSame($0.inputs, $1.inputs) })
    }
    // Batches of another size hold the same pictures.
    let whole = epoch(0, batchSize: 50)[0]
    #expect(isSame(Tensor.concatenated(first.map(\.inputs)), whole.inputs))
    #expect(!isSame(epoch(1)[0].inputs, first[0].inputs))
  }
}
