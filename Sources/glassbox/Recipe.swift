import ArgumentParser
import Learning
import Models
import NeuralNetworks
import Optimizers
import TensorCore

enum TaskName: String, CaseIterable, Codable, ExpressibleByArgument { case digits, mnist }

enum ModelName: String, CaseIterable, Codable, ExpressibleByArgument { case mlp, lenet }

enum OptimizerName: String, CaseIterable, Codable, ExpressibleByArgument { case sgd, adam, adamw }

/// What is used where an option is not given.
struct Recipe {
  let epochs: Int
  let batchSize: Int
  let optimizer: OptimizerName

  init(_ task: TaskName, _ model: ModelName) {
    switch (task, model) {
    case (.digits, .mlp): (epochs, batchSize) = (40, 32)
    case (.digits, .lenet): (epochs, batchSize) = (30, 32)
    case (.mnist, .mlp): (epochs, batchSize) = (10, 128)
    case (.mnist, .lenet): (epochs, batchSize) = (10, 128)
    }
    optimizer = .adamw
  }

  /// On 8×8 pixels the perceptron does as well as the convolutions, in less time.
  static func model(for task: TaskName) -> ModelName { task == .digits ? .mlp : .lenet }

  /// The highest rate of the schedule.
  static func learningRate(for optimizer: OptimizerName) -> Double { optimizer == .sgd ? 0.05 : 0.003 }

  static func weightDecay(for optimizer: OptimizerName) -> Double {
    switch optimizer {
    case .sgd: 5e-4
    case .adam: 0
    case .adamw: 0.01
    }
  }

  /// The defaults as a table, for the help text.
  static var table: String {
    var lines = ["task    model  epochs  batch size"]
    for task in TaskName.allCases {
      for model in ModelName.allCases {
        let recipe = Recipe(task, model)
        lines.append(
          pad(task.rawValue, 8) + pad(model.rawValue, 7) + pad("\(recipe.epochs)", 8) + "\(recipe.batchSize)")
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
