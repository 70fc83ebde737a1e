import NeuralNetworks
import Optimizers
import TensorCore

/// Training steps: gradients cleared, forward, backward, and the optimiser's step.
var trainingSteps: [Workload] {
  [
    perceptronStep(.float32),
    Workload(name: "MLP 4-64-64-2 tanh, batch 32, Adam") {
      let model = smallNetwork()
      return step(model, Adam(model.parameters), .uniform([32, 4]), .randomIntegers([32], in: 0..<2))
    },
    Workload(name: "LeNet, batch 128, SGD") {
      let model = Sequential {
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
      let optimizer = SGD(model.parameters, learningRate: 0.01, momentum: 0.9)
      return step(model, optimizer, .uniform([128, 1, 28, 28]), .randomIntegers([128], in: 0..<10))
    },
    Workload(name: "MLP 4-64-64-2 tanh, inference, batch 1") {
      let model = smallNetwork()
      let single = Tensor.uniform([1, 4])
      return { withoutGradients { consume(model(single)) } }
    },
  ]
}

func perceptronStep(_ precision: Precision) -> Workload {
  Workload(name: "MLP 784-512-256-10, batch 128, Adam" + precision.rawValue) {
    let model = Sequential {
      Linear(784, 512)
      ReLU()
      Linear(512, 256)
      ReLU()
      Linear(256, 10)
    }
    return step(model, Adam(model.parameters), .uniform([128, 784]), .randomIntegers([128], in: 0..<10), precision)
  }
}

private func smallNetwork() -> Sequential {
  Sequential {
    Linear(4, 64)
    Tanh()
    Linear(64, 64)
    Tanh()
    Linear(64, 2)
  }
}

func step(
  _ model: any Layer, _ optimizer: any Optimizer, _ x: Tensor, _ y: Tensor, _ precision: Precision = .float32
) -> () -> Void {
  {
    optimizer.zeroGradients()
    precision.forward { crossEntropy(model(x), y) }.backward()
    optimizer.step()
  }
}
