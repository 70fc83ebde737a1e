import Models
import NeuralNetworks
import Optimizers
import TensorCore

/// Training steps of larger networks, on data of the usual size.
var networkSteps: [Workload] {
  [
    residualStep(.float32),
    Workload(name: "character LSTM 2×256, batch 64, length 64, Adam") {
      let model = CharacterLSTM()
      let optimizer = Adam(model.parameters)
      let x = Tensor.randomIntegers([64, 64], in: 0..<65)
      let y = Tensor.randomIntegers([64 * 64], in: 0..<65)
      return {
        optimizer.zeroGradients()
        crossEntropy(model(x), y).backward()
        optimizer.step()
      }
    },
    gptStep(layers: 4, heads: 4, width: 128, context: 64, batch: 12, .float32),
    gptStep(layers: 6, heads: 6, width: 384, context: 256, batch: 8, .float32),
    Workload(name: "VAE 784-400-20, batch 128, Adam") {
      let model = VAE()
      let optimizer = Adam(model.parameters)
      let x = Tensor.uniform([128, 784])
      return {
        optimizer.zeroGradients()
        model.loss(x).backward()
        optimizer.step()
      }
    },
    Workload(name: "DCGAN 28×28, batch 64, Adam") { adversarialStep() },
    perceptronStep(.autocast),
    residualStep(.autocast),
    gptStep(layers: 4, heads: 4, width: 128, context: 64, batch: 12, .autocast),
    gptStep(layers: 6, heads: 6, width: 384, context: 256, batch: 8, .autocast),
  ]
}

private func residualStep(_ precision: Precision) -> Workload {
  Workload(name: "ResNet-20, 32×32, batch 128, SGD" + precision.rawValue) {
    let model = ResNetCIFAR(blocks: 3)
    let optimizer = SGD(model.parameters, learningRate: 0.1, momentum: 0.9, weightDecay: 1e-4)
    return step(model, optimizer, .uniform([128, 3, 32, 32]), .randomIntegers([128], in: 0..<10), precision)
  }
}

private func gptStep(
  layers: Int, heads: Int, width: Int, context: Int, batch: Int, _ precision: Precision
) -> Workload {
  let name = "GPT \(layers)×\(width), context \(context), batch \(batch), AdamW" + precision.rawValue
  return Workload(name: name) {
    let model = GPT(
      GPTConfiguration(layers: layers, heads: heads, width: width, context: context, vocabulary: 65, bias: false))
    let optimizer = AdamW(model.parameters, learningRate: 1e-3)
    let x = Tensor.randomIntegers([batch, context], in: 0..<65)
    let y = Tensor.randomIntegers([batch, context], in: 0..<65)
    return {
      optimizer.zeroGradients()
      precision.forward { model.loss(x, next: y) }.backward()
      optimizer.step()
    }
  }
}

/// Characters to the logits of the next ones.
private final class CharacterLSTM: Module {
  let embedding = Embedding(65, 256)
  let lstm = LSTM(256, 256, layers: 2, batchFirst: true)
  let output = Linear(256, 65)

  func callAsFunction(_ x: Tensor) -> Tensor {
    output(lstm(embedding(x)).outputs).reshaped([x.count, 65])
  }
}

/// Kingma & Welling's (2014) variational autoencoder of pictures.
private final class VAE: Module {
  let hidden = Linear(784, 400)
  let mean = Linear(400, 20)
  let logVariance = Linear(400, 20)
  let decoder = Sequential {
    Linear(20, 400)
    ReLU()
    Linear(400, 784)
  }

  func loss(_ x: Tensor) -> Tensor {
    let h = hidden(x).relu()
    let (mean, logVariance) = (mean(h), logVariance(h))
    let z = mean + (logVariance * 0.5).exp() * Tensor.normal(mean.shape)
    let reconstruction = binaryCrossEntropyWithLogits(decoder(z), x, reduction: .sum)
    let divergence = (1 + logVariance - mean.square() - logVariance.exp()).sum() * -0.5
    return (reconstruction + divergence) / Double(x.shape[0])
  }
}

/// One step of the discriminator and one of the generator (Radford, Metz & Chintala, 2016).
private func adversarialStep() -> () -> Void {
  let generator = Sequential {
    ConvTranspose2d(64, 128, kernel: 7, bias: false)
    BatchNorm2d(128)
    ReLU()
    ConvTranspose2d(128, 64, kernel: 4, stride: 2, padding: 1, bias: false)
    BatchNorm2d(64)
    ReLU()
    ConvTranspose2d(64, 1, kernel: 4, stride: 2, padding: 1, bias: false)
    Tanh()
  }
  let discriminator = Sequential {
    Conv2d(1, 64, kernel: 4, stride: 2, padding: 1, bias: false)
    LeakyReLU(slope: 0.2)
    Conv2d(64, 128, kernel: 4, stride: 2, padding: 1, bias: false)
    BatchNorm2d(128)
    LeakyReLU(slope: 0.2)
    Flatten()
    Linear(128 * 7 * 7, 1)
  }
  let (generatorOptimizer, discriminatorOptimizer) = (
    Adam(generator.parameters, learningRate: 2e-4), Adam(discriminator.parameters, learningRate: 2e-4)
  )
  let real = Tensor.uniform([64, 1, 28, 28], from: -1, to: 1)
  let (ones, zeros) = (Tensor.ones([64, 1]), Tensor.zeros([64, 1]))
  return {
    let fake = generator(Tensor.normal([64, 64, 1, 1]))
    discriminatorOptimizer.zeroGradients()
    let loss =
      binaryCrossEntropyWithLogits(discriminator(real), ones)
      + binaryCrossEntropyWithLogits(discriminator(fake.detached()), zeros)
    loss.backward()
    discriminatorOptimizer.step()
    generatorOptimizer.zeroGradients()
    binaryCrossEntropyWithLogits(discriminator(fake), ones).backward()
    generatorOptimizer.step()
  }
}
