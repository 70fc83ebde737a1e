import Applications
import ArgumentParser

/// How pictures are changed at random before they are learnt from.
struct AugmentationOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Mix pictures and their labels, with Beta(x, x) shares (0.2 is usual).", valueName: "x"))
  var mixup: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Paste rectangles of other pictures, with Beta(x, x) shares (1 is usual).", valueName: "x"))
  var cutmix: Double?

  @Flag(inversion: .prefixedNo, help: "Crop at random, and mirror what may be mirrored. (default: see above)")
  var augment: Bool?

  func validate() throws {
    try require(mixup.map { $0 > 0 && $0.isFinite }, "--mixup must be more than 0")
    try require(cutmix.map { $0 > 0 && $0.isFinite }, "--cutmix must be more than 0")
    try require(mixup == nil || cutmix == nil, "--mixup and --cutmix can't be given together")
  }

  /// - Parameters:
  ///   - padding: Of the crops.
  ///   - flips: Whether mirrored pictures show the same.
  func applied(to recipe: Recipe, padding: Int, flips: Bool) -> Recipe {
    var recipe = recipe
    if let mixup { recipe.mixup = mixup }
    if let cutmix { recipe.cutmix = cutmix }
    if let augment {
      recipe.cropPadding = augment ? padding : 0
      recipe.flips = augment && flips
    }
    return recipe
  }

  func requireAgreement(_ check: Agreement) throws {
    let recipe = check.settings.recipe
    try check("--mixup", mixup, recipe.mixup)
    try check("--cutmix", cutmix, recipe.cutmix)
    try check("--augment", augment, recipe.cropPadding > 0)
  }
}
