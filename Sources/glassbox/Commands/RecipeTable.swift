import Applications

/// Recipes in words, for the help texts.
enum RecipeTable {
  /// A line each.
  static func text(_ recipes: [(name: String, recipe: Recipe)]) -> String {
    recipes.map { name, recipe in "  \(name): \(words(recipe))" }.joined(separator: "\n")
  }

  /// A recipe's steps and augmentations.
  static func words(_ recipe: Recipe) -> String {
    let frozen = recipe.course == .fineTuning ? "\(recipe.frozenEpochs) epochs of the head alone and " : ""
    var parts = [
      "\(frozen)\(recipe.epochs) epochs of batches of \(recipe.batchSize)",
      "\(recipe.optimizer) with learning rates up to \(recipe.learningRate) (\(recipe.course.rawValue))",
    ]
    if recipe.weightDecay > 0 { parts.append("weight decay \(recipe.weightDecay)") }
    if recipe.labelSmoothing > 0 { parts.append("label smoothing \(recipe.labelSmoothing)") }
    if recipe.cropPadding > 0 { parts.append("crops of ±\(recipe.cropPadding) pixels") }
    if recipe.flips { parts.append("mirroring") }
    return parts.joined(separator: ", ")
  }
}
