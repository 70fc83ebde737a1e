import Applications
import ArgumentParser

/// The networks for digits.
enum DigitModel: String, CaseIterable, ExpressibleByArgument {
  case mlp, lenet, resnet

  var network: PictureNetwork {
    switch self {
    case .mlp: .mlp
    case .lenet: .lenet
    case .resnet: .resnet
    }
  }
}

struct TrainDigits: TrainingCommand {
  static let task = TaskName.digits
  static let configuration = CommandConfiguration(
    commandName: "digits", abstract: "1,797 digits of 8×8 pixels from UCI, part of the program.",
    discussion: """
      Defaults:

      \(RecipeTable.text(DigitModel.allCases.map { ($0.rawValue, .digits($0.network)) }))
      """)

  @Option(
    parsing: .unconditional,
    help: """
      mlp: affine layers with rectifiers between, 64-128-64-10. lenet: LeNet-5, two convolutions with pooling and three \
      affine layers. resnet: a residual network of 8 layers. (default: mlp)
      """)
  var model: DigitModel?
  @OptionGroup var augmentation: AugmentationOptions
  @OptionGroup var training: TrainingOptions

  func settings() -> Settings {
    // On 8×8 pixels the perceptron does as well as the convolutions, in less time.
    let network = (model ?? .mlp).network
    let recipe = augmentation.applied(to: training.applied(to: .digits(network)), padding: 1, flips: false)
    return Settings(Self.task, recipe, seed: training.seed ?? 1, model: NetworkName(network), logs: training.logs)
  }

  func requireAgreement(_ check: Agreement) throws {
    try check("--model", model?.network.rawValue, check.settings.model?.name)
    try augmentation.requireAgreement(check)
  }
}

struct TrainMNIST: TrainingCommand {
  static let task = TaskName.mnist
  static let configuration = CommandConfiguration(
    commandName: "mnist", abstract: "MNIST: 70,000 digits of 28×28 pixels.",
    discussion: """
      They are downloaded at the first time to $GLASSBOX_DATA/mnist (else ~/.cache/glassbox/mnist).

      Defaults:

      \(RecipeTable.text(DigitModel.allCases.map { ($0.rawValue, .mnist($0.network)) }))
      """)

  @Option(
    parsing: .unconditional,
    help: """
      mlp: affine layers with rectifiers between, 784-512-256-10. lenet: LeNet-5, two convolutions with pooling and three \
      affine layers. resnet: a residual network of 14 layers. (default: lenet)
      """)
  var model: DigitModel?
  @OptionGroup var augmentation: AugmentationOptions
  @OptionGroup var training: TrainingOptions

  func settings() -> Settings {
    let network = (model ?? .lenet).network
    let recipe = augmentation.applied(to: training.applied(to: .mnist(network)), padding: 2, flips: false)
    return Settings(Self.task, recipe, seed: training.seed ?? 1, model: NetworkName(network), logs: training.logs)
  }

  func requireAgreement(_ check: Agreement) throws {
    try check("--model", model?.network.rawValue, check.settings.model?.name)
    try augmentation.requireAgreement(check)
  }
}
