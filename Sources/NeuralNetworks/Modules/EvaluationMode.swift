extension Module {
  /// Calls `body` in evaluation mode; afterwards every part's mode is as before.
  package func withEvaluationMode<Result, Failure>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    // To find the parts costs more than what a small model computes.
    if !isTraining { return try body() }
    let training = namedModules().map(\.module).filter(\.isTraining)
    evaluate()
    defer { for module in training { module.isTraining = true } }
    return try body()
  }
}
