import Applications
import ArgumentParser
import DataPipelines
import Foundation

/// The networks for pictures.
enum PictureModel: String, CaseIterable, ExpressibleByArgument {
  case resnet, resnet18, resnet34, resnet50, vgg11, vgg16, lenet

  var network: PictureNetwork {
    switch self {
    case .resnet: .resnet
    case .resnet18: .resnet18
    case .resnet34: .resnet34
    case .resnet50: .resnet50
    case .vgg11: .vgg11
    case .vgg16: .vgg16
    case .lenet: .lenet
    }
  }
}

struct TrainImages: TrainingCommand {
  static let task = TaskName.images
  static let configuration = CommandConfiguration(
    commandName: "images", abstract: "Pictures in folders, one for each class.",
    discussion: """
      FOLDER holds a folder for each class, with JPEG and PNG files of any size; or a folder 'train' of that form and \
      beside it 'test' (or 'valid', 'val'); or it is an archive (zip, tar, tar.gz) of such a folder, which is unpacked into \
      the cache. Without a folder to test on, a fifth of each class is held out, by seed.

      Defaults:

      \(RecipeTable.text([("(from nothing)", .pictures), ("--pretrained", .transfer)]))
      """)

  @Argument(help: "The folder or archive; may be left out with --resume.")
  var folder: String?

  @Option(
    parsing: .unconditional,
    help: """
      resnet: the residual network of 20 layers for pictures up to 64×64. resnet18, resnet34, resnet50: those for \
      large pictures. vgg11, vgg16: with batch normalisation. lenet: LeNet-5. (default: resnet)
      """)
  var model: PictureModel?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The side that pictures are brought to. (default: the first picture's shorter side, at most 64)",
      valueName: "pixels"))
  var size: Int?

  @Option(help: "Pictures that can't be decoded, classes with fewer than two: refuse them, or skip and report them.")
  var onBadInput: BadInputHandling?

  @Option(
    help: ArgumentHelp(
      "Begin with the weights of this run or model file, but the head's: first the head is trained alone.",
      valueName: "run"))
  var pretrained: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Learn from this share of each class's pictures alone, chosen by seed.", valueName: "share"))
  var labels: Double?
  @OptionGroup var augmentation: AugmentationOptions
  @OptionGroup var training: TrainingOptions

  func validate() throws {
    try require(folder != nil || training.resume != nil, "FOLDER must be named, or --resume a run")
    try require(size.map { (8...1024).contains($0) }, "--size must be in 8...1024")
    try require(labels.map { $0 > 0 && $0 <= 1 }, "--labels must be more than 0, and 1 at most")
    try require(size == nil || pretrained == nil, "--size is that of the --pretrained run: leave it out")
  }

  func settings() -> Settings {
    let recipe = training.applied(to: pretrained == nil ? .pictures : .transfer)
    return Settings(
      Self.task, augmentation.applied(to: recipe, padding: 4, flips: true), seed: training.seed ?? 1,
      model: NetworkName((model ?? .resnet).network),
      data: Settings.DataChoice(
        source: folder.map(wholePath), size: size, labels: labels, pretrained: pretrained.map(wholePath),
        onBadInput: onBadInput ?? .refuse), logs: training.logs)
  }

  func requireAgreement(_ check: Agreement) throws {
    let own = check.settings.data
    try check("FOLDER", folder.map(wholePath), own.source)
    try check("--model", model?.network.rawValue, check.settings.model?.name)
    try check("--size", size, own.size)
    try check("--labels", labels, own.labels)
    try check("--pretrained", pretrained.map(wholePath), own.pretrained)
    try check("--on-bad-input", onBadInput, own.onBadInput)
    try augmentation.requireAgreement(check)
  }
}
