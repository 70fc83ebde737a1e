import NeuralNetworks
import Optimizers
import TensorCore

func trainingSteps(_ measure: Measure) {
  func train(
    _ name: String, _ model: any Layer, _ optimizer: any Optimizer, _ x: Tensor, _ y: Tensor, repeated: Int = 1
  ) {
    measure(name, repeated) {
      optimizer.zeroGradients()
      crossEntropy(model(x), y).backward()
      optimizer.step()
    }
  }

  let labels = Tensor.randomIntegers([128], in: 0..<10)
  let mlp = Sequential {
    Linear(784, 512)
    ReLU()
    Linear(512, 256)
    ReLU()
    Linear(256, 10)
  }
  train("MLP 784-512-256-10, batch 128, Adam", mlp, Adam(mlp.parameters), Tensor.uniform([128, 784]), labels)

  let small = Sequential {
    Linear(4, 64)
    Tanh()
    Linear(64, 64)
    Tanh()
    Linear(64, 2)
  }
  train(
    "MLP 4-64-64-2 tanh, batch 32, Adam", small, Adam(small.parameters), Tensor.uniform([32, 4]),
    Tensor.randomIntegers([32], in: 0..<2), repeated: 10)

  let lenet = Sequential {
    Conv2d(1, 6, kernel: 5, padding: 2)
    ReLU()
    MaxPool2d(kernel: 2)
    Conv2d(6, 16, kernel: 5)
    ReLU()
    MaxPool2d(kernel: 2)
    Flatten()
    Linear(400, 120)
    ReLU()
    Linear(120, 84)
    ReLU()
    Linear(84, 10)
  }
  train(
    "LeNet, batch 128, SGD", lenet, SGD(lenet.parameters, learningRate: 0.01, momentum: 0.9),
    Tensor.uniform([128, 1, 28, 28]), labels)

  let single = Tensor.uniform([1, 4])
  measure("MLP 4-64-64-2 tanh, inference, batch 1", 100) { withoutGradients { consume(small(single)) } }
}
